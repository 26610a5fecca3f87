"""What comes back of a booking that is called off, and the code that its host redeems.

A code is twelve digits that belong to its order, the last a check digit; nobody keeps it. A host's phone
that must redeem without a line keeps of each booking a slow keyed hash: PBKDF2-HMAC-SHA-256 (RFC 8018)
under the household's own key, which a browser computes by itself from what is typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.money import allocate
from countyfair.kernel.numbers import check_digit, is_whole
from countyfair.kernel.refusal import Invalid, Sentence
from countyfair.kernel.seal import blind

#: A booking is for so many days in a row at most, and begins within so many.
MOST_DAYS, FARTHEST = 30, 366
#: So many days after its last one, a booking that nobody redeemed or sent in is taken for a no-show.
GRACE_DAYS = 3
#: Rounds of the slow hash: some ten milliseconds on a server, half a second on a cheap phone.
ROUNDS = 30_000
CODE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """How a booking may be called off: (days before its first day, per cent back), the most days first."""

    tiers: tuple[tuple[int, int], ...]
    no_show_percent: int = 0

    def percent_back(self, days_before: int) -> int:
        """Per cent of the price that comes back `days_before` days before the first day; 0 from then on."""
        if days_before < 1:
            return 0
        return next((percent for days, percent in self.tiers if days_before >= days), 0)


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule that a host chooses by its picture."""

    label: Sentence
    icon: str
    rule: Rule


PRESETS: dict[str, Preset] = {
    "easy": Preset(_("All back until the day before"), "sun", Rule(((1, 100),))),
    "fair": Preset(
        _("All back until 7 days before, half until 2 days before"),
        "tear-off-calendar",
        Rule(((7, 100), (2, 50))),
    ),
    "firm": Preset(
        _("All back until 14 days before, half until 7 days before"), "scroll", Rule(((14, 100), (7, 50)))
    ),
}
#: The rule of a service whose host chose none.
USUAL = PRESETS["fair"].rule


def checked(rule: Rule) -> Rule:
    """The rule, its tiers in order.

    Raises:
        Invalid: no tier, days or percentages out of range, or less back for who calls off earlier.
    """
    tiers = tuple(sorted(rule.tiers, reverse=True))
    percents = [percent for _days, percent in tiers]
    if (
        not 0 < len(tiers) <= 5
        or len({days for days, _percent in tiers}) != len(tiers)
        or not all(1 <= days <= FARTHEST and 0 < percent <= 100 for days, percent in tiers)
        or percents != sorted(percents, reverse=True)
        or not 0 <= rule.no_show_percent <= 100
    ):
        raise Invalid(_("Who calls off earlier gets no less back: 1 to 100 %, 1 to 366 days before."))
    return Rule(tiers, rule.no_show_percent)


def part(total_fen: int, percent: int) -> int:
    """So many per cent of a price, in whole fen; the remainder as in all splits of the house."""
    return allocate(total_fen, (percent, 100 - percent))[0]


def days_of(first_on: date, days: int) -> tuple[date, ...]:
    """The days of a booking."""
    return tuple(first_on + timedelta(days=step) for step in range(days))


def check_wish(first_on: date, days: int, places: int, today: date) -> None:
    """Refuse days and places that cannot be booked.

    Raises:
        Invalid: with its field.
    """
    if not today <= first_on <= today + timedelta(days=FARTHEST):
        raise Invalid(_("Choose a day from today on, within a year."), field="on")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Choose between 1 and %(most)d days.") % {"most": MOST_DAYS}, field="days")
    if not 1 <= places <= 99:
        raise Invalid(_("Choose between 1 and 99 places."), field="places")


def code_of(order: UUID) -> str:
    """The code of an order's booking; see the head of this file."""
    body = str(int(blind(str(order), "booking.code"), 16) % 10 ** (CODE_DIGITS - 1)).zfill(CODE_DIGITS - 1)
    return body + check_digit(body)


def typed(code: str) -> str:
    """A code as it was typed or scanned, without what stands between its digits.

    Raises:
        Invalid: no code.
    """
    digits = "".join(sign for sign in code if sign.isdecimal())
    digits = "".join(str(int(sign)) for sign in digits)
    if len(digits) != CODE_DIGITS or not is_whole(digits):
        raise Invalid(_("A code has 12 digits, and this one is not right. Look at it again."), field="code")
    return digits


def shown(code: str) -> str:
    """A code in groups of four, to be read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def key_of(household: UUID) -> str:
    """The key of a household's hashes (32 hex digits), which its phone keeps beside them."""
    return blind(str(household), "booking.key")[:32]


def hash_of(code: str, household: UUID) -> str:
    """The slow hash of a code (64 hex digits), as the browser computes it too."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), key_of(household).encode(), ROUNDS).hex()


def tiers_of(said: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """The tiers of a rule as they were kept."""
    return tuple((int(days), int(percent)) for days, percent in said)
