"""Whoever has no business at an operation of the API learns nothing there and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponse

from countyfair.registers.people.rules import ROLES
from countyfair.registers.people.tests.factories import COUNTY, VILLAGE
from countyfair.surfaces.api import limits
from countyfair.surfaces.api.document import document
from countyfair.surfaces.api.endpoints import api
from countyfair.surfaces.api.tests.calling import Program, guest, program
from tests.denial.calls import OPERATIONS, Operation
from tests.denial.world import SECRETS, Visitor, World, a_world, digest

REFUSED = {401, 403, 404, 409, 422}
#: What an operation refuses whoever may not call it with.
KEPT_OUT = {401, 403, 404}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, list[tuple[Visitor, Program]]]]:
    with a_world(django_db_blocker, tmp_path_factory.mktemp("photos")) as made:
        with django_db_blocker.unblock():
            callers = [(visitor, _program(visitor)) for visitor in made.visitors]
        yield made, callers


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PER_TOKEN", "PER_ADDRESS"):
        monkeypatch.setattr(limits, name, 10**6)
    limits.forget()


def test_every_operation_stands_in_the_table() -> None:
    paths = document(api)["paths"]
    found = {one["operationId"] for methods in paths.values() for one in methods.values()}
    assert found == set(OPERATIONS)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nobody_calls_what_is_not_theirs(
    world: tuple[World, list[tuple[Visitor, Program]]], name: str
) -> None:
    made, callers = world
    operation = OPERATIONS[name]
    before = digest()
    came = 0
    for visitor, caller in callers:
        undone = transaction.savepoint()
        answer = _call(caller, operation, made)
        where = f"{visitor.name} at {operation.method} {operation.path}: {answer.status_code}"
        assert answer.status_code < 500, where
        if _is_let_in(visitor, operation):
            transaction.savepoint_rollback(undone)
            assert answer.status_code not in (401, 403, 404), where + answer.content.decode()
            came += 1
            continue
        assert answer.status_code in (REFUSED if _is_own(operation) else KEPT_OUT), where
        assert answer["Content-Type"] == "application/problem+json", where
        told = [secret for secret in SECRETS if secret in answer.content.decode()]
        assert not told, f"{where} told {told}"
        transaction.savepoint_commit(undone)
    assert digest() == before, f"somebody changed something by {operation.method} {operation.path}"
    assert came or _is_own(operation), "nobody was let in, so that being kept out proves nothing"


def _is_own(operation: Operation) -> bool:
    return not (operation.powers or operation.member or operation.everybody or operation.buyer)


def _is_let_in(visitor: Visitor, operation: Operation) -> bool:
    if operation.everybody:
        return True
    if operation.member:
        return visitor.is_member
    if operation.buyer:
        return visitor.is_buyer
    if visitor.role == "shop_keeper":
        return operation.keepers
    place = {"station": VILLAGE, "county": COUNTY}.get(operation.at, visitor.place)
    return visitor.holds(operation.powers, place)


def _program(visitor: Visitor) -> Program:
    if not visitor.is_member:
        return guest()
    user = UUID(visitor.client.session["_auth_user_id"])
    return program(user=user, with_factor=visitor.showed_factor)


def _call(caller: Program, operation: Operation, world: World) -> HttpResponse:
    path = operation.path.format(**world.things)
    if operation.method == "GET":
        return caller.get(path)
    if isinstance(operation.sent, bytes):
        return caller.send(path, operation.sent, if_match='"v1"')
    body = _filled(operation.sent, world) if operation.sent != () else None
    send = caller.put if operation.method == "PUT" else caller.post
    return send(path, body, if_match='"v1"')


def _filled(sent: Any, world: World) -> Any:
    text = json.dumps(sent)
    for name, thing in world.things.items():
        text = text.replace(f'"${name}"', json.dumps(thing))
    return json.loads(text)


def test_every_role_is_at_some_door() -> None:
    asked = {power for operation in OPERATIONS.values() for power in operation.powers}
    for role, row in ROLES.items():
        assert row.powers & asked, role
