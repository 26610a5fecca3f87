"""A booking as its buyer sees it: its days, its code while it is open, and what calling it off gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.surfaces.ui.papers import qr
from countyfair.surfaces.ui.translation import gettext
from countyfair.trade.bookings import queries
from countyfair.trade.bookings.rules import Rule, code_of, part, shown
from countyfair.trade.orders.queries import OrderShown

ENDS: dict[str, Sentence] = {
    "redeemed": _("Your host has redeemed it"),
    "called_off": _("You called it off"),
    "no_show": _("Nobody came, so it was closed"),
}


@dataclass(frozen=True, slots=True)
class BookingPage:
    """`code` is "" where there is none to show; `back_fen` is what calling it off gives back today."""

    first_on: date
    last_on: date
    leaves_on: date
    days: int
    places: int
    code: str
    qr: SafeString | str
    ended: Sentence
    rule: tuple[str, ...]
    back_fen: int
    call_off_href: str


def of(order: OrderShown, call_off: str) -> BookingPage | None:
    """The booking of an order on the spot; one statement."""
    row = queries.booking_of(order)
    if row is None:
        return None
    code = code_of(order.id) if row.is_open and order.is_buyer else ""
    percent = row.rule.percent_back((row.first_on - today()).days)
    return BookingPage(
        row.first_on,
        row.last_on,
        row.last_on + timedelta(days=1),
        row.days,
        row.places,
        shown(code) if code else "",
        qr(scanned(code)) if code else "",
        ENDS.get(row.ended, ""),
        tuple(in_words(row.rule)),
        part(order.total_fen, percent) if percent else 0,
        call_off if row.is_open and order.is_buyer and percent else "",
    )


def scanned(code: str) -> str:
    """What the picture of a code says: the host's page. What stands behind # is sent to nobody."""
    return f"{absolute(url('farmer:my_guests'))}#{code}"


def in_words(rule: Rule) -> list[str]:
    """A rule of calling off, a sentence a tier."""
    words = []
    for days, percent in rule.tiers:
        words.append(
            ngettext(
                "Called off %(days)s day before or earlier: %(percent)s %% comes back",
                "Called off %(days)s days before or earlier: %(percent)s %% comes back",
                days,
            )
            % {"days": days, "percent": percent}
        )
    words.append(gettext("Later, nothing comes back."))
    return words
