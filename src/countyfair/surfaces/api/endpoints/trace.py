"""What a lot went through, notes on it with their papers, and recalls with who was told."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.stations import open_station
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, paged, shape
from countyfair.surfaces.centre.views.trace import TYPES, epcis_of
from countyfair.surfaces.ui.linked_data import JSON_LD
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.stock.queries import weighing
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.queries.recalls import RecallRow, TellingRow
from countyfair.trade.trace.rules.history import LotOf

routes = Routes()

Kind = Literal["sown", "field_work", "tested"]
Words = Annotated[Text, Field(max_length=400)]
Reason = Annotated[Text, Field(min_length=1, max_length=400)]
INSIDE = {"actor"}
HISTORY = shape("LotHistory", LotOf, leaves=INSIDE)
RECALLS = paged("Recall", RecallRow, leaves=INSIDE)
RECALL = shape("Recall", RecallRow, leaves=INSIDE)
TELLINGS = paged("Telling", TellingRow)


class NoteSaid(Given):
    """That a lot was sown, worked on or tested; `id` is a UUID that the caller makes."""

    id: UUID
    kind: Kind
    on: date
    words: Words = ""
    laboratory: Words = ""
    passed: bool | None = None


class RecallWanted(Given):
    """Why a lot is called back, and how bad it is; `id` is a UUID that the caller makes."""

    id: UUID
    severity: Word
    reason: Reason


class RecallLifted(Given):
    """Why a recall was a mistake."""

    reason: Reason


@routes.reads("/counties/{county}/lots/{lot}/history", HISTORY, scope="trace.read")
def lot_history(call: Call, county: County, lot: UUID) -> LotOf:
    """A lot from field to store: notes, counter-entries, recalls; whose it is stands nowhere here."""
    call.require("trace.read", county)
    return belongs(county, lambda: queries.history(call.actor, lot=lot), lambda row: row.county)


_history = lot_history


@routes.files("/counties/{county}/lots/{lot}/events", JSON_LD, scope="trace.read")
def lot_events(call: Call, county: County, lot: UUID) -> bytes:
    """All that is known of a lot as a GS1 EPCIS 2.0 document. Needs `orders.read` too, for its parcels."""
    return json.dumps(epcis_of(call.actor, _history(call, county, lot)), ensure_ascii=False).encode()


@routes.writes("/counties/{county}/lots/{lot}/notes", HISTORY, scope="trace.write", makes=True)
def note_lot(call: Call, county: County, lot: UUID, body: NoteSaid) -> LotOf:
    """Note what no scale shows: sown, worked on in the field, tested."""
    _history(call, county, lot)
    _note(call, lot, body)
    return _history(call, county, lot)


@routes.writes(
    "/counties/{county}/lots/{lot}/notes/{note}",
    HISTORY,
    scope="trace.write",
    method="PUT",
    takes=LARGEST_FILE,
    makes=True,
)
def note_lot_with_paper(
    call: Call,
    county: County,
    lot: UUID,
    note: UUID,
    data: bytes,
    kind: Kind,
    on: date,
    words: Words = "",
    laboratory: Words = "",
    passed: bool | None = None,
) -> LotOf:
    """The same with the paper that proves it, a PDF or a photo; `note` is a UUID that the caller makes."""
    _history(call, county, lot)
    actions.note(
        call.actor, note=note, lot=lot, kind=kind, on=on, words=words, laboratory=laboratory, passed=passed,
        paper=data,
    )  # fmt: skip
    return _history(call, county, lot)


@routes.files("/counties/{county}/lots/{lot}/notes/{note}/paper", *TYPES.values(), scope="trace.read")
def note_paper(call: Call, county: County, lot: UUID, note: UUID) -> tuple[str, bytes]:
    """The paper that proves a note."""
    _history(call, county, lot)
    kind, data = queries.paper(call.actor, note=note)
    return TYPES[kind], data


@routes.writes("/stations/{station}/lots/{lot}/notes", scope="trace.write")
def note_at_station(call: Call, station: UUID, lot: UUID, body: NoteSaid) -> None:
    """Note something of a lot that was weighed here. Needs `stock.read` too."""
    weighing.slip(call.actor, open_station(station), lot=lot)
    _note(call, lot, body)


@routes.reads("/counties/{county}/recalls", RECALLS, scope="trace.read")
def recalls(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[RecallRow]:
    """Recalls of a county, the latest first."""
    rows = queries.recalls(call.actor, county=county, before=cursors.moment_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.at, row.id))


@routes.reads("/counties/{county}/recalls/{recall}", RECALL, scope="trace.read")
def recall(call: Call, county: County, recall: UUID) -> RecallRow:
    """One recall: what was found of the lot, and how many buyers were told."""
    return belongs(county, lambda: queries.recall(call.actor, recall=recall), lambda row: row.county)


_recall = recall


@routes.reads("/counties/{county}/recalls/{recall}/tellings", TELLINGS, scope="trace.read")
def recall_tellings(
    call: Call,
    county: County,
    recall: UUID,
    state: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[TellingRow]:
    """The orders that had some of the lot, and whether their buyers were told."""
    rows = queries.tellings(
        call.actor,
        recall_=_recall(call, county, recall),
        state=state,
        after=cursors.key(cursor),
        limit=limit + 1,
    )
    return cursors.page(rows, limit, lambda row: (row.order,))


@routes.writes("/counties/{county}/lots/{lot}/recall", RECALL, scope="trace.write", makes=True)
def recall_lot(call: Call, county: County, lot: UUID, body: RecallWanted) -> RecallRow:
    """Call a lot back: nothing of it is sold any more, and whoever has some of it is told."""
    call.require("trace.recall", county)
    _history(call, county, lot)
    actions.recall_lot(call.actor, recall=body.id, lot=lot, severity=body.severity, reason=body.reason)
    return _recall(call, county, body.id)


@routes.writes("/counties/{county}/recalls/{recall}/lift", RECALL, scope="trace.write")
def lift_recall(call: Call, county: County, recall: UUID, body: RecallLifted) -> RecallRow:
    """Lift a recall that was a mistake; what is left of the lot is sold again."""
    _recall(call, county, recall)
    actions.lift_recall(call.actor, recall=recall, reason=body.reason)
    return _recall(call, county, recall)


@routes.writes("/counties/{county}/recalls/{recall}/tellings/{telling}/again", scope="trace.write")
def tell_again(call: Call, county: County, recall: UUID, telling: UUID) -> None:
    """Send a message again that nobody confirmed."""
    _recall(call, county, recall)
    actions.tell_again(call.actor, telling=telling)


def _note(call: Call, lot: UUID, body: NoteSaid) -> None:
    actions.note(
        call.actor, note=body.id, lot=lot, kind=body.kind, on=body.on, words=body.words,
        laboratory=body.laboratory, passed=body.passed,
    )  # fmt: skip
