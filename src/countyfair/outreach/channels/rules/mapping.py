"""Which of our packs goods of a platform may be: by code, then by name, then by price. A person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

#: Points for what fits; below `LEAST` nothing is suggested.
CODE, NAME, SPEC, PRICE, LEAST = 100, 50, 20, 15, 20
#: A price within so many per cent fits.
NEAR_PRICE = 10


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods as a platform calls them. `price_fen` is what a piece was last sold for."""

    code: str
    title: str
    spec: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of our offers on the platform."""

    offer: UUID
    code: str
    name_zh: str
    label_zh: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer that the goods may be, so many packs a piece; `points` say how well it fits."""

    offer: UUID
    packs: int
    points: int


def suggestions(goods: Goods, candidates: Iterable[Candidate], most: int = 3) -> list[Suggestion]:
    """The offers that fit best, the best first."""
    found = [one for candidate in candidates if (one := _fit(goods, candidate)).points >= LEAST]
    return sorted(found, key=lambda one: (-one.points, str(one.offer)))[:most]


def _fit(goods: Goods, candidate: Candidate) -> Suggestion:
    points = 0
    if goods.code and goods.code.casefold() == candidate.code.casefold():
        points += CODE
    points += round(NAME * _shared(candidate.name_zh, goods.title))
    label = _tidy(candidate.label_zh)
    if label and label in _tidy(goods.spec + goods.title):
        points += SPEC
    packs = 1
    for count in (1, *_counts(goods.spec)):
        if candidate.price_fen and _near(goods.price_fen, candidate.price_fen * count):
            points, packs = points + PRICE, count
            break
    return Suggestion(candidate.offer, packs, points)


def _shared(name: str, title: str) -> float:
    """Which part of a name's pairs of characters stands in a title."""
    tidy, whole = _tidy(name), _tidy(title)
    pairs = [tidy[at : at + 2] for at in range(len(tidy) - 1)] or ([tidy] if tidy else [])
    return sum(pair in whole for pair in pairs) / len(pairs) if pairs else 0.0


def _tidy(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _counts(spec: str) -> list[int]:
    """How many packs a spec may name: `500g*2`, `3袋`, `x4`."""
    named = re.findall(r"[*x×](\d{1,2})(?!\d)|(\d{1,2})\s*[袋盒包份]", spec.casefold())
    return [int(one or other) for one, other in named if 1 < int(one or other) <= 50]


def _near(theirs: int, ours: int) -> bool:
    return abs(theirs - ours) * 100 <= NEAR_PRICE * ours
