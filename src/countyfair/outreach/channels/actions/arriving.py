"""Orders that a platform tells of, a batch at a time: kept, taken in, or put where a person looks at them.

A batch is one transaction. Told again, all or in part, nothing is doubled: an order is known by its number
at its connection, and what was told of it last by a fingerprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.differing import differ
from countyfair.outreach.channels.actions.keeping import New, keep_arrivals, keep_lines, keep_listings
from countyfair.outreach.channels.actions.paying_back import pay_back
from countyfair.outreach.channels.models import Arrival, ArrivalLine, Connection
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import TheirLine, TheirOrder
from countyfair.outreach.channels.queries.arrivals import known_arrivals, listings_of
from countyfair.outreach.channels.rules.arriving import (
    SOLD,
    KnownArrival,
    Mapped,
    fingerprint,
    goes_forward,
    lines_of,
    outside_order,
    ship_before,
    standing_of,
)
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.rules.outside import OutsideOrder, Taken

#: At most so many orders in one batch.
BATCH = 500


@verb
def bring(actor: Actor, *, connection: UUID, told: Sequence[TheirOrder]) -> Counter[str]:
    """Keep what a platform told of these orders; answers how many came to what.

    Words: `unchanged`, `changed`, and where a new one stands: `placed`, `unmapped`, `short`, `refused`,
    `unpaid`, `ignored`, `called_off`; `differing` counts what stands in the queue of differences.

    Args:
        told: at most `BATCH`; of an order told twice in it the later counts.

    Raises:
        Forbidden: no `channel.manage` in the county of the connection.
        Missing: no such connection.
    """
    shop = locked_shop(actor, connection)
    last = {order.number: order for order in told}
    known = known_arrivals(connection, list(last))
    counts: Counter[str] = Counter(repeated=len(told) - len(last))
    new, changed = [], []
    for number, order in last.items():
        before, print_ = known.get(number), fingerprint(order)
        if before is None:
            new.append(New(uuid7(), order, lines_of(order), print_))
        elif before.fingerprint == print_:
            counts["unchanged"] += 1
        else:
            changed.append((before, order, print_))
    # Orders before stock: those that changed are locked, all at once, before any new one draws on a lot.
    orders.lock_outside(actor, orders=[before.id for before, _order, _print in changed])
    for before, order, print_ in changed:
        counts += _change(actor, shop, before, order, print_)
    if new:
        counts += _keep(actor, shop, new)
    return +counts


def locked_shop(actor: Actor, connection: UUID) -> Connection:
    """A shop of ours on a platform, for who may bring something of it home.

    Raises:
        Missing: there is none.
        Forbidden: no `channel.manage` in its county.
    """
    shop = Connection.objects.filter(id=connection).first()
    if shop is None:
        raise Missing(_("There is no such shop on a platform."))
    actor.require("channel.manage", place=shop.county)
    return shop


def _keep(actor: Actor, shop: Connection, new: Sequence[New]) -> Counter[str]:
    moment = now()
    mapped = mapped_goods(shop, new, moment)
    standings = {one.id: standing_of(one.order.state, one.lines, mapped) for one in new}
    wanted = [
        outside_order(one.id, one.order, one.lines, mapped, moment)
        for one in new
        if standings[one.id] == "placing"
    ]
    # Kept before they are taken in, as if all will be: what is checked then holds no lot that others want.
    keep_arrivals(shop, new, {**standings, **{one.order: "placed" for one in wanted}}, moment)
    keep_lines(shop, new, mapped)
    for taken in _take(actor, shop, wanted):
        standings[taken.order] = _standing(taken)
        if standings[taken.order] != "placed":
            row = Arrival.objects.filter(id=taken.order)
            row.update(standing=standings[taken.order], why=taken.why)
    counts = Counter(standings.values())
    for one in new:
        if standings[one.id] == "placed" and one.order.refunded_fen:
            counts["differing"] += pay_back(
                actor, shop, one.id, number=one.order.number, before_fen=0, reason=one.order.reason,
                total_fen=one.order.refunded_fen,
            )  # fmt: skip
    return counts


def _take(actor: Actor, shop: Connection, wanted: Sequence[OutsideOrder]) -> list[Taken]:
    if not wanted:
        return []
    return orders.take_outside(
        actor, county=shop.county, outlet=shop.platform, seller=str(shop.id), orders=wanted
    )


def _standing(taken: Taken) -> str:
    return "placed" if taken.outcome in ("placed", "known") else taken.outcome


def mapped_goods(shop: Connection, new: Sequence[New], moment: datetime) -> dict[str, Mapped]:
    """What the goods of these orders are here; what was never seen becomes a listing that waits."""
    seen: dict[str, tuple[TheirLine, int]] = {}
    for one in new:
        for theirs, line in zip(one.order.lines, one.lines, strict=True):
            seen[line.listing] = (theirs, line.amount_fen // line.quantity)
    mapped = listings_of(shop.id, seen)
    unseen = sorted(key for key in seen if key not in mapped)
    if unseen:
        keep_listings(shop, [(key, *seen[key]) for key in unseen], moment)
        mapped |= listings_of(shop.id, unseen)
    return mapped


def _change(
    actor: Actor, shop: Connection, before: KnownArrival, order: TheirOrder, print_: str
) -> Counter[str]:
    """What changed of an order that was told of before; an older file takes nothing back."""
    counts: Counter[str] = Counter()
    row = Arrival.objects.select_for_update(no_key=True).get(id=before.id)
    forward = goes_forward(before.state, order.state)
    if row.state != order.state and not forward:
        return Counter(older=1)
    counts["changed"] += 1
    if row.standing == "placed" and order.due_fen != row.due_fen and order.state != "closed":
        counts["differing"] += differ(
            shop, number=row.number, kind="amount", reason="changed", ours_fen=row.due_fen,
            theirs_fen=order.due_fen,
        )  # fmt: skip
    row.state, row.aftersale, row.fingerprint, row.seen_at = order.state, order.aftersale, print_, now()
    row.paid_at = row.paid_at or order.paid_at
    row.ship_before = row.ship_before or ship_before(order, PLATFORMS[shop.platform].ship_hours)
    if row.standing == "placed":
        counts["differing"] += _follow(actor, shop, row, order)
    elif order.state == "closed":
        row.standing, row.why = "called_off", "closed"
    elif row.standing == "unpaid" and order.state in SOLD:
        counts += _paid_now(actor, shop, row, order)
    row.refunded_fen = max(row.refunded_fen, order.refunded_fen)
    row.save()
    return counts


def _paid_now(actor: Actor, shop: Connection, row: Arrival, order: TheirOrder) -> Counter[str]:
    """An order that waited for its buyer's money is taken in, at the amounts that were paid."""
    one = New(row.id, order, lines_of(order), row.fingerprint)
    mapped = mapped_goods(shop, [one], now())
    row.standing = standing_of(order.state, one.lines, mapped)
    row.due_fen, row.freight_fen = order.due_fen, order.freight_fen
    row.platform_fen, row.host_fen, row.shop_fen = order.platform_fen, order.host_fen, order.shop_fen
    ArrivalLine.objects.filter(arrival_id=row.id).delete()
    keep_lines(shop, [one], mapped)
    if row.standing == "placing":
        (taken,) = _take(actor, shop, [outside_order(row.id, order, one.lines, mapped, now())])
        row.standing, row.why = _standing(taken), taken.why
    return Counter({row.standing: 1})


