"""What a parcel costs, by the county's freight table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.refusal import Invalid

#: How an order is fulfilled whose buyer goes there: nothing is carried.
ON_SPOT = "on_spot"
NOT_SENT = _("We cannot send parcels to this place yet. Choose another address.")


@dataclass(frozen=True, slots=True)
class FreightRule:
    """One row of a county's freight table: where it holds, and its price by weight.

    `destination` is a place code and holds for all places in it, "" for everywhere; `fulfilment`
    is delivery or pickup. The first `first_g` cost `first_fen`; each further `further_g`, begun
    or full, costs `further_fen`; from `free_from_fen` worth of goods nothing is asked.
    """

    destination: str
    fulfilment: str
    first_g: int
    first_fen: int
    further_g: int
    further_fen: int
    free_from_fen: int | None
    refused: bool
    version: int


@dataclass(frozen=True, slots=True)
class Freight:
    """What carriage costs, and the version of the table that says so (0: no table was needed)."""

    amount_fen: int
    version: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What one parcel costs to the places of a destination, those excepted that have a longer row.

    `amount_fen` None: nothing is sent there.
    """

    fulfilment: str
    destination: str
    amount_fen: int | None


def freight(
    rules: Sequence[FreightRule], *, fulfilment: str, destination: str, weight_g: int, goods_fen: int
) -> Freight:
    """The price of carriage by the rule with the longest matching destination.

    Picking up at a station costs nothing unless a rule for pick-up says otherwise; what its buyer goes to
    costs nothing.

    Raises:
        Invalid: no rule reaches the destination, or the one that does refuses it.
    """
    matching = [r for r in rules if r.fulfilment == fulfilment and destination.startswith(r.destination)]
    if fulfilment == ON_SPOT or (not matching and fulfilment == "pickup"):
        return Freight(0, 0)
    rule = max(matching, key=lambda r: len(r.destination), default=None)
    if rule is None or rule.refused:
        raise Invalid(NOT_SENT, field="place")
    return Freight(_price_fen(rule, weight_g, goods_fen), rule.version)


def rates(rules: Sequence[FreightRule], *, weight_g: int, goods_fen: int) -> tuple[Rate, ...]:
    """The whole table for one parcel: `freight` is the rate with the longest matching destination.

    Each way has a rate for "", everywhere, whether or not the table has such a row.
    """
    found = {
        (rule.fulfilment, rule.destination): None if rule.refused else _price_fen(rule, weight_g, goods_fen)
        for rule in rules
    }
    elsewhere: dict[tuple[str, str], int | None] = {("delivery", ""): None, ("pickup", ""): 0}
    return tuple(Rate(*key, amount_fen) for key, amount_fen in (elsewhere | found).items())


def _price_fen(rule: FreightRule, weight_g: int, goods_fen: int) -> int:
    if rule.free_from_fen is not None and goods_fen >= rule.free_from_fen:
        return 0
    further = max(0, weight_g - rule.first_g)
    return rule.first_fen - further // -rule.further_g * rule.further_fen


def check_table(table: Sequence[FreightRule]) -> None:
    """Refuse a freight table that cannot be.

    Raises:
        Invalid: nothing in it, two rows for one destination, or weights and prices out of range.
    """
    if not table:
        raise Invalid(_("A freight table has one row at least."), field="table")
    if len({(row.fulfilment, row.destination) for row in table}) != len(table):
        raise Invalid(_("Two rows are for the same destination."), field="destination")
    for row in table:
        if row.fulfilment not in ("delivery", "pickup"):
            raise Invalid(_("Choose delivery or pick-up at a station."), field="fulfilment")
        if row.destination:
            PlaceCode(row.destination)
        if row.first_g <= 0 or row.further_g <= 0 or min(row.first_fen, row.further_fen) < 0:
            raise Invalid(_("Weights are more than zero, prices zero or more."), field="weight")
        if row.free_from_fen is not None and row.free_from_fen < 0:
            raise Invalid(_("Weights are more than zero, prices zero or more."), field="free_from")
