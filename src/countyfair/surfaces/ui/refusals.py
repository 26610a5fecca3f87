"""The pages that say no: which picture, which title, and where to go from there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal, Sentence, SoldOut
from countyfair.surfaces.ui.page import SURFACES, render


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of refusal is shown: the state's look, a food picture, a title, and what to do when no
    sentence says it."""

    look: str
    food: str
    title: Sentence
    sentence: Sentence


FORBIDDEN = Way(
    "refused",
    "closed-mailbox-with-raised-flag",
    _("This door is closed to you"),
    _("Your role does not open this page. Sign in with another account, or ask the county's centre."),
)
MISSING = Way(
    "empty",
    "magnifying-glass-tilted-left",
    _("There is nothing here"),
    _("The address may be mistyped, or what stood here has been taken away."),
)
CONFLICT = Way(
    "empty",
    "balance-scale",
    _("It stands otherwise by now"),
    _("Somebody was quicker. Go back, look at it again and decide anew."),
)
SOLD_OUT = Way("empty", "basket", _("Sold out"), _("The last of it has just been sold."))
INVALID = Way(
    "refused", "scroll", _("This cannot be used as it is"), _("Go back, correct it and send it again.")
)
FAULT = Way(
    "fault",
    "hammer-and-wrench",
    _("Something broke on our side"),
    _("Nothing was changed by halves. Try again in a minute."),
)

ONLY_SENT = Way(
    "empty",
    "closed-mailbox-with-raised-flag",
    _("Nothing can be looked at here"),
    _("This address only takes what a form sends. Go back to the page with the form."),
)

WAYS = {
    400: INVALID,
    403: FORBIDDEN,
    404: MISSING,
    405: ONLY_SENT,
    409: CONFLICT,
    422: INVALID,
    500: FAULT,
}


#: Pages that wear the look of another surface.
WEARS = {"courier": "station"}


def way_of(refusal: Refusal) -> Way:
    """The closest way to show a refusal."""
    if isinstance(refusal, SoldOut):
        return SOLD_OUT
    return WAYS.get(refusal.status, INVALID)


def surface_of(path: str) -> str:
    """The surface that an address belongs to, by its first part; the shop owns the rest."""
    first = _first_of(path)
    first = WEARS.get(first, first)
    return first if first in SURFACES else "shop"


def _first_of(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else ""


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page for a Refusal, in the look of the surface where it happened."""
    return told(request, way_of(refusal), refusal.status, refusal.sentence)


def told(request: HttpRequest, way: Way, status: int, sentence: Sentence = "") -> HttpResponse:
    """A page that tells `sentence`, or what the way says by itself."""
    surface = surface_of(request.path)
    home = HOMES.get(_first_of(request.path), HOMES[surface])
    context = {"way": way, "status": status, "sentence": sentence or way.sentence, "home": home}
    return render(request, "ui/refused.html", context, surface=surface, status=status)


HOMES = {
    "shop": "/",
    "farmer": "/farmer/",
    "station": "/station/",
    "courier": "/courier/",
    "centre": "/centre/",
    "account": "/account/",
}
