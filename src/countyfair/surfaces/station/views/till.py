"""The till: what the books say lies in it, what was counted, and what went to the bank."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Refusal
from countyfair.registers.stations import actions, queries
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.ui.given import Correctable, Given


@page("till.read")
def till(point: Point) -> HttpResponse:
    """Count, say why when it differs, bank what is too much; below, the counts before."""
    if not point.sent:
        return _till(point)
    given = Given(point.request.POST)
    try:
        count = ui.once(point.request)
        counted_fen = given.money("counted").minor
        banked = given.money_if_any("banked") or Money(0)
        reason = given.text("reason", most=200)
        given.stop()
        actions.count_till(
            point.actor, count_id=count, station=point.at.id, counted_fen=counted_fen,
            banked_fen=banked.minor, reason=reason,
        )  # fmt: skip
    except Correctable as refusal:
        return _till(point, refusal)
    return point.go("till", said=_("Counted."))


def _till(point: Point, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.till(point.actor, station=point.at.id, limit=14)
    asks_why = refusal is not None and "expected_fen" in refusal.details
    return point.show("till", {"till": found, "asks_why": asks_why}, refusal=refusal)
