"""What a platform was told of stock."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop
from countyfair.outreach.channels.models import Listing


@verb
def note_stock_told(actor: Actor, *, connection: UUID, told: Mapping[UUID, int]) -> int:
    """A platform was told that so many pieces of these listings may be sold; answers of how many.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
    """
    shop = locked_shop(actor, connection)
    rows = Listing.objects.select_for_update(no_key=True).filter(connection_id=shop.id, id__in=told)
    moment, changed = now(), []
    for row in rows.order_by("id"):
        row.told_packs, row.told_at = told[row.id], moment
        changed.append(row)
    return Listing.objects.bulk_update(changed, ["told_packs", "told_at"]) if changed else 0
