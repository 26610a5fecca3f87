"""A household ticks what stands ready of its own."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import queries as people
from countyfair.trade.orders.models import Tick
from countyfair.trade.orders.queries.of_household import box


@verb
def tick_box(actor: Actor, *, household: UUID, line: UUID, ready: bool) -> None:
    """Say that a household's part of a line stands ready, or not after all. The same again is nothing.

    By the household itself, or with `harvest.announce` at its place.

    Raises:
        Missing: no such household, or no line of a paid order that its lots are in.
        Forbidden: neither.
    """
    whose = people.household(actor, household_id=household)
    if actor.user_id is None or actor.user_id != whose.user_id:
        actor.require("harvest.announce", place=whose.place)
    if box(whose, line=line) is None:
        raise Missing(_("This box is not to be packed any more."))
    if not ready:
        Tick.objects.filter(line_id=line, household_id=household).delete()
        return
    made = Tick(id=uuid7(), line_id=line, county=whose.county, household_id=household, at=now())
    Tick.objects.bulk_create([made], ignore_conflicts=True)
