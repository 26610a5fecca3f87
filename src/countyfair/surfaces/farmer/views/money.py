"""What the household was paid and why, and what is owed to it still."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.farmer.farm import Farm, page
from countyfair.trade.settlement.queries import statement
from countyfair.trade.settlement.queries.sales import sales

#: How far back the page looks.
DAYS = 120
#: Whose part it is: its word, and how its bar is drawn.
WHOSE: dict[str, tuple[Sentence, str]] = {
    "mine": (_("You"), "mine"),
    "neighbours": (_("Neighbours"), "near"),
    "station": (_("Station"), "rest"),
    "centre": (_("County centre"), "rest"),
    "courier": (_("Courier"), "rest"),
    "platform": (_("Platform"), "rest"),
}
#: What changed the money, besides sales.
WHATS: dict[str, Sentence] = {
    "sale": _("Sold"),
    "refund": _("Given back to a buyer"),
    "takeback": _("Given back to a buyer"),
    "payout": _("Paid to your account"),
    "returned": _("The bank sent it back"),
}


@page
def money(farm: Farm) -> HttpResponse:
    """Each sale with everybody's part of it; then how opening and closing add up."""
    before = now()
    since = before - timedelta(days=DAYS)
    found = statement(
        farm.actor, county=farm.household.county, owner=str(farm.id), since=since, before=before
    )
    sold = sales(farm.actor, farm.household, since=since)
    return farm.show(
        "money", {"statement": found, "sales": sold, "whose": WHOSE, "whats": WHATS, "since": since}
    )
