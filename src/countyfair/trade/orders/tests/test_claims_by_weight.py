"""Claims on what is sold by weight: so much of what was packed, at what it was billed."""

from __future__ import annotations

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.queries.judging import judged
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_billing import paid
from countyfair.trade.orders.tests.test_claims import answer, asked, begun, broken, held, line_of
from countyfair.trade.orders.tests.test_life import on_hand, pay, state
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify

pytestmark = pytest.mark.django_db


def sent(grams: int, gateway: str = "counter") -> tuple[Fair, Placed]:
    """Two loose kilos at 40.00 each, packed at so many grams, in the buyer's hands."""
    fair = a_fair()
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight", price_fen=4000)
    placed = place(fair, lines=((loose.offer, 2),), expected_total_fen=8000, gateway=gateway)
    if gateway == "counter":
        pay(fair, placed)
    else:
        notify(placed.intent)
        payments.settle_waiting_notices()
        paid(placed)
    line = line_of(placed)
    actions.pack(
        fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=grams + 200, weights={line: grams}
    )
    actions.hand_over(fair.agent, order_id=placed.order)
    code = scalar("SELECT pickup_code FROM logistics_parcel WHERE reference = %s", [str(placed.order)])
    actions.deliver(fair.agent, order_id=placed.order, code=str(code))
    return fair, placed


def test_one_of_two_packs_is_half_of_what_was_weighed_and_billed() -> None:
    fair, placed = sent(1900)
    (line,) = queries.order(SYSTEM, order_id=placed.order).lines
    assert (line.amount_fen, line.of_packs(1), line.of_packs(2)) == (7600, 950, 1900)
    claim = asked(placed, amount=line.of_packs(1))
    facts = judged(claim)
    assert (facts.due_fen, facts.left_fen, facts.packing) == (3800, 7600, "full")
    before = int(str(on_hand()))
    answer(claim, 3800, goods_back=True)
    actions.receive_claimed(fair.agent, claim_id=claim, good_packs=1, bad_packs=0)
    assert on_hand() == before + 950
    assert sum(held(placed).values()) == 3800
    assert broken() == []


def test_no_more_is_claimed_than_was_packed() -> None:
    _fair, placed = sent(1900)
    with pytest.raises(Invalid) as refusal:
        begun(placed, amount=1901)
    assert refusal.value.field == "packs"
    answer(asked(placed, amount=1900), 7600)
    assert (state(placed), sum(held(placed).values())) == ("refunded", 0)
    assert broken() == []


def test_money_for_a_heavier_pack_goes_back_where_a_claim_took_all_of_it() -> None:
    _fair, placed = sent(2100, gateway="sandbox")
    shown = queries.order(SYSTEM, order_id=placed.order)
    assert (shown.bill_state, shown.bill_asked_fen) == ("asked", 400)
    answer(asked(placed, amount=2100), 8000, bearer="courier", why="样例")
    assert queries.order(SYSTEM, order_id=placed.order).bill_state == "lapsed"
    assert (state(placed), sum(held(placed).values())) == ("refunded", 0)
    assert broken() == []
