"""What was ordered ahead of a household's harvest: on the screen, aloud, and on paper."""

from __future__ import annotations

from django.http import HttpResponse

from countyfair.kernel.clock import today
from countyfair.surfaces.farmer.farm import Farm, page
from countyfair.surfaces.ui import printing
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.papers import SHEET
from countyfair.trade.stock.queries.cycles import to_bring


@page
def bring(farm: Farm) -> HttpResponse:
    """What to bring for pre-orders: so many packs of each, by when."""
    return farm.show("bring", {"parcels": to_bring(farm.actor, farm.household), "today": today()})


@page
def bring_paper(farm: Farm) -> HttpResponse:
    """The same as PDF, to hang up in the yard."""
    context = {
        "rows": to_bring(farm.actor, farm.household), "household": farm.household.number, "said": said,
        "today": today(),
    }  # fmt: skip
    name = f"bring-{farm.household.number}-{today()}"
    try:
        return printing.paper(name, "farmer/bring_paper.html", context, SHEET)
    except printing.NoPrinter as refusal:
        return farm.go("bring", said=refusal.sentence, kind="refused")
