"""Booking what platforms settled: order by order, once all of it fits; what does not stands in the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.differing import differ
from countyfair.outreach.channels.models import Arrival, Booking, Charge, Connection, Difference
from countyfair.outreach.channels.queries.settled import owed, to_book
from countyfair.outreach.channels.rules.settling import (
    PAYS,
    TAKES_BACK,
    Moved,
    Sums,
    misfit,
    statement_lines,
    sums,
)
from countyfair.registers.ledger.actions import post
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.rules.outside import Fee

#: So many orders are booked in one run of the job.
BATCH = 500


def book_settled(batch: int = BATCH) -> Counter[str]:
    """The job: book what waits, each order in its own transaction; answers how many were booked or queued."""
    actor = Actor.system("channels.book_settled")
    counts: Counter[str] = Counter()
    for one in to_book(batch):
        counts[book_order(actor, connection=one.connection, number=one.number)] += 1
    return counts


@verb
def book_order(actor: Actor, *, connection: UUID, number: str) -> str:
    """Book what a platform settled for one order: `booked`, `queued`, or `nothing` where nothing waits.

    What it paid and took back must be what we hold of the order; then its fees are borne, the order may be
    earned, and the money is in the bank. Else all of it waits in the queue of differences.

    Raises:
        Forbidden: no `channel.manage` in its county.
    """
    row, waiting, shop = _waiting(actor, connection, number)
    if row is None or not waiting:
        return "nothing"
    came = sums(_moved(waiting))
    wrong = misfit(owed([row.id])[row.id], came)
    if wrong is None:
        _book(actor, shop, row, waiting, came)
        return "booked"
    differ(
        shop, number=number, kind=wrong.kind, reason=wrong.reason, ours_fen=wrong.ours_fen,
        theirs_fen=wrong.theirs_fen,
    )  # fmt: skip
    _stand(waiting, "queued")
    return "queued"


@verb
def accept_difference(actor: Actor, *, difference: UUID, note: str) -> None:
    """Take what a platform settled as it is: what it paid less is borne as a fee is, and all of it is booked.

    Raises:
        Missing: there is none.
        Forbidden: no `channel.manage` in its county.
        Invalid: no note; or it is not about what was paid, or more came than was owed.
    """
    gap = Difference.objects.select_for_update(no_key=True).filter(id=difference).first()
    if gap is None:
        raise Missing(_("There is no such difference."))
    actor.require("channel.manage", place=gap.county)
    if gap.ended_at is not None:
        return
    if not note.strip():
        raise Invalid(_("Say in a few words how it was settled."), field="note")
    if gap.kind != "paid" or gap.theirs_fen > gap.ours_fen:
        raise Invalid(_("Only what was paid too little can be accepted as it is."), field="difference")
    row, waiting, shop = _waiting(actor, gap.connection_id, gap.number, ("waiting", "queued"))
    if row is not None and waiting:
        missing = gap.ours_fen - gap.theirs_fen
        short = Fee(f"difference:{gap.id}", row.id, "other", missing)
        came = sums(_moved(waiting))
        whole = Sums(came.paid_fen + missing, came.back_fen, came.fees_fen + missing)
        _book(actor, shop, row, waiting, whole, short)
    gap.ended_at, gap.ended_by, gap.note = now(), actor.key, note.strip()[:200]
    gap.save()


def _waiting(
    actor: Actor, connection: UUID, number: str, standings: Sequence[str] = ("waiting", "queued")
) -> tuple[Arrival | None, list[Charge], Connection]:
    """An order, locked, the movements of it that are not booked, and the shop it came from."""
    shop = Connection.objects.get(id=connection)
    actor.require("channel.manage", place=shop.county)
    locked = Arrival.objects.select_for_update(no_key=True)
    row = locked.filter(
        connection_id=connection, number=number, standing__in=("placed", "called_off")
    ).first()
    found = Charge.objects.select_for_update(no_key=True).filter(
        connection_id=connection, number=number, standing__in=standings
    )
    return row, list(found.order_by("id")), shop


def _book(
    actor: Actor, shop: Connection, row: Arrival, waiting: Sequence[Charge], came: Sums, *more: Fee
) -> None:
    fees = [
        Fee(f"{shop.id}:{one.key}:{one.kind}", row.id, one.kind, -one.amount_fen)
        for one in waiting if one.kind not in (*PAYS, TAKES_BACK)
    ]  # fmt: skip
    booking = Booking.objects.create(
        id=uuid7(), connection_id=shop.id, arrival_id=row.id, county=shop.county, gross_fen=came.gross_fen,
        fees_fen=came.fees_fen, net_fen=came.net_fen, at=now(),
    )  # fmt: skip
    if row.standing == "placed":
        orders.charge_fees(actor, fees=[*fees, *more])
        orders.settle_outside(actor, orders=[row.id])
    lines = statement_lines(shop.platform, booking.id, came)
    if lines:
        post(
            actor, county=shop.county, source=f"channel-statement:{booking.id}", what="channel-statement",
            booked_at=booking.at, lines=lines,
        )  # fmt: skip
    _stand(waiting, "booked", booking.id)


def _stand(charges: Sequence[Charge], standing: str, booking: UUID | None = None) -> None:
    keys = [one.id for one in charges]
    Charge.objects.filter(id__in=keys).update(standing=standing, booking_id=booking)


def _moved(charges: Sequence[Charge]) -> list[Moved]:
    return [Moved(one.id, one.key, one.kind, one.amount_fen) for one in charges]
