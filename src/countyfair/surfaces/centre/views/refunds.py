"""Refunds on their way to the provider, and those that failed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.words import GATEWAYS, REFUNDS
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.payments import actions, queries


@page("payments.read")
def refunds(desk: Desk) -> HttpResponse:
    """The county's refunds, the latest first; filter: state."""
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
        desk.actor, county=desk.county, state=Given(desk.request.GET).text("state"),
        after=after_moment(desk.request), limit=ROWS + 1,
    )  # fmt: skip
    shown = leaf(desk.request, found, lambda row: by_moment(row.asked_at, row.id), path=desk.at("refunds"))
    return desk.show(
        "refunds",
        {"leaf": shown, "states": REFUNDS, "gateways": GATEWAYS, "asked": desk.request.GET},
        refusal=refusal,
    )