def _follow(actor: Actor, shop: Connection, row: Arrival, order: TheirOrder) -> int:
    """What became of an order that is here: sent, received, called off, paid back. How many differences."""
    differing = 0
    if order.state == "closed":
        try:
            orders.call_off_outside(actor, order=row.id, reason=order.reason or "closed")
            row.standing, row.why = "called_off", "closed"
        except Refusal:
            differing += _refund(actor, shop, row, order, everything=True)
        return differing
    if order.state in ("shipped", "received") and order.waybill:
        orders.send_outside(actor, order=row.id, carrier=order.carrier, waybill=order.waybill)
        row.waybill_at = row.waybill_at or now()
    if order.state == "received":
        orders.confirm_outside(actor, orders=[row.id])
    if order.refunded_fen > row.refunded_fen:
        differing += _refund(actor, shop, row, order)
    return differing


def _refund(
    actor: Actor, shop: Connection, row: Arrival, order: TheirOrder, *, everything: bool = False
) -> int:
    """What came back to its buyer since; all of it, where a closed order does not say how much."""
    return pay_back(
        actor, shop, row.id, number=row.number, before_fen=row.refunded_fen, cut_fen=row.cut_fen,
        total_fen=order.due_fen if everything and not order.refunded_fen else order.refunded_fen,
        reason=order.reason,
    )  # fmt: skip
