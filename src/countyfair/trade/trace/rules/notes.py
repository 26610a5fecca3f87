"""What may be noted of a lot, and what proves it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence

SOWN, FIELD_WORK, TESTED = "sown", "field_work", "tested"
KINDS: dict[str, Sentence] = {
    SOWN: _("Sown or planted"),
    FIELD_WORK: _("Worked on in the field"),
    TESTED: _("Tested"),
}
LARGEST_PAPER = 2 * 1024 * 1024
_PDF, _PDF_END = b"%PDF-", b"%%EOF"
#: What makes a document run or open something by itself.
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction")


def check_note(
    *, kind: str, on: date, words: str, laboratory: str, passed: bool | None, harvested_on: date, today: date
) -> None:
    """Whether a note can be.

    Raises:
        Invalid: no such kind, a day that cannot be, a test without laboratory or result, texts too long
            or missing; at its field.
    """
    if kind not in KINDS:
        raise Invalid(_("Choose what was done."), field="kind")
    if on > today:
        raise Invalid(_("This day lies in the future."), field="on")
    if kind != TESTED and on > harvested_on:
        raise Invalid(_("This was after the harvest. Write the day before it."), field="on")
    if kind == TESTED and (not laboratory.strip() or len(laboratory) > 80):
        raise Invalid(_("Write who tested it (80 characters at most)."), field="laboratory")
    if kind == TESTED and passed is None:
        raise Invalid(_("Say whether it passed."), field="passed")
    if len(words) > 200:
        raise Invalid(_("Say it in at most 200 characters."), field="words")
    if kind == FIELD_WORK and not words.strip():
        raise Invalid(_("Say what was done, in a few words."), field="words")


def is_document(data: bytes) -> bool:
    """Whether what was sent is a PDF document by its bytes."""
    return data.startswith(_PDF)


def check_document(data: bytes) -> None:
    """Whether a PDF document may be kept as it came.

    Raises:
        Invalid: too large, cut off, or it would run something when opened; field `paper`.
    """
    if len(data) > LARGEST_PAPER:
        raise Invalid(_("The file is too large: 2 MB at most."), field="paper")
    if _PDF_END not in data[-2048:]:
        raise Invalid(_("The file is cut off. Send it again."), field="paper")
    if any(mark in data for mark in _ACTIVE):
        raise Invalid(_("This document holds a program. Send a photo or a plain PDF."), field="paper")
