"""A product as the county's desk changes it: whole, on sale or not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.rows import one
from countyfair.trade.catalog.queries.showing import VoiceShown
from countyfair.trade.catalog.queries.voices import AGREED
from countyfair.trade.catalog.rules.brands import ENDS_SOON_DAYS

JOINS = ()


@dataclass(frozen=True, slots=True)
class PackSeen:
    """A way to sell it. `content_amount` in the product's unit."""

    id: UUID
    code: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    tare_g: int


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    """A photo that is shown; `digest` names its files."""

    id: UUID
    digest: str
    width: int
    height: int
    alt_zh: str
    alt_en: str


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """A certificate that was not withdrawn, past ones too; `digest` is "" without a picture."""

    id: UUID
    kind: str
    number: str
    issuer: str
    since: date
    until: date
    digest: str
    width: int

    @property
    def state(self) -> str:
        """`over`, `coming`, `ending` (soon) or `holds`, today."""
        day = today()
        if self.until < day:
            return "over"
        if self.since > day:
            return "coming"
        return "ending" if (self.until - day).days <= ENDS_SOON_DAYS else "holds"


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer of one of its packs that is not down."""

    id: UUID
    pack: UUID
    outlet: str
    state: str
    price_fen: int
    version: int


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """A product with its packs, photos, offers, recordings and certificates, the last to end first."""

    id: UUID
    county: str
    code: str
    name_zh: str
    name_en: str
    kind: str
    category: str
    place: str
    season_months: tuple[int, ...]
    story_zh: str
    story_en: str
    unit: str
    icon: str
    variety_zh: str
    variety_en: str
    withdrawn_at: datetime | None
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    packs: tuple[PackSeen, ...]
    photos: tuple[PhotoSeen, ...]
    offers: tuple[OfferSeen, ...]
    voices: tuple[VoiceShown, ...]
    certificates: tuple[CertificateSeen, ...]


def product_whole(actor: Actor, *, product: UUID) -> ProductSeen:
    """One product, in one statement; needs `catalog.read` in its county or at its shop's operator.

    Raises:
        Missing: no such product.
        Forbidden: no such power there.
    """
    found = one(
        _WHOLE, {"product": product, "moment": now()}, into=_Found, missing=_("There is no such product.")
    )
    actor.require("catalog.read", place=found.county, organisation=found.organisation)
    return ProductSeen(
        found.id, found.county, found.code, found.name_zh, found.name_en, found.kind, found.category,
        found.place, tuple(found.season_months), found.story_zh, found.story_en, found.unit, found.icon,
        found.variety_zh, found.variety_en, found.withdrawn_at, found.shop, found.shop_name_zh,
        found.shop_name_en,
        tuple(PackSeen(**_keyed(row, "id")) for row in json.loads(found.packs)),
        tuple(PhotoSeen(**_keyed(row, "id")) for row in json.loads(found.photos)),
        tuple(OfferSeen(**_keyed(row, "id", "pack")) for row in json.loads(found.offers)),
        tuple(VoiceShown(**_keyed(row, "id")) for row in json.loads(found.voices)),
        tuple(_certificate(**_keyed(row, "id")) for row in json.loads(found.certificates)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    county: str
    code: str
    name_zh: str
    name_en: str
    kind: str
    category: str
    place: str
    season_months: list[int]
    story_zh: str
    story_en: str
    unit: str
    icon: str
    variety_zh: str
    variety_en: str
    withdrawn_at: datetime | None
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    organisation: UUID | None
    packs: str
    photos: str
    offers: str
    voices: str
    certificates: str


def _certificate(*, since: str, until: str, **others: Any) -> CertificateSeen:
    return CertificateSeen(since=date.fromisoformat(since), until=date.fromisoformat(until), **others)


def _keyed(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: UUID(row[name]) for name in names}}


_WHOLE = """
SELECT d.id, d.county, d.code, d.name_zh, d.name_en, d.kind, d.category, d.place, d.season_months, d.story_zh,
       d.story_en, d.unit, d.icon, d.variety_zh, d.variety_en, d.withdrawn_at, h.id, h.name_zh,
       h.name_en, h.organisation_id,
       coalesce((SELECT json_agg(json_build_object('id', k.id, 'code', k.code, 'label_zh', k.label_zh,
           'label_en', k.label_en, 'content_amount', k.content_amount, 'sold_by', k.sold_by,
           'tare_g', k.tare_g)
           ORDER BY k.content_amount, k.code) FROM catalog_pack k WHERE k.product_id = d.id), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', p.id, 'digest', p.digest, 'width', p.width,
           'height', p.height, 'alt_zh', p.alt_zh, 'alt_en', p.alt_en) ORDER BY p.place_in_row, p.id)
           FROM catalog_photo p WHERE p.product_id = d.id AND p.withdrawn_at IS NULL), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', o.id, 'pack', o.pack_id, 'outlet', o.outlet,
           'state', o.state, 'price_fen', o.price_fen, 'version', o.version)
           ORDER BY o.outlet, o.put_up_at DESC)
           FROM catalog_offer o WHERE o.product_id = d.id AND o.state <> 'off'), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', v.id, 'digest', v.digest, 'length_ms', v.length_ms,
           'words', v.words) ORDER BY v.shown_at DESC, v.id) FROM catalog_voice v
           WHERE v.product_id = d.id AND v.shown_at IS NOT NULL AND v.withdrawn_at IS NULL
             AND {agreed}), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', c.id, 'kind', c.kind, 'number', c.number,
           'issuer', c.issuer, 'since', c.since, 'until', c.until, 'digest', c.digest, 'width', c.width)
           ORDER BY c.until DESC, c.id) FROM catalog_certificate c
           WHERE c.product_id = d.id AND c.withdrawn_at IS NULL), '[]')::text
  FROM catalog_product d JOIN catalog_shop h ON h.id = d.shop_id WHERE d.id = %(product)s
""".replace("{agreed}", AGREED)
