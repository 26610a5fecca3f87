"""Payment providers' bills of each day, and what does not fit our books."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import BILL_GAPS, BILL_KINDS, BILL_REASONS, BILLS, GATEWAYS
from countyfair.surfaces.ui.given import Given
from countyfair.trade.payments import actions
from countyfair.trade.payments.queries.bills import bills, gaps


@page("payments.read")
def provider_bills(desk: Desk) -> HttpResponse:
    """The latest bills of all providers, and their differences: those that wait, or were dealt with."""

    def act(given: Given) -> HttpResponse:
        desk.require("payments.manage")
        key = given.key("gap", need=_("There is no such difference."))
        if key is None:
            raise Invalid(_("There is no such difference."), field="gap")
        actions.end_gap(desk.actor, gap=key, county=desk.county, note=given.text("note"))
        return desk.go("bills", said=_("Noted how it was settled."))

    return desk.asks(lambda refusal: _bills(desk, refusal), act)


def _bills(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    ended = desk.request.GET.get("ended") == "1"
    found = gaps(desk.actor, county=desk.county, ended=ended)
    context = {
        "bills": bills(desk.actor, county=desk.county),
        "gaps": found,
        "ended": ended,
        "gateways": GATEWAYS,
        "states": BILLS,
        "kinds": BILL_KINDS,
        "whats": BILL_GAPS,
        "reasons": BILL_REASONS,
        "people": colleagues(desk.actor, county=desk.county, keys=[row.ended_by for row in found]),
        "typed": desk.request.POST,
    }
    return desk.show("bills", context, refusal=refusal)
