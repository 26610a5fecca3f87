"""Settlement rows that hold a column a fee: parted into charges that add up to what was paid out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from countyfair.outreach.channels.platforms.cells import money
from countyfair.outreach.channels.platforms.shape import Cells, Charge

#: Column and what it moves money for.
Columns = Sequence[tuple[str, Charge]]
#: Kinds that some layouts write without a sign, because they are always taken.
_TAKEN = frozenset({"refund", "commission", "service_fee", "promotion", "host", "freight_insurance", "other"})


@dataclass(slots=True)
class Part:
    """What one kind comes to in a row, and the columns it was told in."""

    kind: Charge
    amount_fen: int = 0
    said: list[str] = field(default_factory=list)


def parted(cells: Cells, columns: Columns, total_fen: int, rest_said: str) -> list[Part]:
    """The kinds of a row, one each: they add up to `total_fen`.

    Fees are signed as they stand where that adds up; else as taken, if that adds up. What is left over either
    way is a part of its own of kind `other`, so that nothing is lost.
    """
    amounts = [(name, kind, amount) for name, kind in columns if (amount := money(cells, name))]
    taken = [(name, kind, -abs(amount) if kind in _TAKEN else amount) for name, kind, amount in amounts]
    if _sum(amounts) != total_fen and _sum(taken) == total_fen:
        amounts = taken
    parts: dict[Charge, Part] = {}
    for name, kind, amount in amounts:
        part = parts.setdefault(kind, Part(kind))
        part.amount_fen += amount
        part.said.append(name)
    if rest := total_fen - _sum(amounts):
        other = parts.setdefault("other", Part("other"))
        other.amount_fen += rest
        other.said.append(rest_said)
    return list(_filled(parts))


def _filled(parts: dict[Charge, Part]) -> Iterator[Part]:
    return (part for part in parts.values() if part.amount_fen)


def _sum(amounts: Sequence[tuple[str, Charge, int]]) -> int:
    return sum(amount for _name, _kind, amount in amounts)
