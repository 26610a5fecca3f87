"""What the terms of a bundle may be, and what a set of it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.discounts import LEAST_A_PACK_FEN
from countyfair.trade.promotions.rules.making import LONGEST
from countyfair.trade.promotions.rules.naming import names

#: A bundle names so many offers at most, and so many packs of each.
MOST_PARTS = 10
MOST_PACKS = 99


@dataclass(frozen=True, slots=True)
class BundleTerms:
    """Packs of one shop that cost `bundle_fen` together; `parts` are (offer, packs) of one set."""

    shop: UUID
    name_zh: str
    name_en: str
    bearer: str
    bundle_fen: int
    parts: tuple[tuple[UUID, int], ...]
    opens_at: datetime
    closes_at: datetime


def checked(terms: BundleTerms, prices: Mapping[UUID, int]) -> BundleTerms:
    """The terms, tidied, parts by key; `prices` is what a pack of each offer of the shop costs alone.

    Raises:
        Invalid: something of them cannot be; at its field.
    """
    name_zh, name_en = names(terms)
    _check_parts(terms, prices)
    alone_fen = sum(prices[offer] * packs for offer, packs in terms.parts)
    least_fen = sum(packs for _offer, packs in terms.parts) * LEAST_A_PACK_FEN
    if not least_fen <= terms.bundle_fen < alone_fen:
        raise Invalid(_("Together it must cost less than alone, and more than nothing."), field="price")
    if not timedelta() < terms.closes_at - terms.opens_at <= LONGEST:
        raise Invalid(_("It must end after it begins, and within a year."), field="closes_at")
    return replace(terms, name_zh=name_zh, name_en=name_en, parts=tuple(sorted(terms.parts)))


def lacking(parts: Sequence[tuple[UUID, int]], have: Mapping[UUID, int]) -> dict[UUID, int]:
    """The packs by offer that the sets which were begun still lack; nothing where all are whole.

    Args:
        parts: (offer, packs) of one set.
        have: packs by offer that are there.
    """
    begun = max(-(-have.get(offer, 0) // packs) for offer, packs in parts)
    short = {offer: begun * packs - have.get(offer, 0) for offer, packs in parts}
    return {offer: packs for offer, packs in short.items() if packs > 0}


def _check_parts(terms: BundleTerms, prices: Mapping[UUID, int]) -> None:
    if len({offer for offer, _packs in terms.parts}) != len(terms.parts) or len(terms.parts) > MOST_PARTS:
        raise Invalid(_("A bundle names at most ten kinds of packs, each once."), field="parts")
    if any(not 0 < packs <= MOST_PACKS for _offer, packs in terms.parts):
        raise Invalid(_("Of each kind 1 to 99 packs."), field="parts")
    if sum(packs for _offer, packs in terms.parts) < 2:
        raise Invalid(_("A bundle has two packs at least."), field="parts")
    if any(offer not in prices for offer, _packs in terms.parts):
        raise Invalid(_("A bundle is of goods that one stall has on sale now."), field="parts")
