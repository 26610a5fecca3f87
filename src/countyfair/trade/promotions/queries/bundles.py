"""Bundles: what those that name an offer take off, and how they are shown beside it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.trade.promotions.queries.using import TERMS
from countyfair.trade.promotions.rules.discounts import Terms, stack_row

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class Sellable:
    """What is on sale in a shop, by the pack."""

    offer: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class PartSeen:
    """So many packs of an offer in one set; `price_fen` is what a pack costs alone, None off sale."""

    offer: UUID
    product: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    packs: int
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class BundleSeen:
    """A bundle as everybody sees it: its packs, and what they cost together."""

    id: UUID
    name_zh: str
    name_en: str
    bundle_fen: int
    parts: tuple[PartSeen, ...]

    @property
    def alone_fen(self) -> int | None:
        """What one set costs pack by pack; None where one of them cannot be had."""
        prices = [part.price_fen for part in self.parts]
        if any(fen is None for fen in prices):
            return None
        return sum((part.price_fen or 0) * part.packs for part in self.parts)

    @property
    def saves(self) -> bool:
        """Whether all of it can be had, and costs less together than one by one."""
        return self.alone_fen is not None and self.bundle_fen < self.alone_fen


@dataclass(frozen=True, slots=True)
class _Part:
    promotion: UUID
    offer: UUID
    packs: int


@dataclass(frozen=True, slots=True)
class _Shown:
    id: UUID
    name_zh: str
    name_en: str
    bundle_fen: int
    parts: str


def bundles(*, offers: Collection[UUID]) -> list[Terms]:
    """The bundles that name one of these offers now. For rooms above: asked only where an offer says so."""
    return _terms(_NAMED, [now(), now(), list(offers)])


def bundle_terms(*, bundle: UUID) -> Terms | None:
    """A bundle that counts now; None: there is none, or not now. For rooms above."""
    return next(iter(_terms(f"{_OPEN} AND id = %s", [now(), now(), bundle])), None)


def _terms(where: str, values: list[object]) -> list[Terms]:
    most = stack_row("bundle").most
    text = f"{TERMS} {where} ORDER BY made_at, id LIMIT {most}"
    found = {row.id: row for row in rows(text, values, into=Terms)}
    if not found:
        return []
    parts = rows(
        "SELECT promotion_id, offer_id, packs FROM promotions_bundlepart"
        " WHERE promotion_id = ANY (%s::uuid[]) ORDER BY offer_id",
        [list(found)],
        into=_Part,
    )
    return [
        replace(row, parts=tuple((one.offer, one.packs) for one in parts if one.promotion == key))
        for key, row in found.items()
    ]


def bundles_seen(*, offers: Collection[UUID]) -> list[BundleSeen]:
    """The bundles that name one of these offers now, as their goods' pages show them."""
    return _seen(_NAMED, [now(), now(), list(offers)])


def bundles_of(*, shop: UUID) -> list[BundleSeen]:
    """The bundles of a shop that count now, as its page shows them."""
    return _seen(f"{_OPEN} AND p.shop_id = %s", [now(), now(), shop])


def bundle(*, promotion: UUID) -> BundleSeen:
    """One bundle, whatever its state.

    Raises:
        Missing: there is none.
    """
    for found in _seen("WHERE kind = 'bundle' AND id = %s", [promotion]):
        return found
    raise Missing(_("There is no such promotion."))


def sellable(*, county: str, shop: UUID) -> list[Sellable]:
    """The goods of a shop that are on sale in the web shop: what a bundle may name."""
    return rows(
        """
        SELECT o.id, d.name_zh, d.name_en, k.label_zh, k.label_en, o.price_fen
          FROM catalog_offer o JOIN catalog_product d ON d.id = o.product_id
          JOIN catalog_pack k ON k.id = o.pack_id
         WHERE d.shop_id = %s AND o.county = %s AND o.state = 'on' AND o.outlet = 'shop' AND d.kind = 'goods'
         ORDER BY d.name_zh, k.content_amount, o.id LIMIT 200""",
        [shop, county],
        into=Sellable,
    )


def _seen(where: str, values: list[object]) -> list[BundleSeen]:
    return [
        BundleSeen(
            row.id, row.name_zh, row.name_en, row.bundle_fen,
            tuple(PartSeen(UUID(key), UUID(product), *said) for key, product, *said in json.loads(row.parts)),
        )
        for row in rows(f"{_SHOWN} {where} ORDER BY p.made_at, p.id", values, into=_Shown)
    ]  # fmt: skip


_OPEN = "WHERE kind = 'bundle' AND ended_at IS NULL AND opens_at <= %s AND closes_at > %s"

_THESE = "id IN (SELECT promotion_id FROM promotions_bundlepart WHERE offer_id = ANY (%s::uuid[]))"
_NAMED = f"{_OPEN} AND {_THESE}"

_SHOWN = """
SELECT p.id, p.name_zh, p.name_en, p.bundle_fen,
       (SELECT json_agg(json_build_array(o.id, d.id, d.name_zh, d.name_en, k.label_zh, k.label_en, b.packs,
                                         CASE WHEN o.state = 'on' THEN o.price_fen END)
                        ORDER BY d.name_zh, o.id)::text
          FROM promotions_bundlepart b JOIN catalog_offer o ON o.id = b.offer_id
          JOIN catalog_pack k ON k.id = o.pack_id JOIN catalog_product d ON d.id = o.product_id
         WHERE b.promotion_id = p.id)
  FROM promotions_promotion p"""
