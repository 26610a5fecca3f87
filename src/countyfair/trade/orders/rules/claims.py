"""Claims: their life as one table, how long one may claim, and who bears what was not as it should be.

`docs/claims.md` works an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence
from countyfair.trade.orders.rules.life import BUYER, SYSTEM, Move
from countyfair.trade.orders.rules.shares import COUNTY_CARRIER

#: What may be wrong with goods, where that was noticed, and what the packing tells; and who may bear it.
KINDS: dict[str, Sentence] = {
    "spoiled": _("Spoiled or damaged"),
    "short": _("Less than ordered"),
    "wrong": _("Something else came"),
    "missing": _("It never arrived"),
}
NOTICED: dict[str, Sentence] = {
    "counter": _("at the counter"),
    "door": _("at the door"),
    "home": _("later, at home"),
}
PACKING: dict[str, Sentence] = {
    "full": _("weighed in full"),
    "under": _("weighed too little"),
    "unknown": _("not known by weight"),
}
BEARERS: Final = ("household", "station", "courier", "platform", "centre")
WISHES: dict[str, Sentence] = {
    "money": _("Money back"),
    "replacement": _("The same goods again"),
}
#: How an order is "paid" that goes out instead of what was claimed.
REPLACEMENT: Final = "replacement"
#: What is wrong with the goods themselves: what replaces them comes from other lots.
NOT_FROM_ITS_LOTS = ("spoiled", "wrong")
STATES: dict[str, Sentence] = {
    "begun": _("Not sent yet"),
    "asked": _("Waiting for an answer"),
    "answered": _("Answered"),
    "awaiting": _("Goods are to come back"),
    "done": _("All settled"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
}

MOST_PHOTOS: Final = 6
MOST_WORDS: Final = 500
#: Claims on one line, whatever became of them: who was refused may ask again, not for ever.
MOST_CLAIMS: Final = 5

LIFE: tuple[Move, ...] = (
    Move("begun", "send", (BUYER,), "asked"),
    Move("begun", "withdraw", (BUYER,), "withdrawn"),
    Move("asked", "withdraw", (BUYER,), "withdrawn"),
    Move("asked", "refuse", ("orders.refund",), "refused"),
    Move("asked", "grant", ("orders.refund",), "answered"),
    Move("asked", "replace", ("orders.refund",), "answered"),
    Move("answered", "close", ("orders.refund",), "done"),
    Move("answered", "await_goods", ("orders.refund",), "awaiting"),
    Move("awaiting", "receive", ("orders.return",), "done", "way"),
    Move("awaiting", "give_up", ("orders.refund",), "done"),
    Move("awaiting", "reopen", (SYSTEM,), "asked"),
    Move("done", "reopen", (SYSTEM,), "asked"),
)
MOVED_ON: Sentence = _("Somebody has answered or changed this claim meanwhile. Look at it again.")

#: States in which a claim still stands for its packs: nobody claims them twice.
STANDS = ("begun", "asked", "answered", "awaiting", "done")


class Urgency(StrEnum):
    """How long a claim has waited for an answer: it rises in the queue by itself."""

    NEW = "new"
    LATE = "late"
    OVERDUE = "overdue"


LATE_AFTER = timedelta(hours=48)
OVERDUE_AFTER = timedelta(days=5)


def urgency(asked_at: datetime, moment: datetime) -> Urgency:
    """How urgent an unanswered claim is at a moment."""
    waited = moment - asked_at
    if waited >= OVERDUE_AFTER:
        return Urgency.OVERDUE
    return Urgency.LATE if waited >= LATE_AFTER else Urgency.NEW


def claimable_until(delivered_at: datetime, claim_window_days: int) -> datetime:
    """Until when a claim on what was delivered then is heard."""
    return delivered_at + timedelta(days=claim_window_days)


def noticed_where(kind: str, *, on_receipt: bool, is_pickup: bool) -> str:
    """Where it was noticed: what never came, where it should have come; else there, or at home later."""
    if not on_receipt and kind != "missing":
        return "home"
    return "counter" if is_pickup else "door"


def packing_evidence(billed: int, packed: int | None, *, goods_g: int | None, parcel_g: int | None) -> str:
    """What the scales said at packing: the line was `full` or `under`, or `unknown`.

    Args:
        billed, packed: base units of the line; packed None where it was not weighed by itself.
        goods_g: all goods that were billed in grams, None where some are counted in pieces.
        parcel_g: its parcels, wrapping and all; None where there is none.
    """
    if packed is not None:
        return "full" if packed >= billed else "under"
    if goods_g is None or parcel_g is None:
        return "unknown"
    return "full" if parcel_g >= goods_g else "under"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a claim is judged by. `days` are whole days from delivery to the claim."""

    kind: str
    noticed: str
    packing: str
    days: int


