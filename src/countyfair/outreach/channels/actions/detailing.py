"""The goods of orders from a platform's second file: put in the place of what the first told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop, mapped_goods
from countyfair.outreach.channels.actions.keeping import New, keep_lines
from countyfair.outreach.channels.actions.placing import place_waiting
from countyfair.outreach.channels.models import Arrival, ArrivalLine
from countyfair.outreach.channels.platforms.shape import TheirDetail, TheirOrder
from countyfair.outreach.channels.rules.arriving import lines_of
from countyfair.outreach.channels.rules.joining import with_details


@verb
def detail(actor: Actor, *, connection: UUID, told: Sequence[TheirDetail]) -> Counter[str]:
    """Say what the goods of these orders are; what waited for that is taken in.

    Orders that are taken in already stay as they are (`unchanged`); those that nobody told of yet are left
    out (`not_seen`): the list of orders comes first.

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such connection.
    """
    shop = locked_shop(actor, connection)
    last = {one.number: one for one in told}
    rows = Arrival.objects.select_for_update(no_key=True).filter(connection_id=shop.id, number__in=list(last))
    known = {row.number: row for row in rows.order_by("id")}
    counts: Counter[str] = Counter(not_seen=len(last) - len(known))
    waiting = [row for row in known.values() if row.standing in ("unpaid", "unmapped", "short", "refused")]
    counts["unchanged"] += len(known) - len(waiting)
    new = [_detailed(row, last[row.number]) for row in waiting]
    if new:
        mapped = mapped_goods(shop, new, now())
        ArrivalLine.objects.filter(arrival_id__in=[one.id for one in new]).delete()
        keep_lines(shop, new, mapped)
        counts["detailed"] += len(new)
        counts += place_waiting(actor, connection=shop.id, arrivals=[one.id for one in new])
    return +counts


def _detailed(row: Arrival, told: TheirDetail) -> New:
    whole = TheirOrder(row.number, "paid", (), row.due_fen, freight_fen=row.freight_fen)
    order = with_details(whole, told)
    return New(row.id, order, lines_of(order), row.fingerprint)
