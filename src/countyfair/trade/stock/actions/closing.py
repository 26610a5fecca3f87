"""Closing harvest cycles: what is sold ahead is off the shelf, and its households hear what was ordered."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions import take_down
from countyfair.trade.stock.events import CycleClosed
from countyfair.trade.stock.models import Cycle
from countyfair.trade.stock.queries.cycles import offers_of

#: Closing is the house's own work, whoever weighs the first of a harvest.
_HOUSE = Actor.system("stock.close_cycle")


@verb
def close_cycle(actor: Actor, *, cycle: UUID) -> None:
    """Sell no more of a cycle ahead. Closed already, nothing happens.

    Raises:
        Missing: no such cycle.
        Forbidden: no `catalog.offer` in its county.
    """
    row = locked_cycle(cycle)
    actor.require("catalog.offer", place=row.county)
    if row.state == "open":
        _close(row)


@verb
def close_due_cycles(actor: Actor, *, batch: int = 20) -> int:
    """Close the cycles whose time is over; answers how many. Each is closed and announced once."""
    due = list(
        Cycle.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(state="open", closes_at__lte=now())
        .order_by("closes_at", "id")[:batch]
    )
    for row in due:
        _close(row)
    return len(due)


def close_pool(product: UUID, name: str) -> None:
    """Close the cycle of a pool where it is open still: the first of its harvest is here."""
    found = Cycle.objects.select_for_update(no_key=True, of=("self",))
    row = found.filter(pool__product_id=product, pool__name=name, state="open").first()
    if row is not None:
        _close(row)


def locked_cycle(cycle: UUID) -> Cycle:
    """The cycle, its row locked until the end of the transaction.

    Raises:
        Missing: there is none.
    """
    row = Cycle.objects.select_for_update(no_key=True).filter(pk=cycle).first()
    if row is None:
        raise Missing(_("There is no such harvest cycle."))
    return row


def _close(row: Cycle) -> None:
    for offer in offers_of(row.pool_id):
        take_down(_HOUSE, offer=offer.id)
    row.state, row.closed_at = "closed", now()
    row.save(update_fields=["state", "closed_at"])
    announce(CycleClosed(row.id, row.product_id, row.expected_on), county=row.county)
