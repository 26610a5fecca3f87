"""How serious a recall is, what its buyers are told, how far the telling came."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence

#: In the order of the three classes that food laws know, the gravest first.
SEVERITIES: dict[str, Sentence] = {
    "serious": _("Serious: eating it may harm"),
    "moderate": _("Moderate: it may make unwell"),
    "minor": _("Minor: not as it should be"),
}
#: What a buyer is told to do.
ADVICE: dict[str, Sentence] = {
    "serious": _("Do not eat it, and keep it from others."),
    "moderate": _("Better do not eat it."),
    "minor": _("It is not as good as it should be."),
}
#: How far one telling came: its word for people and the look of its tag.
TELLINGS: dict[str, tuple[Sentence, str]] = {
    "waiting": (_("to be told"), "waiting"),
    "telling": (_("being told"), "active"),
    "told": (_("told"), "done"),
    "unsure": (_("not confirmed"), "stopped"),
    "unreachable": (_("not reachable"), "stopped"),
    "dropped": (_("not told: lifted before"), "quiet"),
}
#: A message that is being sent for so long was interrupted: whether it arrived, nobody knows.
HANGING = timedelta(minutes=2)


def check_recall(severity: str, reason: str) -> None:
    """Whether a lot can be recalled with these words.

    Raises:
        Invalid: no such severity, no reason, or one too long.
    """
    if severity not in SEVERITIES:
        raise Invalid(_("Say how serious it is."), field="severity")
    check_reason(reason)


def check_reason(reason: str) -> None:
    """Whether the reason says something.

    Raises:
        Invalid: it is empty or too long.
    """
    if not reason.strip():
        raise Invalid(_("Say why, in a few words."), field="reason")
    if len(reason) > 200:
        raise Invalid(_("Say it in at most 200 characters."), field="reason")


def blocker(recall: object) -> str:
    """The key under which a recall blocks its lot."""
    return f"recall:{recall}"
