"""Opening harvest cycles: announced harvests become lots that are expected, and an offer sells them ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.actions.offering import Outlet, put_up_and_feed
from countyfair.trade.stock.actions.pooling import pool_called
from countyfair.trade.stock.models import Cycle, Harvest, Lot
from countyfair.trade.stock.queries.cycles import pack_ahead
from countyfair.trade.stock.rules import SOLD_AHEAD, content_key, lot_number


@verb
def open_cycle(
    actor: Actor,
    *,
    cycle: UUID,
    harvests: Sequence[UUID],
    pack: UUID,
    price: Money,
    outlets: Sequence[Outlet],
    closes_at: datetime,
    opens_at: datetime | None = None,
    percent: int = 80,
    most_per_order: int = 99,
    most_per_buyer: int | None = None,
) -> None:
    """Sell announced harvests of one product ahead. The same again changes nothing.

    Args:
        cycle: an id made with the form.
        harvests: announced, of the pack's product, and not sold ahead yet.
        outlets: where, each with the id of its offer and what it may draw.
        percent: of what was announced, so much is sold ahead: harvests fall short more often than not.

    Raises:
        Missing: no such pack.
        Forbidden: no `catalog.offer` in the county.
        Invalid: no harvest, one that does not stand or is of other goods, a pack sold by weight, or terms
            that cannot be.
        Conflict: the id stands for another cycle, a harvest is sold ahead already, or the pack is on offer
            at one of the outlets.
    """
    content = content_key(
        actor.key, *sorted(harvests), pack, price.minor, *outlets, opens_at, closes_at, percent,
        most_per_order, *([most_per_buyer] if most_per_buyer else []),
    )  # fmt: skip
    known = Cycle.objects.filter(pk=cycle).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This was entered before with other particulars."))
        return
    box = pack_ahead(pack)
    actor.require("catalog.offer", place=box.county)
    if box.sold_by != "piece":
        raise Invalid(_("What is sold ahead is sold in packs of a fixed content."), field="pack")
    if not 1 <= percent <= 100:
        raise Invalid(_("Sell 1 to 100 % of it ahead."), field="percent")
    if closes_at <= now():
        raise Invalid(_("Choose a time to come."), field="closes_at")
    named = f"{SOLD_AHEAD}{cycle}"
    pool = pool_called(actor, box.county, box.product, named, kind="goods")
    rows = _announced(harvests, box.product, box.county)
    expected_on = max(row.expected_on for row in rows)
    Cycle.objects.create(
        id=cycle, county=box.county, product_id=box.product, pool_id=pool, percent=percent,
        closes_at=closes_at, expected_on=expected_on, opened_at=now(), content=content,
    )  # fmt: skip
    for row in rows:
        _expect(row, pool, named, percent)
    put_up_and_feed(
        actor, pack=pack, price=price, outlets=outlets, opens_at=opens_at, closes_at=closes_at,
        most_per_order=most_per_order, most_per_buyer=most_per_buyer, expected_on=expected_on, pool=named,
    )  # fmt: skip


def _announced(harvests: Sequence[UUID], product: UUID, county: str) -> list[Harvest]:
    rows = list(Harvest.objects.select_for_update(no_key=True).filter(id__in=harvests).order_by("id"))
    if not rows or len(rows) != len(set(harvests)):
        raise Invalid(_("Choose one announced harvest at least."), field="harvests")
    if any((row.product_id, row.county, row.state) != (product, county, "announced") for row in rows):
        raise Invalid(_("A harvest was weighed in or taken back meanwhile. Choose again."), field="harvests")
    if any(row.pool_name for row in rows):
        raise Conflict(_("One of these harvests is sold ahead already."))
    return rows


def _expect(row: Harvest, pool: UUID, named: str, percent: int) -> None:
    lot = Lot.objects.create(
        id=uuid7(), county=row.county, pool_id=pool, household_id=row.household_id, harvest=row,
        number=lot_number(row.id, row.expected_on), place=row.place, harvested_on=row.expected_on,
        weighed_at=now(), unit=row.unit, content="", expected=True,
    )  # fmt: skip
    row.pool_name = named
    row.save(update_fields=["pool_name"])
    amount = row.amount * percent // 100
    if amount:
        append("expect", lot=lot.id, county=row.county, on_hand=amount, source=f"expect:{lot.id}")
