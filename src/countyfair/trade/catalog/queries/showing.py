"""What buyers see: the shelf and a product. Each is one statement, whatever the number of rows.

What is left in stock is `stock.queries.availability` of the offers shown; where a place lies is
`places.queries`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, one, rows
from countyfair.trade.catalog.queries.bearing import STILL, pieced
from countyfair.trade.catalog.queries.voices import AGREED
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.brands import Mark, mark_of
from countyfair.trade.catalog.rules.facets import BANDS, borne, tags

NO_PRODUCT = _("There is no such product any more.")


@dataclass(frozen=True, slots=True)
class Card:
    """A product on a shelf, with its cheapest offer. `photo` is a digest, "" without one."""

    product: UUID
    listed_at: datetime
    name_zh: str
    name_en: str
    kind: str
    category: str
    place: str
    season_months: Sequence[int]
    unit: str
    icon: str
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    photo: str
    photo_width: int
    photo_alt_zh: str
    photo_alt_en: str
    offer: UUID
    version: int
    price_fen: int
    currency: str
    offer_count: int
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    mark: Mark | None

    @property
    def cursor(self) -> tuple[datetime, UUID]:
        """Where the next page begins."""
        return (self.listed_at, self.product)


@dataclass(frozen=True, slots=True)
class Facets:
    """What a county's shelf can be narrowed to: categories and townships that have something now."""

    categories: tuple[str, ...]
    townships: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """A photo; its files are named by digest and width, see `rules.pictures.file_name`."""

    id: UUID
    digest: str
    width: int
    height: int
    alt_zh: str
    alt_en: str


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """A recording that tells of the product; its file is named by digest, see `rules.voices.file_name`."""

    id: UUID
    digest: str
    length_ms: int
    words: str


@dataclass(frozen=True, slots=True)
class CertificateShown:
    """A certificate that holds now; `kind` is of `rules.certificates.KINDS`, `digest` "" without picture."""

    kind: str
    number: str
    issuer: str
    until: date
    digest: str
    width: int


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A pack that can be bought, or will open. `expected_on`: it is sold ahead of a harvest then."""

    id: UUID
    version: int
    price_fen: int
    currency: str
    opens_at: datetime | None
    closes_at: datetime | None
    most_per_order: int
    pack: UUID
    pack_code: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    expected_on: date | None = None
    mark: Mark | None = None
    most_per_buyer: int | None = None
    bundled: bool = False

    def is_open(self, moment: datetime) -> bool:
        """Whether its time to be bought has begun."""
        return self.opens_at is None or self.opens_at <= moment


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with its shop, photos, offers by content, the latest recordings, certificates that hold.

    `shop_announces`: a promotion may be told with its shop's goods.
    """

    id: UUID
    county: str
    code: str
    name_zh: str
    name_en: str
    kind: str
    category: str
    place: str
    season_months: Sequence[int]
    story_zh: str
    story_en: str
    unit: str
    icon: str
    variety_zh: str
    variety_en: str
    shop: UUID
    shop_slug: str
    shop_name_zh: str
    shop_name_en: str
    operator_kind: str
    licence_number: str
    shop_opened_on: date
    shop_announces: bool
    photos: tuple[PhotoShown, ...]
    offers: tuple[OfferShown, ...]
    voices: tuple[VoiceShown, ...]
    certificates: tuple[CertificateShown, ...] = ()

    def __hash__(self) -> int:
        """By its id: what is remembered by a page is looked up at each visit, and few have the same id."""
        return hash(self.id)


def shelf(
    *,
    county: str,
    category: str = "",
    month: int = 0,
    place: str = "",
    band: int = 0,
    certified: str = "",
    brand: UUID | None = None,
    grade: str = "",
    shop: UUID | None = None,
    few: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 24,
    moment: datetime | None = None,
) -> list[Card]:
    """What is on sale in a county's shop, the newest first.

    Args:
        month: only what is in season then; 0 for all.
        place: only what comes from this place or a place in it.
        band: only what costs so much a kilogram, of `rules.facets.BANDS`; 0 for all.
        certified: only what holds a certificate of this kind, of `rules.certificates.KINDS`.
        brand, grade: only what bears this mark, or is of this grade or better.
        few: little is left of a long shelf when it is narrowed so (`shelf_counts` tells): all of that is
            looked up, not looked for along the shelf. The same is found either way.
        before: `cursor` of the last card of the page before.
    """
    at, key = before or (None, None)
    from_fen, below_fen = BANDS.get(band, (0, 0))
    bears = borne(certified=certified, brand=brand, grade=grade)
    narrowed = [
        text
        for wanted, text in (
            (category, " AND d.category = %(category)s"),
            (month, " AND (d.season_months = '{}' OR %(month)s::smallint = ANY (d.season_months))"),
            (band, " AND d.kilo_fen >= %(from_fen)s::bigint"),
            (band and BANDS[band][1], " AND d.kilo_fen < %(below_fen)s::bigint"),
            (place, _FROM_PLACE.get(len(place), _FROM_PREFIX)),
            (shop, " AND d.shop_id = %(shop)s::uuid"),
            (bears, _BEARS),
            (at, " AND (d.listed_at, d.id) < (%(at)s::timestamptz, %(key)s::uuid)"),
        )
        if wanted
    ]
    return cards_of(
        (_FEW if few else _SHELF)
        + "".join(narrowed)
        + " ORDER BY d.listed_at DESC, d.id DESC LIMIT %(limit)s::int",
        {
            "county": county,
            "moment": moment or now(),
            "limit": limit,
            "category": category,
            "month": month,
            "place": place,
            "shop": shop,
            "at": at,
            "key": key,
            "certified": certified,
            "brand": brand,
            "bears": bears,
            "from_fen": from_fen,
            "below_fen": below_fen,
            "tags": tags(county=county, place=place, month=month, band=band, bears=bears),
        },
    )


