"""What the household makes ready today: a picture, a number and a tick for each box."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Missing
from countyfair.surfaces.farmer.farm import Farm, page
from countyfair.trade.orders.actions import tick_box
from countyfair.trade.orders.queries.of_household import boxes


@page
def pack(farm: Farm) -> HttpResponse:
    """Its own part of what was ordered; sending ticks one box, or takes the tick back."""
    if farm.sent:
        line: UUID | None = parse_uuid(farm.request.POST.get("line", ""))
        ready = farm.request.POST.get("ready") == "1"
        try:
            if line is not None:
                tick_box(farm.actor, household=farm.id, line=line, ready=ready)
        except Missing as refusal:
            return farm.go("pack", said=refusal.sentence, kind="info")
        return farm.go("pack")
    return farm.show("pack", {"boxes": boxes(farm.actor, farm.household)})
