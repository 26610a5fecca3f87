"""Why the house itself ends an order: what its journal keeps, and how that is said to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence

SHORT = "the goods are not there"
RECALLED = "its lot was recalled"
UNPAID = "not paid in time"
HARVEST_SHORT = "the harvest fell short"
GONE = "paid when the goods were gone"
LATE = "paid when it could no longer be served"
FELL_THROUGH = "its group did not come together in time"

#: Steps of the journal that leave the order where it is: a lot of it was recalled, or was not after all.
RECALL = "recall"
RECALL_LIFTED = "recall_lifted"
#: A refund after a claim, by what was wrong.
CLAIMED = {
    "spoiled": "claim: spoiled",
    "short": "claim: short",
    "wrong": "claim: wrong",
    "missing": "claim: missing",
}
#: And: what was sold ahead got what was weighed of its harvest.
ALLOT = "allot"
REPLACED = "claim: replacement"

_SAID: dict[str, Sentence] = {
    SHORT: _("The goods are not there any more"),
    RECALLED: _("A lot it was to be packed from was recalled"),
    HARVEST_SHORT: _("The harvest was smaller than expected"),
    UNPAID: _("It was not paid in time"),
    GONE: _("It was paid when the goods were gone"),
    FELL_THROUGH: _("Its group did not come together in time"),
    LATE: _("The money came when the goods were gone"),
    CLAIMED["spoiled"]: _("Claim: the goods were spoiled"),
    CLAIMED["short"]: _("Claim: there was less than ordered"),
    CLAIMED["wrong"]: _("Claim: it was something else"),
    CLAIMED["missing"]: _("Claim: it never arrived"),
    REPLACED: _("Sent instead of what was claimed"),
}


def in_words(reason: str) -> Sentence:
    """A reason in the reader's language where it is the house's own; as somebody typed it elsewhere."""
    return _SAID.get(reason, reason)
