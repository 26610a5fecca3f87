"""The SQL functions and the trigger, on a real PostgreSQL."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, SoldOut, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.events import ReservationExpired
from countyfair.trade.stock.queries.proofs import PROOFS
from countyfair.trade.stock.tests.factories import Stall, a_lot, a_stall, holds

pytestmark = pytest.mark.django_db(transaction=True)


def counters(stall: Stall) -> list[tuple[int, int]]:
    """(on hand, reserved) of each lot."""
    return [(lot.on_hand, lot.reserved) for lot in (queries.lot(SYSTEM, lot=one) for one in stall.lots)]


def used(stall: Stall) -> int:
    return queries.quote([(stall.offer, 1)])[0].used


def all_is_proved() -> bool:
    return all(not proof.broken for proof in queries.proofs())


def hold(stall: Stall, packs: int, holder: str, *, minutes: int | None = None) -> list[actions.Hold]:
    wanted = holds(stall, packs, holder)
    expires = None if minutes is None else now() + timedelta(minutes=minutes)
    actions.reserve(SYSTEM, county=COUNTY, holds=wanted, expires=expires)
    return wanted


def test_a_pack_is_held_sent_and_partly_comes_back() -> None:
    stall = a_stall(lots=(700, 1000))

    hold(stall, 2, "order")
    assert (counters(stall), used(stall)) == ([(700, 700), (1000, 300)], 1000)

    assert actions.dispatch(SYSTEM, holders=["order"]) == 2
    assert actions.dispatch(SYSTEM, holders=["order"]) == 0
    assert (counters(stall), used(stall)) == ([(0, 0), (700, 0)], 1000)

    assert actions.take_back(SYSTEM, holder="order", amount=500, source="return-1") == 500
    assert actions.take_back(SYSTEM, holder="order", amount=500, source="return-1") == 0
    assert (counters(stall), used(stall)) == ([(200, 0), (1000, 0)], 500)
    with pytest.raises(Conflict):
        actions.take_back(SYSTEM, holder="order", amount=501, source="return-2")
    with pytest.raises(Conflict):
        actions.take_back(SYSTEM, holder="order", amount=400, source="return-1")
    assert all_is_proved()


def test_a_release_gives_back_once() -> None:
    stall = a_stall()
    hold(stall, 3, "order")

    assert actions.release(SYSTEM, holders=["order"], reason="cancelled") == 1
    assert actions.release(SYSTEM, holders=["order"]) == 0

    assert (counters(stall), used(stall)) == ([(10_000, 0)], 0)
    with pytest.raises(Conflict):
        actions.dispatch(SYSTEM, holders=["order"])
    with pytest.raises(Conflict):
        actions.dispatch(SYSTEM, holders=["nobody"])


def test_the_same_reservation_again_changes_nothing_and_another_one_under_its_id_is_refused() -> None:
    stall = a_stall()
    wanted = hold(stall, 3, "order")

    actions.reserve(SYSTEM, county=COUNTY, holds=wanted, expires=None)

    assert counters(stall) == [(10_000, 1500)]
    changed = [actions.Hold(one.id, one.supply, one.lot, one.amount + 1, one.holder) for one in wanted]
    with pytest.raises(Conflict):
        actions.reserve(SYSTEM, county=COUNTY, holds=changed, expires=None)


def test_what_the_pool_lacks_is_sold_out_and_what_one_lot_lacks_is_stale() -> None:
    stall = a_stall(lots=(700, 1000))
    first_lot = actions.Hold(uuid7(), stall.supply, stall.lots[0], 701, "order")
    too_much = [first_lot, actions.Hold(uuid7(), stall.supply, stall.lots[1], 1000, "order")]

    with pytest.raises(Stale):
        actions.reserve(SYSTEM, county=COUNTY, holds=[first_lot], expires=None)
    with pytest.raises(SoldOut) as refused:
        actions.reserve(SYSTEM, county=COUNTY, holds=too_much, expires=None)

    assert refused.value.details == {"short": {stall.supply: 1700}}
    assert counters(stall) == [(700, 0), (1000, 0)]


def test_a_cap_is_sold_out_while_the_pool_still_has_plenty() -> None:
    stall = a_stall(cap=1200)
    hold(stall, 2, "order")

    with pytest.raises(SoldOut) as refused:
        hold(stall, 1, "another")

    assert refused.value.details == {"short": {stall.supply: 200}}
    assert queries.availability([stall.offer]) == {stall.offer: 0}


def test_a_lot_of_another_product_cannot_be_sold_through_this_offer() -> None:
    stall, other = a_stall(), a_stall()

    with pytest.raises(Stale):
        actions.reserve(
            SYSTEM,
            county=COUNTY,
            expires=None,
            holds=[actions.Hold(uuid7(), stall.supply, other.lots[0], 500, "order")],
        )


def test_what_is_not_paid_in_time_goes_back_and_its_holder_is_announced_once() -> None:
    stall = a_stall(lots=(700, 1000))
    wanted = hold(stall, 2, "order", minutes=15)
    hold(stall, 1, "keeper")

    assert actions.expire_reservations(SYSTEM) == 0
    with at(now() + timedelta(minutes=16)):
        assert actions.expire_reservations(SYSTEM) == 2
        assert actions.expire_reservations(SYSTEM) == 0

    assert sum(reserved for _on_hand, reserved in counters(stall)) == 500
    announced = scalar("SELECT payload::text FROM kernel_event WHERE name = %s", [ReservationExpired.NAME])
    heard = ReservationExpired.from_payload(json.loads(str(announced)))
    assert heard.holder == "order"
    assert sorted(heard.reservations) == sorted(one.id for one in wanted)
    assert all_is_proved()


def test_a_payment_after_expiry_takes_the_same_lots_again_or_is_told_no() -> None:
    stall = a_stall(lots=(1000,))
    hold(stall, 1, "late", minutes=15)
    hold(stall, 1, "later", minutes=15)
    with at(now() + timedelta(minutes=16)):
        actions.expire_reservations(SYSTEM)

    assert actions.keep(SYSTEM, holders=["late"]) == "retaken"
    assert actions.keep(SYSTEM, holders=["late"]) == "kept"
    hold(stall, 1, "quick")

    assert actions.keep(SYSTEM, holders=["later"]) == "gone"
    assert counters(stall) == [(1000, 1000)]
    with at(now() + timedelta(days=1)):
        assert actions.expire_reservations(SYSTEM) == 0, "what is paid does not expire"
    assert all_is_proved()


def test_what_was_released_is_gone_for_a_late_payment() -> None:
    stall = a_stall()
    hold(stall, 1, "order", minutes=15)
    actions.release(SYSTEM, holders=["order"])

    assert actions.keep(SYSTEM, holders=["order"]) == "gone"
    assert actions.keep(SYSTEM, holders=["nobody"]) == "gone"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_movement SET on_hand_delta = on_hand_delta + 1",
        "DELETE FROM stock_movement",
    ],
)
def test_the_journal_is_only_ever_appended_to(statement: str) -> None:
    a_lot()

    with pytest.raises(DatabaseError, match="counter-entry"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("kind", "on_hand", "reserved", "moved"),
    [
        ("take_in", -5, 0, 0),
        ("reserve", 0, 5, 0),
        ("dispatch", -5, 0, 0),
        ("take_back", 5, 0, 0),
        ("gift", 5, 0, 0),
    ],
)
def test_a_movement_moves_what_its_kind_says_and_nothing_else(
    kind: str, on_hand: int, reserved: int, moved: int
) -> None:
    stall = a_stall()

    with pytest.raises(DatabaseError, match="movement_shape"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_movement (id, county, lot_id, supply_id, kind, on_hand_delta, reserved_delta,"
            " used_delta, source, reason, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'x', '', %s)",
            [uuid7(), COUNTY, stall.lots[0], stall.supply, kind, on_hand, reserved, moved, now()],
        )


def test_one_statement_of_many_movements_moves_every_counter_by_its_sum() -> None:
    lot = a_lot(amount=1000)

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_movement (id, county, lot_id, kind, on_hand_delta, reserved_delta, used_delta,"
            " source, reason, at)"
            " SELECT kernel_uuid7(), %s, %s::uuid, 'correct', n, 0, 0, 'bulk:' || n, '', %s"
            " FROM unnest(ARRAY[5, -3, 7]) n",
            [COUNTY, lot, now()],
        )

    assert queries.lot(SYSTEM, lot=lot).on_hand == 1009


def test_counters_that_follow_the_journal_are_not_logged_twice_but_a_raw_update_is() -> None:
    lot = a_lot(amount=1000)
    changes = "SELECT count(*) FROM kernel_change WHERE table_name = 'stock_lot' AND operation = 'UPDATE'"
    assert scalar(changes) == 0

    with connection.cursor() as cursor:
        cursor.execute("UPDATE stock_lot SET on_hand = 2000 WHERE id = %s", [lot])

    assert scalar(changes) == 1


CORRUPTIONS = [
    ("stock.lot_counters_follow_the_journal", "UPDATE stock_lot SET on_hand = on_hand + 1"),
    ("stock.supply_counters_follow_the_journal", "UPDATE stock_supply SET used = used + 1"),
    ("stock.reserved_is_what_is_held", "UPDATE stock_reservation SET state = 'expired'"),
    ("stock.used_is_what_is_held_or_gone", "UPDATE stock_reservation SET state = 'expired'"),
    ("stock.every_reservation_has_its_movements", "UPDATE stock_reservation SET amount = amount + 1"),
    (
        "stock.no_more_sold_than_harvested",
        """ALTER TABLE stock_movement DISABLE TRIGGER USER;
           UPDATE stock_movement SET on_hand_delta = 1 WHERE kind = 'take_in';
           ALTER TABLE stock_movement ENABLE TRIGGER USER""",
    ),
    (
        "stock.nothing_leaves_an_expected_lot",
        """ALTER TABLE stock_movement DISABLE TRIGGER USER;
           UPDATE stock_movement SET kind = 'expect' WHERE kind = 'take_in';
           ALTER TABLE stock_movement ENABLE TRIGGER USER""",
    ),
    (
        "stock.an_allotted_cycle_owes_nothing",
        """WITH made AS (
               INSERT INTO stock_cycle (id, county, product_id, pool_id, percent, expected_on, closes_at,
                                        state,
                                        opened_at, closed_at, allotted_at, content)
               SELECT kernel_uuid7(), p.county, p.product_id, p.id, 80, '2026-12-01', l.weighed_at,
                      'allotted',
                      l.weighed_at, l.weighed_at, l.weighed_at, ''
                 FROM stock_pool p JOIN stock_lot l ON l.pool_id = p.id
                WHERE l.on_hand > 0 AND l.standard_id IS NULL LIMIT 1
               RETURNING pool_id)
           UPDATE stock_lot l SET expected = true, harvest_id = kernel_uuid7() FROM made
            WHERE l.pool_id = made.pool_id AND l.on_hand > 0 AND l.standard_id IS NULL""",
    ),
    ("stock.lots_and_supplies_stay_in_their_pool", "UPDATE stock_reservation SET county = '621227'"),
    (
        "stock.offers_with_a_mark_take_grades_of_their_brand",
        "UPDATE catalog_offer SET brand_id = '00000000-0000-7000-8000-000000000000'",
    ),
]


@pytest.mark.parametrize(("name", "corruption"), CORRUPTIONS)
def test_each_proof_fails_on_a_planted_corruption(name: str, corruption: str) -> None:
    stall = a_stall()
    hold(stall, 1, "held")
    hold(stall, 2, "sent")
    actions.dispatch(SYSTEM, holders=["sent"])
    assert all_is_proved()

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in corruption.split(";"):
            cursor.execute(statement)
        found = {proof.name for proof in queries.proofs() if proof.broken}
        transaction.set_rollback(True)

    assert name in found


def test_every_proof_has_its_planted_corruption() -> None:
    assert {name for name, _corruption in CORRUPTIONS} == set(PROOFS)
