"""Goods that buyers were asked to bring back: good ones go on the shelf, spoilt ones are written off."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Missing, Refusal
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import claims as reads
from countyfair.trade.orders.queries.claim_rows import ClaimRow
from countyfair.trade.orders.rules.claims import KINDS


@page("orders.return")
def awaited(point: Point) -> HttpResponse:
    """What is to come back here."""
    rows = reads.to_receive(point.actor, station=point.at.id)
    return point.show("claims", {"claims": rows, "kinds": KINDS})


@page("orders.return")
def receive(point: Point, claim: UUID) -> HttpResponse:
    """How many packs came back, and how they are."""
    row = next((one for one in reads.to_receive(point.actor, station=point.at.id) if one.id == claim), None)
    if row is None:
        raise Missing(_("Nothing of this is awaited here. Look at the list again."))
    if not point.sent:
        return _asking(point, row)
    given = Given(point.request.POST)
    try:
        good = given.whole("good_packs")
        bad = given.whole("bad_packs") if given.text("bad_packs") else 0
        given.stop()
        actions.receive_claimed(point.actor, claim_id=claim, good_packs=good, bad_packs=bad)
    except Correctable as refusal:
        return _asking(point, row, refusal)
    return point.go("claims", said=_("Noted: the goods are back."))


def _asking(point: Point, row: ClaimRow, refusal: Refusal | None = None) -> HttpResponse:
    context = {"claim": row, "kinds": KINDS, "may_write_off": point.may("stock.write_off")}
    return point.show("claim", context, refusal=refusal)
