"""What is sold by weight is billed at the packed weight: estimate, tolerance, refund, small charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Money, Placed
from countyfair.trade.orders.actions.paying import mark_paid
from countyfair.trade.orders.queries import OrderShown
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.rules import billing as rules
from countyfair.trade.orders.rules.billing import Weighed
from countyfair.trade.orders.rules.timing import TO_PAY_MORE
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_life import pay
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.queries import intent as intent_row
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.stock.queries import proofs as stock_proofs

TENTH = Decimal("0.1")
EXAMPLE = Path(__file__).parents[5] / "docs" / "orders.md"


@dataclass(frozen=True, slots=True)
class Sold:
    """A paid order of so many loose kilos at 40.00 the kilo, of two lots of 700 g and 5 kg."""

    fair: Fair
    placed: Placed
    line: UUID

    @property
    def shown(self) -> OrderShown:
        return queries.order(SYSTEM, order_id=self.placed.order)


def weighed(*lines: tuple[int, int, int]) -> list[Weighed]:
    """Lines of (ordered g, packed g, price of a kilo)."""
    return [Weighed(uuid7(), ordered, packed, fen * ordered // 1000) for ordered, packed, fen in lines]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sums(*lines: tuple[int, int, int], may_ask: bool = True) -> tuple[list[int], list[int], int, int]:
    """Final and asked fen of each line, what goes back, what is asked for."""
    found = rules.bill(weighed(*lines), TENTH, may_ask=may_ask)
    finals, asked = [one.final_fen for one in found.lines], [one.asked_fen for one in found.lines]
    return finals, asked, found.refund_fen, found.asked_fen


def test_a_pack_is_billed_to_the_fen() -> None:
    assert sums((1000, 950, 4000)) == ([3800], [0], 200, 0)
    assert sums((1000, 1050, 4000)) == ([4200], [200], 0, 200)
    assert sums((1000, 1000, 3333)) == ([3333], [0], 0, 0)
    assert sums((1000, 955, 3333)) == ([3183], [0], 150, 0)  # 3183.015


def test_nothing_is_billed_beyond_the_tolerance() -> None:
    assert sums((1000, 1500, 4000)) == ([4400], [400], 0, 400)
    assert (rules.most(1000, TENTH), rules.least(1000, TENTH), rules.least(999, TENTH)) == (1100, 900, 900)


def test_small_sums_and_cash_are_not_asked_for() -> None:
    assert sums((1000, 1020, 4000)) == ([4000], [0], 0, 0)
    assert sums((1000, 1090, 4000), may_ask=False) == ([4000], [0], 0, 0)


def test_what_one_line_lacks_pays_for_what_another_has_too_much_of() -> None:
    assert sums((1000, 900, 4000), (1000, 1100, 4000)) == ([3600, 4400], [0, 0], 0, 0)
    assert sums((1000, 950, 4000), (1000, 1100, 4000)) == ([3800, 4400], [0, 200], 0, 200)
    assert sums((1000, 900, 4000), (1000, 1050, 4000)) == ([3600, 4200], [0, 0], 200, 0)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(100, 5000), st.integers(1, 9000), st.integers(1, 50_000)),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_bill_adds_up(lines: list[tuple[int, int, int]], may_ask: bool) -> None:
    ordered = weighed(*lines)
    found = rules.bill(ordered, TENTH, may_ask=may_ask)
    estimate = sum(one.amount_fen for one in ordered)
    assert sum(one.final_fen for one in found.lines) == estimate - found.refund_fen + found.asked_fen
    assert sum(one.asked_fen for one in found.lines) == found.asked_fen
    assert min(found.refund_fen, found.asked_fen) == 0
    assert all(0 <= one.sure_fen <= one.final_fen for one in found.lines)
    assert may_ask or not found.asked_fen


@pytest.fixture
def sold(db: None) -> Sold:
    fair = a_fair()
    loose = a_stall(
        fair.households, fair.station, lots=(700, 5000), content=1000, sold_by="weight", price_fen=4000
    )
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    paid(placed)
    return Sold(fair, placed, queries.order(SYSTEM, order_id=placed.order).lines[0].id)


def paid(placed: Placed, intent: UUID | None = None, fen: int = 0) -> None:
    """The news of a capture, told by hand: a test is one transaction."""
    key = UUID(str(scalar("SELECT id FROM payments_capture WHERE intent_id = %s", [intent or placed.intent])))
    money = Money(placed.order, intent or placed.intent, key, fen or placed.total_fen, surplus=False)
    mark_paid(SYSTEM, captured=[money])


def pack(sold: Sold, grams: int, **more: bool) -> None:
    actions.pack(
        sold.fair.agent, order_id=sold.placed.order, parcel=uuid7(), weight_g=grams + 200,
        weights={sold.line: grams}, **more,
    )  # fmt: skip


def proved() -> list[str]:
    return [proof.name for proof in (*proofs(), *stock_proofs()) if proof.broken]


@dataclass(frozen=True, slots=True)
class _Sum:
    grams: int
    fen: int


def of_lots(sold: Sold) -> list[tuple[int, int]]:
    """(grams, fen) that the households hold by lot, the first lot first."""
    found = rows(
        "SELECT sum(s.lot_amount)::bigint, sum(s.amount_fen)::bigint FROM orders_share s"
        " JOIN stock_lot l ON l.id = s.lot_id WHERE s.order_id = %s AND s.beneficiary = 'household'"
        " GROUP BY l.id, l.harvested_on ORDER BY l.harvested_on",
        [sold.placed.order],
        into=_Sum,
    )
    return [(one.grams, one.fen) for one in found]


def test_a_lighter_pack_gives_money_back_and_its_rest_stays_in_the_last_lot(sold: Sold) -> None:
    before = scalar("SELECT sum(on_hand)::bigint FROM stock_lot")
    pack(sold, 950)
    shown = sold.shown
    (line,) = shown.lines
    assert (line.packed, line.ordered_fen, line.amount_fen, shown.billed_fen) == (950, 4000, 3800, 3800)
    assert (shown.bill_state, shown.bill_refund_fen, shown.shared_fen) == ("settled", 200, 3800)
    assert of_lots(sold) == [(700, 2240), (250, 800)]  # 80 % of 38.00, by 700 and 250 g
    actions.hand_over(sold.fair.agent, order_id=sold.placed.order)
    assert scalar("SELECT sum(on_hand)::bigint FROM stock_lot") == int(str(before)) - 950
    assert proved() == []


def test_a_heavier_pack_asks_for_the_rest_and_shares_it_once_paid(sold: Sold) -> None:
    pack(sold, 1060)
    shown = sold.shown
    assert (shown.bill_state, shown.bill_asked_fen, shown.lines[0].asked_fen) == ("asked", 240, 240)
    assert (shown.lines[0].amount_fen, shown.shared_fen) == (4000, 4000)
    assert [grams for grams, _fen in of_lots(sold)] == [700, 360]
    assert proved() == []
    actions.hand_over(sold.fair.agent, order_id=sold.placed.order)
    assert proved() == []
    asked = shown.bill_intent
    assert asked is not None
    notify(asked)
    payments.settle_waiting_notices()
    paid(sold.placed, asked, 240)
    shown = sold.shown
    assert (shown.bill_state, shown.billed_fen, shown.lines[0].amount_fen) == ("paid", 4240, 4240)
    assert shown.shared_fen == 4240
    paid(sold.placed, asked, 240)  # told again
    assert sold.shown.shared_fen == 4240
    assert proved() == []


def test_what_is_not_paid_lapses_and_money_that_comes_later_goes_back(sold: Sold) -> None:
    pack(sold, 1060)
    asked = sold.shown.bill_intent
    assert asked is not None
    assert actions.lapse_bills(SYSTEM) == 0
    due = sold.shown.bill_pay_before
    assert due is not None
    with at(due):
        assert (actions.lapse_bills(SYSTEM), actions.lapse_bills(SYSTEM)) == (1, 0)
        assert (sold.shown.bill_state, intent_row(asked).state) == ("lapsed", "expired")
        notify(asked)
        payments.settle_waiting_notices()
        paid(sold.placed, asked, 240)
    assert scalar("SELECT sum(amount_fen)::bigint FROM payments_refund") == 240
    assert (sold.shown.billed_fen, sold.shown.shared_fen) == (4000, 4000)
    assert proved() == []
    assert TO_PAY_MORE.days == 3


def test_a_refund_of_all_goes_over_both_payments(sold: Sold) -> None:
    pack(sold, 1060)
    asked = sold.shown.bill_intent
    assert asked is not None
    notify(asked)
    payments.settle_waiting_notices()
    paid(sold.placed, asked, 240)
    actions.cancel(SYSTEM, order_id=sold.placed.order, reason="fell into the river")
    found = rows("SELECT amount_fen, amount_fen FROM payments_refund ORDER BY amount_fen DESC", [], into=_Sum)
    assert [one.fen for one in found] == [4000, 240]
    assert (sold.shown.state, sold.shown.shared_fen) == ("cancelled", 0)
    assert proved() == []


def test_calling_off_stops_asking_for_more(sold: Sold) -> None:
    pack(sold, 1060)
    asked = sold.shown.bill_intent
    assert asked is not None
    actions.hand_over(sold.fair.agent, order_id=sold.placed.order)
    on_hand = scalar("SELECT sum(on_hand)::bigint FROM stock_lot")
    actions.cancel(SYSTEM, order_id=sold.placed.order, reason="sent back")
    assert (sold.shown.bill_state, intent_row(asked).state) == ("lapsed", "expired")
    assert scalar("SELECT sum(on_hand)::bigint FROM stock_lot") == int(str(on_hand)) + 1060
    assert proved() == []


def test_too_light_needs_a_word_and_too_heavy_is_a_gift(sold: Sold) -> None:
    with pytest.raises(Invalid, match="less than the buyer accepted") as refusal:
        pack(sold, 899)
    assert (refusal.value.field, refusal.value.code) == (f"weight-{sold.line}", "too_light")
    with pytest.raises(Invalid, match="cannot be right"):
        pack(sold, 10_000)
    assert sold.shown.state == "paid"
    pack(sold, 600, lighter_agreed=True)
    assert sold.shown.billed_fen == 2400
    assert of_lots(sold) == [(600, 1920), (0, 0)]
    assert proved() == []


def test_no_more_is_packed_than_its_lots_have(db: None) -> None:
    fair = a_fair()
    loose = a_stall(
        fair.households, fair.station, lots=(1030,), content=1000, sold_by="weight", price_fen=4000
    )
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000)
    pay(fair, placed)
    line = queries.order(SYSTEM, order_id=placed.order).lines[0].id
    sold = Sold(fair, placed, line)
    with pytest.raises(Invalid, match=r"only 0\.03 kg more"):
        pack(sold, 1031)
    assert sold.shown.state == "paid"
    pack(sold, 1030)
    assert (sold.shown.billed_fen, sold.shown.bill_state) == (4000, "settled")  # cash: nothing is asked later
    assert proved() == []


def the_example() -> list[list[int]]:
    """The rows of the worked example of docs/orders.md."""
    text = EXAMPLE.read_text(encoding="utf-8").split("## Sold by weight", 1)[1].split("\n## ", 1)[0]
    table = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[int(cell) for cell in line.strip("|").split("|")] for line in table]


@pytest.mark.parametrize("row", the_example(), ids=lambda row: f"{row[0]} g")
def test_the_worked_example_holds(sold: Sold, row: list[int]) -> None:
    grams, billed, fen, back, asked, *lots = row
    pack(sold, grams)
    shown = sold.shown
    if shown.bill_intent:
        notify(shown.bill_intent)
        payments.settle_waiting_notices()
        paid(sold.placed, shown.bill_intent, shown.bill_asked_fen or 0)
        shown = sold.shown
    found = scalar("SELECT billed_amount FROM orders_billline")
    assert (found, shown.billed_fen, shown.bill_refund_fen, shown.bill_asked_fen) == (
        billed,
        fen,
        back,
        asked,
    )
    assert [number for lot in of_lots(sold) for number in lot] == lots
    assert proved() == []


def test_a_cap_leaves_no_more_either(db: None) -> None:
    fair = a_fair()
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight", price_fen=4000, cap=1000)
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000)
    pay(fair, placed)
    sold = Sold(fair, placed, queries.order(SYSTEM, order_id=placed.order).lines[0].id)
    with pytest.raises(Invalid, match="cap of its offer"):
        pack(sold, 1001)
    assert sold.shown.state == "paid"
