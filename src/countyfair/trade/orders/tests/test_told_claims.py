"""A claim is told to who may answer it and to who packed it, its answer to its buyer, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices import queries
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, a_role, a_user
from countyfair.trade.orders import handlers
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.events import ClaimAnswered, Claimed, Refunded
from countyfair.trade.orders.tests.factories import a_fair
from countyfair.trade.orders.tests.test_claims import answer, asked, delivered
from countyfair.trade.orders.tests.test_replacing import replaced

pytestmark = pytest.mark.django_db


def hear(event: Claimed | ClaimAnswered, moment: datetime | None = None) -> None:
    """Twice, as a handler may."""
    news = Delivered(uuid7(), COUNTY, moment or now(), "system:test", event)
    for _time in range(2):
        handlers.tell_of_claims([news])


def answered(placed: Placed, claim: UUID) -> ClaimAnswered:
    """The event that the answer of this claim left."""
    said = "SELECT payload ->> '{}' FROM kernel_event WHERE name = 'orders.claim_answered'"
    again = scalar(said.format("replacement"))
    return ClaimAnswered(
        claim, placed.order, str(scalar(said.format("state"))), int(str(scalar(said.format("amount_fen")))),
        UUID(str(again)) if again else None,
    )  # fmt: skip


def told(kind: str) -> object:
    """The ways by which it was put down, in order."""
    return scalar(
        "SELECT string_agg(channel, ' ' ORDER BY channel) FROM notices_notification WHERE kind = %s", [kind]
    )


def test_who_may_answer_a_claim_and_who_packed_it_hear_of_it_once() -> None:
    fair = a_fair()
    desk, other, sent = a_user(), a_user(), a_user()
    a_role(desk, "centre_staff", place=COUNTY)
    a_role(other, "centre_staff", place=OTHER_COUNTY)
    a_role(sent, "courier", place=COUNTY)
    placed = delivered(fair)
    claim = asked(placed)
    hear(Claimed(claim, placed.order))
    heard = scalar("SELECT array_agg(user_id ORDER BY user_id) FROM notices_notification")
    assert isinstance(heard, list)
    assert set(heard) == {desk, fair.agent.user_id}
    assert told("claim.asked") == "house house"
    (mine,) = queries.mine(Actor(f"user:{desk}", desk), language="en")
    assert (mine.county, mine.subject) == (COUNTY, str(claim))
    assert placed.number in mine.text


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        (lambda claim: answer(claim), {"claim.refunded"}),
        (lambda claim: answer(claim, 0, said="样例：照片看不出"), {"claim.refused"}),
        (lambda claim: answer(claim, goods_back=True), {"claim.refunded", "claim.bring_back"}),
        (lambda claim: replaced(claim), {"claim.replaced"}),
    ],
)
def test_the_buyer_hears_the_answer_once(answers: Callable[[UUID], object], kinds: set[str]) -> None:
    placed = delivered(a_fair())
    claim = asked(placed)
    answers(claim)
    hear(answered(placed, claim))
    found = scalar("SELECT array_agg(kind) FROM notices_notification")
    assert isinstance(found, list)
    assert sorted(found) == sorted(kinds)  # a guest is reached by message alone
    assert (
        scalar("SELECT count(*) FROM notices_notification WHERE recipient <> %s", [f"order:{placed.order}"])
        == 0
    )
    if "claim.refunded" in kinds:
        assert (
            scalar("SELECT facts ->> 'amount' FROM notices_notification WHERE kind = 'claim.refunded'")
            == "29.80"
        )


def test_money_that_answers_a_claim_is_not_told_a_second_time() -> None:
    placed = delivered(a_fair())
    answer(asked(placed))
    refund = UUID(str(scalar("SELECT refund_id FROM orders_claimanswer")))
    other = uuid7()
    for key in (refund, other):
        event = Refunded(placed.order, key, 2980, "delivered")
        handlers.tell_buyers([Delivered(uuid7(), COUNTY, now(), "system:test", event)])
    assert scalar("SELECT array_agg(subject) FROM notices_notification") == [f"{placed.order}:{other}"]


def test_an_old_claim_is_no_news_and_who_muted_it_is_left_in_peace() -> None:
    fair = a_fair()
    placed = delivered(fair)
    claim = asked(placed)
    hear(Claimed(claim, placed.order), now() - timedelta(days=3))
    assert told("claim.asked") is None
    agent = fair.agent.user_id
    assert agent is not None
    notices.choose(Actor(f"user:{agent}", agent), muted=[("work", "house")])
    hear(Claimed(claim, placed.order))
    assert told("claim.asked") is None