@dataclass(frozen=True, slots=True)
class BearerRow:
    """One row of a county's table: "" fits everything, `days` None any age, else at most so many."""

    kind: str
    noticed: str
    packing: str
    days: int | None
    bearer: str

    def fits(self, claim: Circumstances) -> bool:
        """Whether this row speaks of such a claim."""
        return (
            self.kind in ("", claim.kind)
            and self.noticed in ("", claim.noticed)
            and self.packing in ("", claim.packing)
            and (self.days is None or claim.days <= self.days)
        )


#: The table of a county that has not set its own: version 0.
DEFAULT_BEARERS: tuple[BearerRow, ...] = (
    BearerRow("missing", "counter", "", None, "station"),
    BearerRow("missing", "", "", None, "courier"),
    BearerRow("wrong", "", "", None, "station"),
    BearerRow("short", "door", "full", None, "courier"),
    BearerRow("short", "", "full", None, "platform"),
    BearerRow("short", "", "", None, "station"),
    BearerRow("spoiled", "door", "", 0, "courier"),
    BearerRow("spoiled", "", "", 3, "household"),
    BearerRow("", "", "", None, "platform"),
)


def proposed_bearer(table: Sequence[BearerRow], claim: Circumstances) -> str:
    """Who bears this claim by the table: its first row that fits. A checked table always has one."""
    return next(row.bearer for row in table if row.fits(claim))


def check_table(table: Sequence[BearerRow]) -> None:
    """Refuse a table that leaves a claim without a bearer, or says a thing twice.

    Raises:
        Invalid: field `row_N` names the row, counted from 0.
    """
    if not table or table[-1] != BearerRow("", "", "", None, table[-1].bearer):
        raise Invalid(
            _("The last row must fit every claim: leave all its conditions open."),
            field=f"row_{max(len(table) - 1, 0)}",
        )
    if len(table) > 40:
        raise Invalid(_("A table has at most 40 rows."), field="row_40")
    seen: set[tuple[str, str, str, int | None]] = set()
    for at, row in enumerate(table):
        known = (
            row.kind in ("", *KINDS)
            and row.noticed in ("", *NOTICED)
            and row.packing in ("", *PACKING)
            and row.bearer in BEARERS
            and (row.days is None or 0 <= row.days <= 60)
        )
        if not known:
            raise Invalid(_("Choose from the lists, and 0 to 60 days."), field=f"row_{at}")
        condition = (row.kind, row.noticed, row.packing, row.days)
        if condition in seen:
            raise Invalid(_("Two rows say the same. Take one away."), field=f"row_{at}")
        seen.add(condition)


def owner_of(bearer: str, *, kind: str, packed_at: UUID | None, picked_up_at: UUID | None) -> tuple[str, str]:
    """(beneficiary, owner) of who bears it: which station, where it is a station.

    What never reached its buyer was last with the station that gives it out; all else with the one that
    packed it. Where the county's centre did that, the centre bears it. "" owns a household's part: all
    households of the line, by what they gave to it.
    """
    if bearer == "courier":
        return "courier", COUNTY_CARRIER
    if bearer != "station":
        return bearer, ""
    station = picked_up_at if kind == "missing" and picked_up_at is not None else packed_at
    return ("station", str(station)) if station is not None else ("centre", "")


def packs_touched(amount: int, packs: int, sent: int) -> int:
    """How many of a line's packs so much is about, the last one in part."""
    return -(-amount * packs // sent)


def due_fen(billed_fen: int, sent: int, amount: int, left_fen: int) -> int:
    """What so much of a line cost, half a fen up, at most what is left of it after refunds.

    Args:
        billed_fen: what the whole line was billed, for the `sent` base units that were packed of it;
            `amount` is in base units too.
    """
    return min((2 * billed_fen * amount + sent) // (2 * sent), left_fen)