def facets(*, county: str) -> Facets:
    """Categories and townships that have something on the shelf. One statement; steps over the index."""
    found = rows(_FACETS, {"county": county, "categories": list(CATEGORIES)}, into=_FacetRow)
    return Facets(
        tuple(row.value for row in found if row.kind == "category"),
        tuple(row.value for row in found if row.kind == "township"),
    )


def product_page(*, product: UUID, outlet: str = "shop", moment: datetime | None = None) -> ProductPage:
    """A product and what of it can be bought, in one statement.

    Raises:
        Missing: there is none, or it was withdrawn.
    """
    values = {"product": product, "outlet": outlet, "moment": moment or now()}
    return page_of(*one(PAGE, values, into=Columns, missing=NO_PRODUCT, keep_plan=True))


@dataclass(frozen=True, slots=True)
class _FacetRow:
    kind: str
    value: str


def page_of(*columns: Any) -> ProductPage:
    """The product of a row of `PAGE`: its columns are those of ProductPage, the last four JSON or null.

    The same row gives the very same page, so that what is made of it can be remembered by it.
    """
    return _page_of(*(tuple(each) if isinstance(each, list) else each for each in columns))


@lru_cache(maxsize=1024)
def _page_of(*columns: Any) -> ProductPage:
    *plain, photos, offers, voices, certified = columns
    shown = tuple(PhotoShown(UUID(each[0]), *each[1:]) for each in json.loads(photos))
    heard = tuple(VoiceShown(UUID(each[0]), *each[1:]) for each in json.loads(voices)) if voices else ()
    held = tuple(_certificate(*each) for each in json.loads(certified)) if certified else ()
    whole = [*plain, shown, tuple(_offer(*each) for each in json.loads(offers)), heard, held]
    return ProductPage(*whole)


def _certificate(
    kind: str, number: str, issuer: str, until: str, digest: str, width: int
) -> CertificateShown:
    return CertificateShown(kind, number, issuer, date.fromisoformat(until), digest, width)


def _offer(
    key: str,
    version: int,
    price: int,
    currency: str,
    opens: str | None,
    closes: str | None,
    most: int,
    pack: str,
    code: str,
    label_zh: str,
    label_en: str,
    content: int,
    sold_by: str,
    expected: str | None,
    mark: str | None,
    each: int | None,
    bundled: bool,
) -> OfferShown:
    opened, closed = (datetime.fromisoformat(one) if one else None for one in (opens, closes))
    day = date.fromisoformat(expected) if expected else None
    box = (UUID(pack), code, label_zh, label_en, content, sold_by)
    return OfferShown(
        UUID(key), version, price, currency, opened, closed, most, *box, day, mark_of(mark), each, bundled
    )


def cards_of(sql: str, values: Mapping[str, Any]) -> list[Card]:
    """The cards that a statement with the columns of CARDS finds."""
    return [card_of(*row) for row in rows(sql, values, into=Columns)]


def card_of(*columns: Any) -> Card:
    """The card of a row of CARDS."""
    return Card(*(*columns[:-1], mark_of(columns[-1])))


#: Columns of `Card`, of a product `d` and what BESIDE joins to it.
CARDS = """
SELECT d.id, d.listed_at, d.name_zh, d.name_en, d.kind, d.category, d.place, d.season_months, d.unit, d.icon,
       h.id, h.name_zh, h.name_en, coalesce(f.digest, ''), coalesce(f.width, 0), coalesce(f.alt_zh, ''),
       coalesce(f.alt_en, ''), o.id, o.version, o.price_fen, o.currency, o.offers, o.label_zh, o.label_en,
       o.content_amount, o.sold_by, catalog_mark(o.brand_id, h.id, %(moment)s::timestamptz)
"""

BESIDE = """
  JOIN catalog_shop h ON h.id = d.shop_id
  JOIN LATERAL (SELECT o.id, o.version, o.price_fen, o.currency, k.label_zh, k.label_en, k.content_amount,
                       k.sold_by, o.brand_id, count(*) OVER () AS offers
                  FROM catalog_offer o JOIN catalog_pack k ON k.id = o.pack_id
                 WHERE o.product_id = d.id AND o.state = 'on' AND o.outlet = 'shop'
                   AND (o.closes_at IS NULL OR o.closes_at > %(moment)s::timestamptz)
                 ORDER BY o.price_fen, o.id LIMIT 1) o ON true
  LEFT JOIN LATERAL (SELECT f.digest, f.width, f.alt_zh, f.alt_en FROM catalog_photo f
                      WHERE f.product_id = d.id AND f.withdrawn_at IS NULL
                      ORDER BY f.place_in_row LIMIT 1) f ON true
"""

