"""Notes on lots: what can be noted, once, and what proves it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.stock.tests.factories import a_lot
from countyfair.trade.trace import actions, queries

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TEST: dict[str, Any] = {"kind": "tested", "on": today(), "laboratory": "样例检测站", "passed": True}


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(drawn, "JPEG", exif=Image.Exif().tobytes())
    return drawn.getvalue()


@pytest.mark.django_db
def test_a_test_with_its_report_is_kept_once() -> None:
    lot, note = a_lot(), uuid7()
    for _time in range(2):
        actions.note(SYSTEM, note=note, lot=lot, **TEST, paper=PDF)

    (kept,) = queries.history(SYSTEM, lot=lot).notes

    assert (kept.kind, kept.passed, kept.laboratory, kept.paper) == ("tested", True, "样例检测站", "pdf")
    assert queries.paper(SYSTEM, note=note) == ("pdf", PDF)
    with pytest.raises(Conflict):
        actions.note(SYSTEM, note=note, lot=lot, **TEST | {"passed": False})


@pytest.mark.django_db
def test_a_photo_is_drawn_anew() -> None:
    lot, note = a_lot(), uuid7()
    actions.note(SYSTEM, note=note, lot=lot, **TEST, paper=picture())

    kind, data = queries.paper(SYSTEM, note=note)

    assert kind == "webp"
    assert Image.open(io.BytesIO(data)).format == "WEBP"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "eaten"}, "kind"),
        ({"on": today() + timedelta(days=1)}, "on"),
        ({"kind": "sown", "on": today()}, ""),
        ({"laboratory": " "}, "laboratory"),
        ({"passed": None}, "passed"),
        ({"words": "长" * 201}, "words"),
        ({"kind": "field_work", "words": ""}, "words"),
        ({"paper": b"MZ not a paper"}, "paper"),
        ({"paper": PDF + b"x" * 2_200_000}, "paper"),
        ({"paper": PDF[:-8]}, "paper"),
        ({"paper": PDF.replace(b"/Type", b"/OpenAction/JavaScript/Type")}, "paper"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    changed: dict[str, Any], field: str
) -> None:
    lot = a_lot()
    if not field:
        actions.note(SYSTEM, note=uuid7(), lot=lot, **TEST | changed)  # on the day of harvest it can be
        return
    with pytest.raises(Invalid) as refused:
        actions.note(SYSTEM, note=uuid7(), lot=lot, **TEST | changed)
    assert refused.value.field == field
    assert queries.history(SYSTEM, lot=lot).notes == ()


@pytest.mark.django_db
def test_there_is_no_note_on_a_lot_that_is_not_there() -> None:
    with pytest.raises(Missing):
        actions.note(SYSTEM, note=uuid7(), lot=uuid7(), **TEST)
    with pytest.raises(Missing):
        queries.paper(SYSTEM, note=uuid7())
