"""The form of a note on a lot, which stations and the desk share: `ui/lot_note.html` shows it."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from django.http import HttpRequest

from countyfair.surfaces.ui.given import Given

#: One byte more than any paper may have, so that what is too large is seen to be.
MOST_READ = 10 * 1024 * 1024 + 1
_ANSWERS = {"yes": True, "no": False}


class Typed(TypedDict):
    """What was typed, as the verb takes it."""

    kind: str
    on: date
    words: str
    laboratory: str
    passed: bool | None
    paper: bytes


def typed(request: HttpRequest) -> Typed:
    """What the form said.

    Raises:
        Invalid: the day cannot be read.
    """
    given = Given(request.POST)
    sent = request.FILES.get("paper")
    said: Typed = {
        "kind": given.text("kind"),
        "on": given.the_day("on"),
        "words": given.text("words"),
        "laboratory": given.text("laboratory"),
        "passed": _ANSWERS.get(given.text("passed")),
        "paper": sent.read(MOST_READ) if sent else b"",
    }
    given.stop()
    return said
