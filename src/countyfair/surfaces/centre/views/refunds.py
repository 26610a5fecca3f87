"""Refunds on their way to the provider, and those that failed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.centre.desk import Correctable, Desk, page
from countyfair.surfaces.centre.given import Given
from countyfair.surfaces.centre.words import GATEWAYS, REFUNDS
from countyfair.trade.payments import actions, queries

#: The latest so many; older ones are found through their order.
MOST = 200


@page("payments.read")
def refunds(desk: Desk) -> HttpResponse:
    """The county's latest refunds; filter: state."""
    return _refunds(desk)


@page("payments.manage")
def retry(desk: Desk, key: UUID) -> HttpResponse:
    """Ask the provider again for a refund that failed."""
    desk.own(lambda: queries.refund(key), lambda row: row.county)
    try:
        actions.retry_refund(desk.actor, refund=key)
    except Correctable as refusal:
        return _refunds(desk, refusal)
    return desk.go("refunds", said=_("The provider is asked again."))


def _refunds(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.refunds(
        desk.actor, county=desk.county, state=Given(desk.request.GET).text("state"), limit=MOST
    )
    return desk.show(
        "refunds",
        {"refunds": found, "states": REFUNDS, "gateways": GATEWAYS, "asked": desk.request.GET, "most": MOST},
        refusal=refusal,
    )
