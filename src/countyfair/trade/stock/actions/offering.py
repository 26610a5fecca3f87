"""Putting a pack up at several outlets at once, each fed from the product's pool under its own cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions import put_up
from countyfair.trade.stock.actions.feeding import feed


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: the id of its offer, made with the form, and what it may draw in base units (None: all)."""

    offer: UUID
    outlet: str
    cap: int | None = None


@verb
def put_up_and_feed(
    actor: Actor,
    *,
    pack: UUID,
    price: Money,
    outlets: Sequence[Outlet],
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    most_per_order: int = 99,
    most_per_buyer: int | None = None,
    expected_on: date | None = None,
    pool: str = "",
) -> None:
    """Put a pack up at all of these outlets or at none, and let each draw on one pool.

    Args:
        expected_on: of a harvest that it is sold ahead of.
        pool: the name of a pool of its own; "" is the product's common one.

    Raises:
        Invalid: no outlet, or terms that cannot be.
        Missing, Forbidden, Conflict: as `catalog.actions.put_up` and `feed`.
    """
    if not outlets:
        raise Invalid(_("Choose one outlet at least."), field="outlets")
    for one in sorted(outlets, key=lambda outlet: outlet.offer):
        put_up(
            actor,
            offer=one.offer,
            pack=pack,
            price=price,
            outlet=one.outlet,
            opens_at=opens_at,
            closes_at=closes_at,
            most_per_order=most_per_order,
            most_per_buyer=most_per_buyer,
            expected_on=expected_on,
        )
        feed(actor, offer=one.offer, cap=one.cap, pool=pool)
