"""What the agent notes of a lot that no scale shows: sown, worked on in the field, tested."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Conflict, Invalid, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.ui.lot_note import typed
from countyfair.trade.stock.queries import weighing
from countyfair.trade.trace import actions
from countyfair.trade.trace.rules.notes import KINDS


@page("trace.note")
def note(point: Point, lot: UUID) -> HttpResponse:
    """A note on a lot that was weighed here. The form's id becomes the note's."""
    row = weighing.slip(point.actor, point.at, lot=lot)
    if not point.sent:
        return _form(point, row)
    try:
        actions.note(point.actor, note=ui.once(point.request), lot=lot, **typed(point.request))
    except (Invalid, Conflict) as refusal:
        return _form(point, row, refusal)
    return point.go("slip", lot, said=_("Noted."))


def _form(point: Point, row: weighing.Slip, refusal: Refusal | None = None) -> HttpResponse:
    context = {"slip": row, "kinds": list(KINDS.items()), "most_day": today().isoformat()}
    return point.show("lot_note", context, refusal=refusal)
