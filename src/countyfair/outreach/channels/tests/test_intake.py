"""Files of platforms, from the drop to the last row: looked at, read, killed, read again, put away."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.kernel.rows import column, scalar
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.actions import reading
from countyfair.outreach.channels.actions.intake import KEPT
from countyfair.outreach.channels.models import Arrival, Intake, IntakePart, Listing
from countyfair.outreach.channels.platforms.shape import TheirOrder
from countyfair.outreach.channels.tests.factories import Stand, a_connection, a_stand
from countyfair.outreach.channels.tests.making import orders_of, plant, write_orders
from countyfair.registers.people.tests.factories import SYSTEM
from tests.machine import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    return a_stand(lots=(900_000, 900_000))


def dropped(stand: Stand, path: Path, *, connection: UUID | None = None) -> Intake:
    return actions.open_file(
        SYSTEM, intake=uuid7(), county=stand.fair.county, name=path.name, path=path, connection=connection
    )


def read_whole(stand: Stand, path: Path) -> Intake:
    intake = actions.start_intake(SYSTEM, intake=dropped(stand, path).id)
    actions.read_intakes()
    intake.refresh_from_db()
    return intake


def all_ours(stand: Stand) -> None:
    """Whatever goods were named are ours."""
    Listing.objects.update(standing="mapped", offer_id=stand.offer, confirmed_at=now())


def numbers() -> set[str]:
    return set(column("SELECT number FROM channels_arrival", of=str))


def test_a_file_is_looked_at_before_anything_is_taken_in(stand: Stand, tmp_path: Path) -> None:
    orders = list(orders_of("pinduoduo", 300, seed=1))
    path = tmp_path / "订单.csv"
    write_orders(path, "pinduoduo", orders)

    intake = dropped(stand, path)

    assert (intake.state, intake.kind, intake.connection_id) == ("looked_at", "orders", stand.connection)
    assert intake.counts["looked_at"] == 300
    assert intake.total == pytest.approx(300, abs=3)
    assert scalar("SELECT count(*) FROM channels_arrival") == 0
    assert actions.read_intakes() == 0


def test_what_is_read_is_taken_in_once_however_often_it_is_dropped(stand: Stand, tmp_path: Path) -> None:
    planted = plant(tmp_path, "pinduoduo", count=400, seed=2)
    first = read_whole(stand, planted.orders)
    assert (first.state, first.failure) == ("done", "")
    assert IntakePart.objects.count() == 0
    all_ours(stand)
    waiting = Arrival.objects.filter(standing="unmapped").values_list("id", flat=True)
    actions.place_waiting(SYSTEM, connection=stand.connection, arrivals=list(waiting))
    placed = scalar("SELECT count(*) FROM orders_order")

    assert dropped(stand, planted.orders).id == first.id
    later = read_whole(stand, planted.later)

    assert later.state == "done"
    assert later.counts["unchanged"] > 0
    assert later.counts["changed"] > 0
    orders = {order.number for order in orders_of("pinduoduo", 400, seed=2)}
    assert orders <= numbers()
    assert int(str(scalar("SELECT count(*) FROM orders_order"))) >= int(str(placed))
    assert books.disproved() == {}


def test_a_worker_that_dies_midway_is_followed_by_one_that_doubles_nothing(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    write_orders(path, "pinduoduo", list(orders_of("pinduoduo", 250, seed=4)))
    monkeypatch.setattr(reading, "BATCH", 50)
    intake = actions.start_intake(SYSTEM, intake=dropped(stand, path).id)
    real, calls = actions.bring, 0

    def dies(*args: object, told: Sequence[TheirOrder], **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return real(*args, told=told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "bring", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.read_intakes()
    monkeypatch.setattr(reading, "bring", real)
    assert len(numbers()) == 150
    assert actions.read_intakes() == 0

    with at(now() + 2 * reading.SILENT):
        assert actions.read_intakes() == 1
    intake.refresh_from_db()
    assert (intake.state, intake.done) == ("done", 250)
    assert intake.counts["unchanged"] == 150
    assert len(numbers()) == 250


def test_a_file_that_is_put_away_while_it_is_read_stops_at_its_next_batch(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    write_orders(path, "pinduoduo", list(orders_of("pinduoduo", 200, seed=5)))
    monkeypatch.setattr(reading, "BATCH", 50)
    intake = actions.start_intake(SYSTEM, intake=dropped(stand, path).id)
    real = actions.bring

    def then_stop(*args: object, **more: object) -> object:
        came = real(*args, **more)  # type: ignore[arg-type]
        actions.stop_intake(SYSTEM, intake=intake.id)
        return came

    monkeypatch.setattr(reading, "bring", then_stop)
    assert actions.read_intakes() == 0
    intake.refresh_from_db()
    assert (intake.state, len(numbers())) == ("stopped", 50)
    assert IntakePart.objects.count() == 0


def test_a_file_of_another_shop_or_of_none_is_refused(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_orders(path, "douyin", list(orders_of("douyin", 5, seed=1)))
    with pytest.raises(Invalid) as none_there:
        dropped(stand, path)
    assert none_there.value.field == "connection"
    with pytest.raises(Invalid):
        dropped(stand, path, connection=stand.connection)
    for name in ("一店", "二店"):
        a_connection(stand.fair, "douyin", name)
    with pytest.raises(Invalid):
        dropped(stand, path)
    (tmp_path / "b.csv").write_text("甲,乙\n1,2\n")
    with pytest.raises(Invalid):
        dropped(stand, tmp_path / "b.csv")
    with pytest.raises(Forbidden):
        actions.open_file(stand.fair.agent, intake=uuid7(), county=stand.fair.county, name="a.csv", path=path)
    with pytest.raises(Missing):
        actions.start_intake(SYSTEM, intake=uuid7())


def test_rows_that_are_wrong_are_named_and_the_rest_is_taken_in(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_orders(path, "pinduoduo", list(orders_of("pinduoduo", 20, seed=6)), encoding="utf-8")
    rows = path.read_text(encoding="utf-8").splitlines()
    cells = next(csv.reader([rows[3]]))
    cells[rows[0].removeprefix("\ufeff").split(",").index("用户实付金额(元)")] = "多少钱"
    rows[3] = ",".join(f'"{cell}"' for cell in cells)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")

    intake = read_whole(stand, path)

    assert intake.state == "done"
    assert [flaw["row"] for flaw in intake.flaws] == [3]
    assert len(numbers()) == 19


def test_a_file_that_nobody_confirms_is_thrown_away(stand: Stand, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_orders(path, "pinduoduo", list(orders_of("pinduoduo", 20, seed=7)))
    intake = dropped(stand, path)
    assert b"1990000" not in b"".join(bytes(part.data) for part in IntakePart.objects.all())
    assert actions.forget_files(SYSTEM) == 0
    with at(now() + 2 * KEPT):
        assert actions.forget_files(SYSTEM) == 1
    intake.refresh_from_db()
    assert (intake.state, IntakePart.objects.count()) == ("stopped", 0)
    assert dropped(stand, path).id != intake.id


def test_taobao_s_second_file_says_what_was_ordered(tmp_path: Path) -> None:
    stand = a_stand(platform="taobao", lots=(900_000,))
    planted = plant(tmp_path, "taobao", count=40, seed=8)
    read_whole(stand, planted.orders)
    details = next(tmp_path.glob("*details*"))
    intake = read_whole(stand, details)
    assert intake.kind == "details"
    assert intake.counts["detailed"] > 0
    assert int(str(scalar("SELECT count(*) FROM channels_arrivalline"))) >= 40


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_come_to_the_same_as_one_after_the_other(tmp_path: Path) -> None:
    stand = a_stand(lots=(900_000, 900_000))
    path = tmp_path / "a.csv"
    orders = list(orders_of("pinduoduo", 1_200, seed=9))
    write_orders(path, "pinduoduo", [*orders, *orders[:300]])
    write_orders(tmp_path / "b.csv", "pinduoduo", orders[:40])
    read_whole(stand, tmp_path / "b.csv")
    all_ours(stand)

    intake = read_whole(stand, path)

    assert (intake.state, intake.done) == ("done", 1_500)
    assert len(numbers()) == 1_200
    assert books.disproved() == {}
