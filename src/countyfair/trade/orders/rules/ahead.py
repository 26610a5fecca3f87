"""What is sold ahead of its harvest: how its lines are labelled, and whose their money is in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from countyfair.trade.orders.rules.billing import corrections
from countyfair.trade.orders.rules.shares import ShareOf, Terms
from countyfair.trade.orders.rules.sharing import Less, shares_after
from countyfair.trade.stock.rules import Draw


def sold_ahead(label_zh: str, label_en: str, expected_on: date | None) -> tuple[str, str]:
    """The labels of a pack, zh and en; sold ahead, they say so and for when, and are frozen with the line.

    Both are written out here as goods' own names are: what a buyer was told stands whatever they read later.
    """
    if expected_on is None:
        return label_zh, label_en
    zh = f"{label_zh}（预售，约{expected_on.month}月{expected_on.day}日采收）"
    day = f"{expected_on.day} {_MONTHS[expected_on.month - 1]}"
    en = f"{label_en or label_zh} (pre-order, harvest about {day})"
    return zh, en


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def unallotted(amount_fen: int, packs: int, short: int) -> int:
    """What of a line's money goes back for `short` of its packs: their part of it, rounded up to the fen."""
    return -(-amount_fen * short // packs)


def reshared(
    now: Sequence[ShareOf], amount_fen: int, draws: Sequence[Draw], terms: Terms, less: Sequence[Less]
) -> list[ShareOf]:
    """The rows that make a line's shares those of the lots it gets. Without draws only the lots go: the
    money is given back as it was shared."""
    if draws:
        return corrections(now, shares_after(amount_fen, draws, terms, less, amount_fen))
    return corrections(now, [replace(row, lot_amount=0) for row in now])
