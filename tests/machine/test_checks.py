"""Each check of the machine speaks when what it stands for is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.machine import books, checks, told
from tests.machine.test_season import fair
from tests.machine.whole import WholeSeason

__all__ = ["fair"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: name of a check → a statement that makes it true, past all triggers.
PLANTED = {
    "an entry that does not balance": """
        UPDATE ledger_posting SET amount_fen = amount_fen + 1
         WHERE id = (SELECT min(id::text)::uuid FROM ledger_posting)""",
    "a lot that gave more than it had": """
        UPDATE stock_lot SET on_hand = on_hand + 1 WHERE id = (SELECT min(id::text)::uuid FROM stock_lot)""",
    "an outlet past its cap": "UPDATE stock_supply SET used = used + 1 WHERE cap_amount IS NULL",
    "an order that is not the sum of its lines and its carriage, less its discounts": """
        UPDATE orders_linediscount SET amount_fen = amount_fen - 1""",
    "an order whose shares are not its total less what went back": """
        UPDATE orders_refund SET amount_fen = amount_fen - 1""",
    "somebody whose share fell below nothing, though they bear neither a discount nor a claim": """
        UPDATE orders_share SET amount_fen = -1 - amount_fen
         WHERE refund_id IS NULL AND discount_id IS NULL AND claim_id IS NULL""",
    "more given back than was taken": "UPDATE payments_capture SET amount_fen = 1",
    "escrow that is not what came in less what went out": "DELETE FROM payments_refund",
    "an earning in two payouts, or a payout that is not its earnings": """
        UPDATE settlement_payout SET amount_fen = amount_fen + 1""",
    "a replacement that somebody was charged for": """
        UPDATE payments_intent
           SET reference = (SELECT id FROM orders_order WHERE gateway = 'replacement' LIMIT 1)""",
    "a recalled lot of which something is still held": """
        UPDATE stock_lot SET blocked_by = 'x' WHERE reserved > 0""",
    "a promotion used more often than it may be": """
        UPDATE promotions_promotion SET limit_each = 0 WHERE limit_each IS NOT NULL AND used > 0""",
    "a booking that was redeemed and called off": "UPDATE bookings_booking SET ended = 'called_off'",
    "a night with more guests than places": """
        DELETE FROM stock_movement WHERE kind IN ('take_in', 'correct')
           AND lot_id IN (SELECT id FROM stock_lot WHERE service_on IS NOT NULL)""",
    "more allotted than was brought": "UPDATE orders_allotment SET packs = packs + 100",
    "a till that is not its cash, less what was found missing and what was banked": """
        UPDATE payments_capture SET station_id = NULL""",
    "a difference that was not booked as over or short": """
        UPDATE stations_tillcount SET counted_fen = counted_fen + 1""",
    "a bank account that is not what was banked and what platforms paid, less what was paid out": """
        UPDATE stations_tillcount SET banked_fen = banked_fen + 1""",
    "a difference without a reason": """
        UPDATE stations_tillcount SET counted_fen = counted_fen + 1, reason = ''""",
    "escrow that is not the money of undelivered orders": """
        UPDATE orders_order SET state = 'completed' WHERE state = 'paid'""",
    "something held for an order that is over": """
        UPDATE stock_reservation SET state = 'held' WHERE state = 'dispatched'""",
    "a cancelled order that kept its buyer's money": """
        UPDATE orders_order SET state = 'cancelled' WHERE state = 'completed'""",
    "a buyer who paid twice and got nothing back": "UPDATE payments_capture SET amount_fen = amount_fen * 2",
    "a member of a group that fell through who was not given back the money just once": """
        DELETE FROM orders_refund
         WHERE order_id IN (SELECT id FROM orders_order WHERE group_id IS NOT NULL)""",
    "a member who waits for a group that is closed": """
        UPDATE orders_order SET state = 'gathering' WHERE group_id IS NOT NULL""",
    "an order whose recalled goods nobody spoke of": "DELETE FROM trace_telling",
}


def test_every_check_can_fail(fair: None) -> None:
    season = WholeSeason()
    season.open(cap=None, ways=[], plenty=True)
    every = checks.AT_ALL_TIMES | checks.OF_TILLS | checks.AT_REST
    assert set(PLANTED) == set(every)
    try:
        for tell in told.STORIES:
            if tell not in (told.of_claims, told.of_weights):
                tell(season)
        season.order((2, 1), way=0, cash=True, stale=False)
        season.go_on(0, 1)
        season.redeem(0, arrives=True, phones=1)
        season.count_till(off=50, quarters=2, why=True, twice=False)
        season.all_is_heard()
        assert books.wrong(every) == {}
        assert {name for name, plant in PLANTED.items() if name not in _wrong_with(plant, every)} == set()
    finally:
        books.forget_the_season()


#: A rule, what it would wrongly be, and the story in which a buyer's own sums see it.
WRONG: tuple[tuple[str, Callable[..., Any], Callable[[WholeSeason], None]], ...] = (
    ("promotions.rules.discounts.round_half_even", lambda exact: int(exact), told.of_promotions),
    ("orders.rules.billing.most", lambda ordered, _tolerance: 2 * ordered, told.of_weights),
    (
        "orders.actions.allotting.unallotted",
        lambda fen, packs, short: fen * short // packs + 1,
        told.of_harvests,
    ),
    (
        "orders.actions.allotting.allot",
        lambda promises, _brought: {one.holder: 0 for one in promises},
        told.of_harvests,
    ),
    ("bookings.actions.calling_off.part", lambda total_fen, _percent: total_fen, told.of_services),
)


@pytest.mark.parametrize(("rule", "wrongly", "tell"), WRONG, ids=[rule for rule, *_more in WRONG])
def test_a_wrong_rule_is_seen_by_who_counts_beside_it(
    fair: None, monkeypatch: pytest.MonkeyPatch, rule: str, wrongly: Callable[..., Any],
    tell: Callable[[WholeSeason], None],
) -> None:  # fmt: skip
    monkeypatch.setattr(f"countyfair.trade.{rule}", wrongly)
    season = WholeSeason()
    season.open(cap=None, ways=[], plenty=True)
    try:
        with pytest.raises(AssertionError):
            _all_of(tell, season)
    finally:
        books.forget_the_season()


def _all_of(tell: Callable[[WholeSeason], None], season: WholeSeason) -> None:
    tell(season)
    season.rest()


def _wrong_with(plant: str, every: dict[str, str]) -> set[str]:
    """What the checks say while this is planted; it is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
        cursor.execute(plant)
        found = set(books.wrong(every))
        transaction.set_rollback(True)
    return found
