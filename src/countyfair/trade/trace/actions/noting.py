"""Noting what happened to a lot that no other journal holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.rules.pictures import read_picture
from countyfair.trade.stock.rules import content_key
from countyfair.trade.trace.models import Note, Paper
from countyfair.trade.trace.queries.histories import history
from countyfair.trade.trace.rules.history import LotOf
from countyfair.trade.trace.rules.notes import check_document, check_note, is_document


@verb
def note(
    actor: Actor,
    *,
    note: UUID,
    lot: UUID,
    kind: str,
    on: date,
    words: str = "",
    laboratory: str = "",
    passed: bool | None = None,
    paper: bytes = b"",
) -> None:
    """Note that a lot was sown, worked on in the field or tested. The same note again changes nothing.

    Args:
        note: made with the form.
        laboratory, passed: of a test: who made it, and whether the lot passed.
        paper: the report as PDF or photo, empty for none; a photo is drawn anew without its metadata.

    Raises:
        Missing: no such lot.
        Forbidden: no `trace.note` where the lot was harvested or weighed.
        Invalid: something of it cannot be; at its field.
        Conflict: the id was used for another note.
    """
    found = history(actor, lot=lot)
    if not actor.may("trace.note", place=found.station.place or None):
        actor.require("trace.note", place=found.place)
    content = content_key(actor.key, lot, kind, on, words, laboratory, passed, paper)
    known = Note.objects.filter(id=note).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This note was entered before with other content. Start a new one."))
        return
    check_note(
        kind=kind, on=on, words=words, laboratory=laboratory, passed=passed,
        harvested_on=found.harvested_on, today=today(),
    )  # fmt: skip
    is_test = kind == "tested"
    Note.objects.create(
        id=note, county=found.county, lot_id=lot, kind=kind, on=on, words=words.strip(),
        laboratory=laboratory.strip() if is_test else "", passed=passed if is_test else None,
        content=content, at=now(),
    )  # fmt: skip
    if paper:
        _keep(found, note, paper)


def _keep(lot: LotOf, note: UUID, data: bytes) -> None:
    if is_document(data):
        check_document(data)
        Paper.objects.create(county=lot.county, note_id=note, kind="pdf", data=data)
        return
    try:
        drawn = read_picture(data).renditions
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="paper") from None
    widest = max((one for one in drawn if one.extension == "webp"), key=lambda one: one.width)
    Paper.objects.create(county=lot.county, note_id=note, kind="webp", data=widest.data)
