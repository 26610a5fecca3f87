"""What a till count means for the books, and what a station is called: pure decisions on values."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.numbers import digits
from countyfair.kernel.place_code import Level, PlaceCode
from countyfair.kernel.refusal import Invalid
from countyfair.registers.ledger.rules import PostingLine, line

#: What a station may be, and the levels of place it may stand at.
KINDS: dict[str, tuple[Level, ...]] = {
    "centre": (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE),
    "township": (Level.TOWNSHIP, Level.VILLAGE),
    "village": (Level.VILLAGE,),
}


def station_place(kind: str, place: str) -> PlaceCode:
    """The place, when a station of this kind may stand there.

    Raises:
        Invalid: no such kind, or a place of another level.
    """
    if kind not in KINDS:
        raise Invalid(_("A station is a centre, a township or a village station."), field="kind")
    code = PlaceCode(place)
    if code.level not in KINDS[kind]:
        raise Invalid(
            _("Choose the place down to the township or village where the station stands."), field="place"
        )
    return code


def station_code(place: str, station: UUID) -> str:
    """What is painted on its door: the place and four digits of its id."""
    return f"{place}-{digits(station, 4)}"


def count_lines(station: UUID, *, expected_fen: int, counted_fen: int, banked_fen: int) -> list[PostingLine]:
    """What a count books: the difference to over or short, what went to the bank out of the till."""
    owner, difference = str(station), counted_fen - expected_fen
    lines = []
    if difference > 0:
        lines.append(line("till_over", -difference, owner=owner))
    elif difference < 0:
        lines.append(line("till_short", -difference, owner=owner))
    if banked_fen:
        lines.append(line("bank", banked_fen))
    moved = difference - banked_fen
    if moved:
        lines.insert(0, line("till", moved, owner=owner))
    return lines


def check_count(*, expected_fen: int, counted_fen: int, banked_fen: int, reason: str) -> None:
    """Refuse a count that cannot be.

    Raises:
        Invalid: less than nothing counted or banked, more banked than counted, or a difference
            without a reason.
    """
    if counted_fen < 0:
        raise Invalid(_("Write how much lies in the till: zero or more."), field="counted")
    if not 0 <= banked_fen <= counted_fen:
        raise Invalid(_("You cannot bank more than you counted."), field="banked")
    if counted_fen != expected_fen and not reason:
        raise Invalid(
            _("The till and the books differ. Count again, or say why."),
            field="reason",
            details={"expected_fen": expected_fen, "difference_fen": counted_fen - expected_fen},
        )
    if len(reason) > 200:
        raise Invalid(_("Say it in at most 200 characters."), field="reason")
