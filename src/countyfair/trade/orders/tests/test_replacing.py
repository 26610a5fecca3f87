"""The same goods go out again at no price: from other lots, whose households are paid by who bears it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import link_token
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.actions.answering import Answer
from countyfair.trade.orders.events import Cancelled
from countyfair.trade.orders.handlers import reopen_claims
from countyfair.trade.orders.queries.judging import judged
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.replacing import replacement_of, spare
from countyfair.trade.orders.queries.shares import shares_of
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair
from countyfair.trade.orders.tests.test_claims import answer, asked, claim_state, delivered, held
from countyfair.trade.orders.tests.test_life import owed_back, packed, state
from countyfair.trade.stock.queries import proofs as stock_proofs

EXAMPLE = Path(__file__).parents[5] / "docs" / "claims.md"

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [proof.name for proof in (*proofs(), *stock_proofs()) if proof.broken]


def replaced(claim: UUID, *, bearer: str = "", why: str = "样例") -> Placed:
    """The replacement that a claim is answered with."""
    answer(claim, 0, again=True, bearer=bearer, why=why)
    key = UUID(
        str(scalar("SELECT order_id FROM orders_replacement WHERE claim_id = %s ORDER BY id DESC", [claim]))
    )
    shown = queries.order(SYSTEM, order_id=key)
    return Placed(key, shown.number, shown.intent, shown.total_fen, link_token(str(key), "order"))


def sent(fair: Fair, again: Placed) -> None:
    actions.deliver(fair.agent, order_id=again.order, code=packed(fair, again))


def test_the_goods_go_out_again_from_other_lots_and_nothing_is_paid() -> None:
    fair = a_fair()
    placed = delivered(fair)
    claim = asked(placed)
    assert spare(claim).left == 20  # the other lot's ten kilograms
    again = replaced(claim)
    assert (again.total_fen, state(again), claim_state(claim), owed_back(placed)) == (0, "paid", "done", 0)
    shown = queries.order(Actor.guest("sample"), order_id=again.order, token=again.token)
    assert (shown.is_buyer, shown.contact and shown.contact.name) == (True, CONTACT.name)
    assert [(line.quantity, line.amount_fen) for line in shown.lines] == [(1, 0)]
    other = shares_of([placed.order])[0].lot
    lots = {row.lot for row in shares_of([again.order]) if row.lot}
    assert (lots, other in lots) == ({fair.stall.lots[1]}, False)
    assert replacement_of(again.order) is not None
    assert broken() == []
    sent(fair, again)
    assert broken() == []


@pytest.mark.parametrize("bearer", ["household", "courier", "station"])
def test_who_bears_it_pays_the_households_of_the_other_lots(bearer: str) -> None:
    fair = a_fair()
    placed = delivered(fair, packs=1)
    before = held(placed)
    again = replaced(asked(placed), bearer=bearer, why="样例")
    assert held(placed) == before  # the first order stays as it was
    rows = shares_of([again.order])
    paid = {row.beneficiary: row.amount_fen for row in rows if row.claim is None}
    borne = {row.beneficiary: row.amount_fen for row in rows if row.claim is not None}
    assert paid == before  # the same goods, by the same terms
    assert sum(borne.values()) == -2980
    assert borne == ({bearer: -2980} if bearer != "household" else {who: -fen for who, fen in before.items()})
    if bearer == "household":
        first, second = (str(one) for one in fair.households)
        whose = {(row.owner, row.amount_fen > 0) for row in rows if row.beneficiary == "household"}
        assert whose == {(first, False), (second, True)}
    assert broken() == []


@pytest.mark.parametrize("bearer", ["courier", "household"])
def test_the_example_of_the_document_is_what_the_house_does(bearer: str) -> None:
    fair = a_fair()
    placed = delivered(fair, packs=1)
    names = dict(zip(map(str, fair.households), ("household A", "household B"), strict=True))
    order = ("household", "station", "centre", "platform", "courier")
    found = shares_of([replaced(asked(placed), bearer=bearer).order])
    rows = sorted(found, key=lambda row: order.index(row.beneficiary))
    earned, borne = (
        ", ".join(
            f"{names.get(row.owner, row.beneficiary)} {row.amount_fen / 100:.2f}"
            for row in rows
            if (row.claim is None) == earns
        )
        for earns in (True, False)
    )
    assert f"| the {bearer} | as it was | {earned} | {borne} |" in EXAMPLE.read_text(encoding="utf-8")


def test_where_the_goods_are_gone_a_sentence_says_so_and_money_goes_back() -> None:
    fair = a_fair(lots=(10_000,))
    placed = delivered(fair)
    claim = asked(placed)
    with pytest.raises(Invalid) as refused:
        answer(claim, 0, again=True)
    assert (refused.value.field, refused.value.code, refused.value.details["left"]) == ("what", "gone", 0)
    assert claim_state(claim) == "asked"
    answer(claim)
    assert owed_back(placed) == 2980
    short = asked(placed, kind="short")  # what there was too little of was good: its lot will do
    assert state(replaced(short)) == "paid"
    assert broken() == []


def test_goods_or_money_and_the_same_answer_once() -> None:
    fair = a_fair()
    claim = asked(delivered(fair))
    with pytest.raises(Invalid) as refused:
        answer(claim, 2980, again=True)
    assert refused.value.field == "what"
    key = uuid7()
    for _time in range(2):
        actions.answer_claim(SYSTEM, claim_id=claim, answer=Answer(key, again=True))
    assert scalar("SELECT count(*) FROM orders_replacement") == 1
    with pytest.raises(Conflict):
        actions.answer_claim(SYSTEM, claim_id=claim, answer=Answer(key, 2980))


def test_a_replacement_that_is_called_off_leaves_the_claim_to_be_answered_again() -> None:
    fair = a_fair()
    placed = delivered(fair)
    claim = asked(placed)
    since = scalar("SELECT asked_at FROM orders_claim")
    again = replaced(claim)
    reopen_claims([told(placed), told(again)])  # nothing of it is cancelled
    assert claim_state(claim) == "done"
    actions.cancel(Actor.guest("sample"), order_id=again.order, token=again.token)
    for _time in range(2):
        reopen_claims([told(again)])
    assert (claim_state(claim), scalar("SELECT asked_at FROM orders_claim")) == ("asked", since)
    answer(claim)
    reopen_claims([told(again)])  # told late once more: another answer stands by now
    assert (claim_state(claim), owed_back(placed), state(again)) == ("done", 2980, "cancelled")
    assert broken() == []


def test_what_is_wrong_with_a_replacement_is_paid_back_of_what_was_paid() -> None:
    fair = a_fair(lots=(10_000, 10_000, 10_000))
    placed = delivered(fair, packs=1)
    again = replaced(asked(placed), bearer="courier", why="样例")
    sent(fair, again)
    claim = asked(again)
    assert (judged(claim).due_fen, judged(claim).paid_order) == (2980, placed.order)
    answer(claim)
    assert (owed_back(placed), state(placed)) == (2980, "refunded")
    back = [row for row in shares_of([placed.order]) if row.refund and row.beneficiary == "household"]
    assert [row.owner for row in back] == [str(fair.households[1])]  # whose goods were spoiled this time
    assert broken() == []


def told(order: Placed) -> Delivered[Cancelled]:
    return Delivered(uuid7(), COUNTY, now(), "system:test", Cancelled(order.order, None, 0))
