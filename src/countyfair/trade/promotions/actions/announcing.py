"""What the stalls' pages tell of promotions: shops know whether there may be something to tell."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.shops import mark_announcing
from countyfair.trade.promotions.queries.announced import shops_behind, shops_of


@verb
def announce_at(actor: Actor, *, county: str, shop: UUID | None) -> None:
    """From now on something is told at this shop, or at all of the county's.

    Raises:
        Forbidden: no `catalog.offer` in the county or at the shop's operator.
    """
    mark_announcing(actor, shops=[shop] if shop else shops_of(county=county), announces=True)


@verb
def follow_shops(actor: Actor, *, batch: int = 500) -> int:
    """Let shops at which nothing is told any more forget it, and those opened since learn; how many did.

    They are held before it is asked again, as by who gives out something to be told.
    """
    before = shops_behind(limit=batch)
    mark_announcing(actor, shops=[row.shop for row in before], announces=True)
    quiet = {row.shop for row in before if not row.announces}
    still = {row.shop for row in shops_behind(limit=None) if not row.announces}
    mark_announcing(actor, shops=quiet & still, announces=False)
    return len(before)
