"""What is said of outside platforms at the desk: states, kinds, reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.surfaces.centre.words import State

#: What a file brings.
KINDS: dict[str, Sentence] = {
    "orders": _("Orders"),
    "details": _("Goods of orders"),
    "charges": _("Settlement"),
}
INTAKES: dict[str, State] = {
    "looked_at": State("waiting", _("To be looked through")),
    "waiting": State("active", _("Waiting for its turn")),
    "reading": State("active", _("Being read")),
    "done": State("done", _("Read")),
    "failed": State("stopped", _("Could not be read")),
    "stopped": State("quiet", _("Put away")),
}
MOVING = ("waiting", "reading")
#: What became of the rows of a file, or would: in the order in which it is shown.
COUNTS: dict[str, Sentence] = {
    "placed": _("Taken in"),
    "new": _("New"),
    "unpaid": _("Not paid yet"),
    "paid": _("Paid, to be sent"),
    "shipped": _("Sent"),
    "received": _("Received"),
    "closed": _("Called off there"),
    "unmapped": _("Wait until their goods are known"),
    "short": _("Lack goods"),
    "refused": _("Cannot be taken in"),
    "ignored": _("Not the county's"),
    "called_off": _("Called off"),
    "changed": _("Changed"),
    "detailed": _("Goods told"),
    "older": _("Older than what is known"),
    "unchanged": _("Known already"),
    "repeated": _("Twice in the file"),
    "differing": _("Do not fit"),
    "sale": _("Sales"),
    "refund": _("Refunds"),
    "subsidy": _("Subsidies"),
    "commission": _("Commission"),
    "service_fee": _("Service fees"),
    "promotion": _("Promotion fees"),
    "host": _("Hosts' commission"),
    "freight_insurance": _("Freight insurance"),
    "other": _("Other movements"),
}
LISTINGS: dict[str, Sentence] = {
    "new": _("Unknown"),
    "mapped": _("Known"),
    "ignored": _("Not the county's"),
}
#: Where an order of a platform stands with us.
ARRIVALS: dict[str, State] = {
    "unpaid": State("quiet", _("Not paid yet")),
    "unmapped": State("waiting", _("Its goods are unknown")),
    "short": State("stopped", _("Lacks goods")),
    "placed": State("done", _("Taken in")),
    "ignored": State("quiet", _("Not the county's")),
    "called_off": State("quiet", _("Called off")),
    "refused": State("stopped", _("Cannot be taken in")),
}
#: Why an order cannot be taken in.
WHY_NOT: dict[str, Sentence] = {
    "no_terms": _("The county has no share terms yet."),
    "unknown_offer": _("Its offer is not there any more."),
    "not_on_sale": _("Its offer is not on sale."),
    "service": _("Services are not taken in from platforms."),
    "weighed": _("It is billed by its packed weight, which a platform cannot do."),
    "currency": _("It is in another currency."),
    "amount": _("Its amount or number of packs cannot be."),
    "other_content": _("It was taken in before with other content."),
}
DIFFERENCES: dict[str, Sentence] = {
    "paid": _("Paid"),
    "refund": _("Refund"),
    "amount": _("Amount of the order"),
}
#: The likely reason of a difference.
REASONS: dict[str, Sentence] = {
    "subsidy": _("The platform's subsidy is missing"),
    "host": _("The host's subsidy is missing"),
    "subsidy_and_host": _("The platform's and the host's subsidies are missing"),
    "freight": _("The freight is missing"),
    "refund": _("The refund was taken off twice"),
    "too_much": _("More came than is owed"),
    "not_told": _("A refund that is known here was not taken off"),
    "not_known_here": _("A refund was taken off that is not known here"),
    "changed": _("A later file tells another amount"),
    "delivered": _("It was delivered already"),
    "unknown": _("No likely reason is known"),
}
#: What keeps a shop's API from being read on.
TROUBLES: dict[str, Sentence] = {
    "revoked": _("Its owner's consent is gone: it must be granted anew."),
    "unreachable": _("The platform does not answer. It is asked again."),
    "refused": _("The platform refuses what is asked."),
}
#: The look of a deadline by its urgency.
DEADLINES = {"late": "stopped", "soon": "waiting", "": "quiet"}


def label(platform: str) -> Sentence:
    """What a platform is called."""
    return PLATFORMS[platform].label if platform in PLATFORMS else platform