_LISTED = "WHERE d.county = %(county)s AND d.listed_at IS NOT NULL"
_SHELF = f"{CARDS} FROM catalog_product d {BESIDE} {_LISTED}"
# All that bear the tags are looked up by their index before they are put in order.
_BEARING = """
(SELECT * FROM catalog_product d
  WHERE catalog_tags(d.county, d.place, d.season_months, catalog_band(d.kilo_fen), d.bears)
        @> %(tags)s::text[]
 OFFSET 0)
"""
_FEW = f"{CARDS} FROM {_BEARING} d {BESIDE} {_LISTED}"
_BEARS = pieced(f" AND d.bears @> %(bears)s::text[] AND {STILL}")

# Each finds what it looks for in the order of an index.
_FROM_PLACE = {9: " AND left(d.place, 9) = %(place)s", 12: " AND d.place = %(place)s"}
_FROM_PREFIX = " AND d.place ~>=~ %(place)s AND d.place ~<~ (%(place)s || ':')"

# One probe of the index a category, and one step of it a township, however many products there are.
_FACETS = """
WITH RECURSIVE township AS (
    (SELECT left(d.place, 9) AS code FROM catalog_product d
      WHERE d.county = %(county)s AND d.listed_at IS NOT NULL AND d.place ~>=~ ''
      ORDER BY d.place USING ~<~ LIMIT 1)
    UNION ALL
    (SELECT left(n.place, 9) FROM township t, LATERAL (
         SELECT d.place FROM catalog_product d
          WHERE d.county = %(county)s AND d.listed_at IS NOT NULL
            AND d.place ~>~ CASE length(t.code) WHEN 9 THEN t.code || ':' ELSE t.code END
          ORDER BY d.place USING ~<~ LIMIT 1) n))
SELECT 'category', c.key FROM unnest(%(categories)s::text[]) WITH ORDINALITY AS c (key, position)
 WHERE EXISTS (SELECT 1 FROM catalog_product d
                WHERE d.county = %(county)s AND d.category = c.key AND d.listed_at IS NOT NULL)
UNION ALL
SELECT 'township', t.code FROM township t WHERE length(t.code) = 9
"""

#: One product as `page_of` reads it; rooms above may ask for more beside it. Values: product, outlet, moment.
PAGE = pieced(
    """
SELECT d.id, d.county, d.code, d.name_zh, d.name_en, d.kind, d.category, d.place, d.season_months,
       d.story_zh, d.story_en, d.unit, d.icon, d.variety_zh, d.variety_en, h.id, h.slug, h.name_zh,
       h.name_en, h.operator_kind, h.licence_number, h.opened_on, h.announces,
       (SELECT coalesce(json_agg(json_build_array(f.id, f.digest, f.width, f.height, f.alt_zh, f.alt_en)
                                 ORDER BY f.place_in_row, f.id), '[]')::text
          FROM catalog_photo f WHERE f.product_id = d.id AND f.withdrawn_at IS NULL),
       (SELECT coalesce(json_agg(json_build_array(
                   o.id, o.version, o.price_fen, o.currency, o.opens_at, o.closes_at, o.most_per_order,
                   k.id, k.code, k.label_zh, k.label_en, k.content_amount, k.sold_by, o.expected_on,
                   catalog_mark(o.brand_id, h.id, %(moment)s::timestamptz), o.most_per_buyer,
                   o.bundled)
                                 ORDER BY k.content_amount, o.price_fen, o.id), '[]')::text
          FROM catalog_offer o JOIN catalog_pack k ON k.id = o.pack_id
         WHERE o.product_id = d.id AND o.state = 'on' AND o.outlet = %(outlet)s
           AND (o.closes_at IS NULL OR o.closes_at > %(moment)s::timestamptz)),
       (SELECT json_agg(json_build_array(v.id, v.digest, v.length_ms, v.words))::text
          FROM (SELECT v.id, v.digest, v.length_ms, v.words FROM catalog_voice v
                 WHERE v.product_id = d.id AND v.shown_at IS NOT NULL AND v.withdrawn_at IS NULL
                   AND {agreed}
                 ORDER BY v.shown_at DESC LIMIT 3) v),
       (SELECT json_agg(json_build_array(c.kind, c.number, c.issuer, c.until, c.digest, c.width)
                        ORDER BY c.kind)::text
          FROM catalog_certificate c
         WHERE c.product_id = d.id AND {holds})
  FROM catalog_product d JOIN catalog_shop h ON h.id = d.shop_id
 WHERE d.id = %(product)s::uuid AND d.withdrawn_at IS NULL
""".replace("{agreed}", AGREED)
)
