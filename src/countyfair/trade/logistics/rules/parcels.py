"""What a parcel's waybill says, and the life of a parcel."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.numbers import check_digit, digits, is_whole
from countyfair.kernel.refusal import Conflict, Invalid

#: A scan says at least in which county it was made.
COUNTY_LENGTH = 6


def waybill(county: str, parcel: UUID, attempt: int = 0) -> str:
    """The parcel's number in the county's own series: CF, county, ten digits, check digit."""
    body = county + digits(parcel, 10, attempt)
    return f"CF{body}{check_digit(body)}"


def is_waybill(text: str) -> bool:
    """Whether `text` can be a waybill of ours: any one mistyped digit shows."""
    return text.startswith("CF") and len(text) == 19 and is_whole(text[2:])


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a parcel's life: what happens to it, from where, to where.

    `power` must be held at the place of the scan; "" where the room above decides who may.
    """

    verb: str
    before: tuple[str, ...]
    after: str
    power: str = ""


#: The life of a parcel. `failed` may go out again or come back; `delivered` and `returned` are its two ends.
LIFE: tuple[Move, ...] = (
    Move("hand_over", ("packed",), "handed_over"),
    Move("arrive", ("handed_over",), "arrived", "logistics.scan"),
    Move("deliver", ("packed", "handed_over", "arrived", "failed"), "delivered"),
    Move("fail", ("handed_over", "arrived"), "failed", "logistics.scan"),
    Move("send_out_again", ("failed",), "handed_over"),
    Move("take_back", ("failed",), "returned"),
    Move("send_back", ("packed", "handed_over", "arrived", "failed"), "returned"),
)
MOVES = {move.verb: move for move in LIFE}

#: So often a parcel is tried in vain; then it comes back, or its buyer fetches it.
MOST_TRIES = 3


def moved(state: str, verb: str) -> str:
    """The state after `verb`.

    Raises:
        Conflict: the parcel is where this cannot happen to it.
    """
    move = MOVES[verb]
    if state not in move.before:
        raise Conflict(
            _("This parcel has moved on. Reload the page to see where it is."), details={"state": state}
        )
    return move.after


def check_tried(state: str, *, is_picked_up: bool) -> None:
    """Whether a parcel is where it can be tried in vain: out to a door, or at the station of its buyer.

    What failed lies at that station for whoever comes after all, so it cannot fail before it is there.

    Raises:
        Conflict: it is still on its way to its station.
    """
    if is_picked_up and state == "handed_over":
        raise Conflict(
            _("This parcel is on its way to its station. Note there that it came, then what happened."),
            code="on_its_way",
        )


def check_tries(tried: int) -> None:
    """Whether a parcel that was tried in vain so often may go out once more.

    Raises:
        Conflict: it was tried often enough.
    """
    if tried >= MOST_TRIES:
        raise Conflict(
            _("This parcel was tried %(count)d times. Take it back, or let the buyer fetch it.")
            % {"count": tried},
            code="tries",
            details={"tried": tried},
        )


def check_way(place: str, *, origin: str, destination: str) -> None:
    """Whether a parcel can be at a place: where it was packed or goes to, or on the way between.

    On the way are the townships and the county above either end, and all that lies in the destination.

    Raises:
        Invalid: it never comes by there.
    """
    above = len(place) >= COUNTY_LENGTH and any(end.startswith(place) for end in (origin, destination))
    if not above and not (destination and place.startswith(destination)):
        raise Invalid(_("This parcel does not come by this place. Scan it where it is."), field="place")
