"""What a lot went through: its history, notes with their papers, and the document of its events."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.refusal import Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import MOVEMENTS, PARCELS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.linked_data import linked
from countyfair.surfaces.ui.lot_note import typed
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.rules.epcis import document, lot_events, parcel_events
from countyfair.trade.trace.rules.history import LotOf
from countyfair.trade.trace.rules.notes import KINDS
from countyfair.trade.trace.rules.recalls import SEVERITIES

TYPES = {"pdf": "application/pdf", "webp": "image/webp"}
#: A document tells of so many parcels of a lot at most, the latest.
MOST_PARCELS = 1000


@page("trace.read")
def trace(desk: Desk, key: UUID) -> HttpResponse:
    """A lot's history, from field to parcels."""
    row = _own(desk, key)
    return desk.show(
        "lot_trace",
        {
            "lot": row,
            "parcels": queries.parcels_with(desk.actor, lot=row),
            "kinds": KINDS,
            "moves": MOVEMENTS,
            "parcel_states": PARCELS,
            "severities": SEVERITIES,
            "public": queries.addresses().lot(row) if row.item else "",
            "people": colleagues(desk.actor, county=desk.county, keys=[note.actor for note in row.notes]),
            "said": said,
        },
        codes=[row.place],
    )


@page("trace.note")
def note(desk: Desk, key: UUID) -> HttpResponse:
    """Note that it was sown, worked on or tested. The form's id becomes the note's."""
    row = _own(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        context = {
            "lot": row,
            "kinds": list(KINDS.items()),
            "typed": desk.request.POST,
            "once": desk.request.POST.get("once"),
            "most_day": today().isoformat(),
            "said": said,
        }
        return desk.show("lot_note", context, codes=[row.place], refusal=refusal)

    def act(given: Given) -> HttpResponse:
        actions.note(desk.actor, note=ui.once(desk.request), lot=key, **typed(desk.request))
        return desk.go("lot_trace", key, said=_("Noted."))

    return desk.asks(show, act)


@page("trace.read")
def paper(desk: Desk, key: UUID, note: UUID) -> HttpResponse:
    """The file that proves a note, to be saved: nothing of it is run or shown here."""
    _own(desk, key)
    kind, data = queries.paper(desk.actor, note=note)
    response = HttpResponse(data, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="note-{note}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


@page("trace.read")
def events(desk: Desk, key: UUID) -> HttpResponse:
    """All that is known of a lot as an EPCIS document, with the parcels that have some of it."""
    row = _own(desk, key)
    return linked(epcis_of(desk.actor, row), f"lot-{row.number}")


def epcis_of(actor: Actor, row: LotOf) -> dict[str, object]:
    """The EPCIS document of a lot and its parcels; for these it needs `orders.read` in the county.

    Raises:
        Forbidden: no such power.
    """
    names = queries.addresses()
    sent = queries.parcels_with(actor, lot=row, limit=MOST_PARCELS)
    of_parcels = [event for one in sent for event in parcel_events(one.parcel, names)]
    return document(lot_events(row, names) + of_parcels, names, now())


def _own(desk: Desk, key: UUID) -> LotOf:
    return desk.own(lambda: queries.history(desk.actor, lot=key), lambda row: row.county)
