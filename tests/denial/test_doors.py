"""Whoever has no business at an address learns nothing there and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, VILLAGE
from tests.denial.doors import DOORS, Door
from tests.denial.routes import routes
from tests.denial.world import SECRETS, Visitor, World, a_world, digest

REFUSED = {403, 404, 405}
#: What names a thing of the county, rather than a form of the page.
FORMS = {
    "kind",
    "notice_kind",
    "notice_language",
    "part",
    "slug",
    "county",
    "station",
    "gateway",
    "photo_name",
    "digest",
    "category",
    "zero",
}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with a_world(django_db_blocker, tmp_path_factory.mktemp("photos")) as made:
        yield made


def test_every_address_stands_in_the_table() -> None:
    # what the API answers stands in `calls`, by operation
    assert [name for name in routes() if not name.startswith("api:")] == sorted(DOORS)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DOORS))
def test_nobody_passes_a_door_that_is_not_theirs(world: World, name: str) -> None:
    door = DOORS[name]
    address = _address(world, name, door)
    before = digest()
    for method, powers in _methods(door):
        for visitor in world.visitors:
            if not _is_let_in(visitor, door, powers, method):
                _is_kept_out(visitor, method, address, door, world)
        assert digest() == before, f"somebody changed something by {method} {address}"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.at or door.buyer))
def test_a_door_opens_for_whom_it_is_made(world: World, name: str) -> None:
    door = DOORS[name]
    address = _address(world, name, door)
    came = 0
    for visitor in world.visitors:
        for method, powers in _methods(door):
            if _is_let_in(visitor, door, powers, method):
                undone = transaction.savepoint()
                answer = _knock(visitor, method, address, door, world)
                transaction.savepoint_rollback(undone)
                assert answer.status_code not in REFUSED, f"{visitor.name} at {method} {address}"
                assert answer.status_code < 500
                came += 1
    assert came, "nobody was let in, so that being kept out proves nothing"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    sorted(name for name, door in DOORS.items() if name[:6] == "centre" and set(door.names.values()) - FORMS),
)
def test_what_is_another_countys_is_not_found_at_ones_own_desk(world: World, name: str) -> None:
    door = DOORS[name]
    address = _address(world, name, door, county=OTHER_COUNTY)
    before = digest()
    for method, _powers in _methods(door):
        for visitor in world.visitors:
            if visitor.place == OTHER_COUNTY:
                answer = _knock(visitor, method, address, door, world)
                assert answer.status_code in REFUSED, f"{visitor.name} at {method} {address}"
                _tells_nothing(answer, visitor, address, world)
        assert digest() == before, f"somebody changed something by {method} {address}"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    sorted(
        name for name, door in DOORS.items() if name[:7] == "station" and set(door.names.values()) - FORMS
    ),
)
def test_what_is_another_stations_is_not_found_at_ones_own_counter(world: World, name: str) -> None:
    door = DOORS[name]
    address = _address(world, name, door, station=str(world.far_station))
    agent = next(one for one in world.visitors if one.name == "station_agent of another county")
    before = digest()
    for method, _powers in _methods(door):
        answer = _knock(agent, method, address, door, world)
        assert answer.status_code in REFUSED, f"{method} {address}"
        _tells_nothing(answer, agent, address, world)
        assert digest() == before, f"something was changed by {method} {address}"


@pytest.mark.slow
@pytest.mark.django_db
def test_an_auditor_changes_nothing_wherever_they_knock(world: World) -> None:
    auditor = next(one for one in world.visitors if one.name == "auditor here")
    before = digest()
    for name, door in DOORS.items():
        if name.partition(":")[0] in ("centre", "station"):
            answer = auditor.client.post(_address(world, name, door), _sent(door, world))
            own = "staff" in (door.takes or ())  # what everybody at the desk keeps for themselves
            assert answer.status_code in REFUSED or own or door.takes is None, name
    assert digest() == before


def _methods(door: Door) -> list[tuple[str, tuple[str, ...]]]:
    looking = [("get", door.opens)] if door.looks else []
    return looking + ([("post", door.takes)] if door.takes is not None else [])


def _is_let_in(visitor: Visitor, door: Door, powers: tuple[str, ...], method: str) -> bool:
    if door.buyer:
        return visitor.is_buyer
    if door.member:
        return visitor.is_member
    if not powers:
        return True
    if not door.at:  # the way in leads everybody to their own
        return bool(visitor.role and visitor.showed_factor)
    if visitor.role == "shop_keeper" and door.keepers:
        return True
    at_station = door.at == "station" and not (method == "post" and "orders.cancel" in powers)
    return visitor.holds(powers, VILLAGE if at_station else COUNTY)


def _is_kept_out(visitor: Visitor, method: str, address: str, door: Door, world: World) -> None:
    answer = _knock(visitor, method, address, door, world)
    where = f"{visitor.name} at {method} {address}: {answer.status_code}"
    if answer.status_code == 302:
        led = answer["Location"]
        if visitor.is_member:
            assert not visitor.showed_factor, where
            assert led.startswith(settings.COUNTYFAIR_SECOND_FACTOR_URL), where
        else:
            assert led.startswith(settings.LOGIN_URL), where
    else:
        assert answer.status_code in REFUSED, where
    _tells_nothing(answer, visitor, address, world)


def _tells_nothing(answer: HttpResponse, visitor: Visitor, address: str, world: World) -> None:
    body = answer.content.decode(errors="replace")
    told = [secret for secret in SECRETS if secret in body]
    assert not told, f"{visitor.name} read {told} at {address}"


def _knock(visitor: Visitor, method: str, address: str, door: Door, world: World) -> HttpResponse:
    answer: Any = (
        visitor.client.get(address) if method == "get" else visitor.client.post(address, _sent(door, world))
    )
    if answer.streaming:
        return HttpResponse(b"".join(answer.streaming_content), status=answer.status_code)
    kept: HttpResponse = answer
    return kept


def _sent(door: Door, world: World) -> dict[str, str]:
    return {name: world.things.get(value, value) for name, value in door.sent.items()}


def _address(world: World, name: str, door: Door, **instead: str) -> str:
    named = {key: world.things[thing] for key, thing in door.names.items()}
    return reverse(name, kwargs=named | instead)
