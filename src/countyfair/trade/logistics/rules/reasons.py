"""Why a parcel could not be given: what is chosen, how its scan keeps it, and how that is said to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """What it is called, and the picture that stands for it."""

    word: Sentence
    icon: str


#: Says only what is written beside it.
OTHER: Final = "other"
REASONS: dict[str, Reason] = {
    "absent": Reason(_("Nobody was there"), "house-with-garden"),
    "uncollected": Reason(_("Nobody came"), "house-with-garden"),
    "refused": Reason(_("The buyer does not want it"), "closed-mailbox-with-raised-flag"),
    "damaged": Reason(_("It is damaged"), "package"),
    "nowhere": Reason(_("The address is wrong"), "magnifying-glass-tilted-left"),
    OTHER: Reason(_("Something else"), "clipboard"),
}
#: What is asked at a buyer's door, and at the counter where a buyer picks up.
AT_DOOR = ("absent", "refused", "damaged", "nowhere", OTHER)
AT_COUNTER = ("uncollected", "refused", "damaged", OTHER)
#: Before the code of a reason; what was kept before there were codes is text as it was typed.
_MARK = "#"


def kept(reason: str, note: str) -> str:
    """A chosen reason, and what was written beside it, as a scan keeps them.

    Raises:
        Invalid: no such reason, or another one without a word on it.
    """
    if reason not in REASONS:
        raise Invalid(_("Choose what happened."), field="reason")
    if reason == OTHER and not note.strip():
        raise Invalid(_("Say what happened, in a few words."), field="note")
    return f"{_MARK}{reason} {note.strip()}".rstrip()


def in_words(evidence: str) -> str:
    """What a scan keeps, in the reader's language; what was kept as text, as it stands."""
    code, _gap, note = evidence.removeprefix(_MARK).partition(" ")
    if not evidence.startswith(_MARK) or code not in REASONS:
        return evidence
    word = "" if code == OTHER else str(REASONS[code].word)
    return " · ".join(part for part in (word, note) if part)
