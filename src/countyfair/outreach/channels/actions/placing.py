"""Taking in what had to wait: for its goods to be mapped, or for stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop
from countyfair.outreach.channels.actions.paying_back import pay_back
from countyfair.outreach.channels.models import Arrival
from countyfair.outreach.channels.queries.arrivals import waiting_lines
from countyfair.outreach.channels.rules.arriving import Waiting
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.rules.outside import OutsideLine, OutsideOrder


@verb
def place_waiting(actor: Actor, *, connection: UUID, arrivals: Sequence[UUID]) -> Counter[str]:
    """Take in orders that waited, as far as their goods are mapped and there; answers where how many stand.

    Orders that do not wait are left alone. Who receives them is asked of the platform again when they are
    packed: it is not kept while they wait.

    Args:
        arrivals: at most 1,000.

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such connection.
    """
    shop = locked_shop(actor, connection)
    locked = Arrival.objects.select_for_update(no_key=True).filter(id__in=arrivals).order_by("id")
    rows = {row.id: row for row in locked if row.standing in ("unmapped", "short", "refused")}
    lines = waiting_lines(shop.id, arrivals=list(rows))
    counts: Counter[str] = Counter()
    wanted = []
    for key, of_order in groupby(lines, key=lambda line: line.arrival):
        found = list(of_order)
        standings = {line.standing for line in found}
        if "new" in standings:
            counts["unmapped"] += 1
        elif standings == {"ignored"}:
            counts["ignored"] += _stands(rows[key], "ignored", "")
        else:
            wanted.append(outside(found))
    if wanted:
        taken = orders.take_outside(
            actor, county=shop.county, outlet=shop.platform, seller=str(shop.id), orders=wanted
        )
        for one in taken:
            standing = "placed" if one.outcome in ("placed", "known") else one.outcome
            row = rows[one.order]
            counts[standing] += _stands(row, standing, one.why)
            if standing == "placed" and row.refunded_fen:
                counts["differing"] += pay_back(
                    actor, shop, row.id, number=row.number, before_fen=0, cut_fen=row.cut_fen,
                    total_fen=row.refunded_fen,
                )  # fmt: skip
    return counts


def outside(lines: Sequence[Waiting]) -> OutsideOrder:
    """The order of these lines as the trade takes it in."""
    first = lines[0]
    ours = [line for line in lines if line.offer is not None]
    return OutsideOrder(
        first.arrival, first.number,
        tuple(
            OutsideLine(line.offer, line.quantity * line.packs, line.amount_fen)
            for line in ours if line.offer is not None
        ),
        first.freight_fen, first.ordered_at, first.paid_at or first.ordered_at,
    )  # fmt: skip


def _stands(row: Arrival, standing: str, why: str) -> int:
    row.standing, row.why = standing, why
    row.save(update_fields=["standing", "why"])
    return 1
