"""What orders do when they hear of payments and of stock; wired in the deployment's wiring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import parse_uuid
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.registers.notices.rules import TOO_LATE
from countyfair.registers.people.queries.reaching import holders_of
from countyfair.trade.logistics.events import Arrived
from countyfair.trade.orders.actions import replacing
from countyfair.trade.orders.actions.cancelling import cancel_short
from countyfair.trade.orders.actions.gathering import settle_group
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.orders.events import (
    Allotted,
    Cancelled,
    ClaimAnswered,
    Claimed,
    HandedOver,
    Joined,
    Packed,
    Paid,
    Refunded,
)
from countyfair.trade.orders.queries.told import ToldClaim, ToldOrder, of_claims, told_claims, told_orders
from countyfair.trade.orders.rules.news import GIFTS, answers_told, kind_of, until
from countyfair.trade.orders.rules.reasons import RECALLED, SHORT
from countyfair.trade.payments.events import PaymentCaptured, PaymentCapturedLate
from countyfair.trade.promotions.events import GroupClosed
from countyfair.trade.stock.events import Blocked, Shortfall

#: As it came, in a deployment's wiring: `payments.captured` and `payments.captured_late`.
Captured = PaymentCaptured | PaymentCapturedLate
#: What buyers are told of.
Told = Joined | Paid | Allotted | Packed | HandedOver | Cancelled | Refunded | Arrived
#: `stock.shortfall` and `stock.blocked`.
Lost = Shortfall | Blocked


def on_captured(batch: Sequence[Delivered[Captured]]) -> None:
    """Money came: orders are paid, or it goes back."""
    money = []
    for one in batch:
        order = parse_uuid(one.event.reference)
        if order is not None:
            surplus = isinstance(one.event, PaymentCapturedLate) and one.event.was == "paid"
            money.append(Money(order, one.event.intent, one.event.capture, one.event.amount_fen, surplus))
    mark_paid(Actor.system("orders.on_captured"), captured=money)


def tell_buyers(batch: Sequence[Delivered[Told]]) -> None:
    """Buyers hear how their orders stand, who gets a gift that it comes. Older than two days is no news.

    Money that answers a claim is told with the answer.
    """
    refunds = [one.event.refund for one in batch if isinstance(one.event, Refunded)]
    answers = of_claims(refunds) if refunds else set()
    fresh = [
        one
        for one in batch
        if one.at > now() - TOO_LATE and not (isinstance(one.event, Refunded) and one.event.refund in answers)
    ]
    keys = {one.id: _order_of(one.event) for one in fresh}
    known = told_orders([key for key in keys.values() if key is not None])
    news = []
    for one in fresh:
        order = known.get(keys[one.id] or one.id)
        if order is not None:
            told = _news(one.event, order)
            news.append(told)
            if order.gift and told.kind in GIFTS:
                news.append(replace(told, kind=GIFTS[told.kind], recipient=f"gift:{order.id}", user=None))
    if news:
        notices.tell(Actor.system("orders.tell_buyers"), news=news)


def _order_of(event: Told) -> UUID | None:
    return parse_uuid(event.reference) if isinstance(event, Arrived) else event.order


def _news(event: Told, order: ToldOrder) -> News:
    failed = order.fell_through and isinstance(event, Cancelled) and event.amount_fen > 0
    kind = kind_of(event.NAME, stays=order.stays, in_group=order.closes_at is not None, fell_through=failed)
    if isinstance(event, Allotted) and event.short_packs:
        kind = "order.short"
    facts = {"number": order.number}
    subject = str(order.id)
    if isinstance(event, Refunded):
        facts["amount"] = _yuan(event.amount_fen)
        subject = f"{order.id}:{event.refund}"
    elif isinstance(event, Allotted) and event.short_packs:
        facts |= {"packs": str(event.short_packs), "amount": _yuan(event.amount_fen)}
    elif kind == "group.failed" and isinstance(event, Cancelled):
        facts["amount"] = _yuan(event.amount_fen)
    elif isinstance(event, Joined) and order.closes_at:
        facts |= {
            "total": _yuan(order.total_fen), "needed": str(order.needed), "until": until(order.closes_at)
        }  # fmt: skip
    elif kind == "order.paid":
        facts["total"] = _yuan(order.total_fen)
    elif kind == "order.ready":
        facts["station"] = order.station_name
    elif kind == "order.handed_over":
        facts["waybill"] = order.waybill
    return News(kind, order.county, subject, f"order:{order.id}", order.buyer, facts)


def tell_of_claims(batch: Sequence[Delivered[Claimed | ClaimAnswered]]) -> None:
    """A claim came in: who may answer it hears so, and who works where it was packed; answered: its buyer."""
    actor = Actor.system("orders.tell_of_claims")
    fresh = [one for one in batch if one.at > now() - TOO_LATE]
    known = told_claims([one.event.claim for one in fresh])
    news = []
    for one in fresh:
        claim = known.get(one.event.claim)
        if claim is not None and isinstance(one.event, Claimed):
            news += _asked(actor, claim)
        elif claim is not None and isinstance(one.event, ClaimAnswered):
            news += _answered(one.id, one.event, claim)
    if news:
        notices.tell(actor, news=news)


def _asked(actor: Actor, claim: ToldClaim) -> list[News]:
    desk = holders_of(actor, power="orders.refund", county=claim.county)
    return [
        News("claim.asked", claim.county, str(claim.id), f"user:{user}", user, {"number": claim.number})
        for user in sorted({*desk, *claim.agents})
    ]


def _answered(key: UUID, event: ClaimAnswered, claim: ToldClaim) -> list[News]:
    """News by the event's key: a claim is answered again when what was sent instead was called off."""
    told = []
    for kind in answers_told(event.state, is_replaced=event.replacement is not None):
        facts = {"number": claim.number}
        if kind == "claim.refunded":
            facts["amount"] = _yuan(event.amount_fen)
        subject, recipient = f"{claim.order}:{key}", f"order:{claim.order}"
        told.append(News(kind, claim.county, subject, recipient, claim.buyer, facts))
    return told


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def reopen_claims(batch: Sequence[Delivered[Cancelled]]) -> None:
    """An order was called off: if it replaced what was claimed, the claim waits for an answer again."""
    orders = sorted({one.event.order for one in batch})
    replacing.reopen_claims(Actor.system("orders.reopen_claims"), orders=orders)


def on_group_closed(batch: Sequence[Delivered[GroupClosed]]) -> None:
    """A group is full: its members are served; or it failed: all of their money goes back, once."""
    for one in batch:
        settle_group(Actor.system("orders.on_group_closed"), group=one.event.group, outcome=one.event.outcome)


def on_shortfall(batch: Sequence[Delivered[Lost]]) -> None:
    """A lot has less than it promised, or may not be sold: orders that lost it are cancelled and refunded."""
    actor = Actor.system("orders.on_shortfall")
    for reason, kind in ((SHORT, Shortfall), (RECALLED, Blocked)):
        said = [one.event for one in batch if isinstance(one.event, kind)]
        keys = [parse_uuid(holder) for event in said for holder in event.holders]
        cancel_short(actor, lines=[key for key in keys if key is not None], reason=reason)
