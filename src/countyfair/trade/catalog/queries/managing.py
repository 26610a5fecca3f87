"""What the centre and shop operators see of their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.trade.catalog.rules import search_query


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop and who runs it."""

    id: UUID
    county: str
    slug: str
    name_zh: str
    name_en: str
    operator_kind: str
    organisation: UUID | None
    household: UUID | None
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class ManagedProduct:
    """A product with how many packs and open offers it has."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    category: str
    place: str
    unit: str
    icon: str
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    listed_at: datetime | None
    withdrawn_at: datetime | None
    packs: int
    offers: int


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with what it sells; `version` goes back with a change."""

    id: UUID
    version: int
    state: str
    outlet: str
    price_fen: int
    currency: str
    opens_at: datetime | None
    closes_at: datetime | None
    most_per_order: int
    put_up_at: datetime | None
    pack: UUID
    pack_code: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    product: UUID
    product_code: str
    name_zh: str
    name_en: str
    unit: str
    shop: UUID
    shop_name_zh: str
    brand: UUID | None
    most_per_buyer: int | None


def shops(
    *,
    county: str,
    closed: bool = False,
    text: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[ShopRow]:
    """Shops of a county by name; who runs a shop is public.

    Args:
        closed: those that are over too.
        text: part of a name or of the address.
        after: (name_zh, id) of the last row of the page before.
        limit: None for all, such as a form offers them.
    """
    name, key = after or (None, None)
    narrowed = _if_wanted(
        (not closed, " AND closed_on IS NULL"),
        (text, " AND position(lower(%(text)s) IN lower(concat_ws(' ', name_zh, name_en, slug))) > 0"),
        (after, " AND (name_zh, id) > (%(name)s, %(key)s::uuid)"),
    )
    return rows(
        _SHOPS + narrowed + " ORDER BY name_zh, id LIMIT %(limit)s::int",
        {"county": county, "text": text, "name": name, "key": key, "limit": limit},
        into=ShopRow,
    )


_SHOPS = (
    "SELECT id, county, slug, name_zh, name_en, operator_kind, organisation_id, household_id, opened_on,"
    " closed_on FROM catalog_shop WHERE county = %(county)s"
)


def managed_products(
    actor: Actor, *, county: str, shop: UUID | None = None, text: str = "", after: str = "", limit: int = 100
) -> list[ManagedProduct]:
    """Products by code, those not on sale too; of the whole county or the actor's own shops.

    Args:
        after: the code of the last row of the page before.
    """
    query = search_query(text)
    narrowed = _if_wanted(
        (not actor.may("catalog.read", place=county), _OWN),
        (shop, " AND d.shop_id = %(shop)s::uuid"),
    )
    in_order = f"{_PRODUCTS}{narrowed} {{}} ORDER BY d.code LIMIT %(limit)s::int"
    return rows(
        _SEARCHED.format(few=in_order.format(_AMONG_FEW), many=in_order.format(_AMONG_MANY))
        if query
        else in_order.format(""),
        {
            "county": county,
            "shop": shop,
            "query": query,
            "after": after,
            "limit": limit,
            "organisations": list(actor.organisations("catalog.read")),
        },
        into=ManagedProduct,
    )


def offers(
    actor: Actor,
    *,
    county: str,
    state: str = "",
    product: UUID | None = None,
    offer: UUID | None = None,
    before: tuple[datetime | None, UUID] | None = None,
    limit: int = 100,
) -> list[OfferRow]:
    """Offers by when they were put up, the newest first, last those that never were; of the county or
    the actor's own shops.

    Args:
        before: (put_up_at, id) of the last row of the page before.
    """
    at, key = before or (None, None)
    narrowed = _if_wanted(
        (not actor.may("catalog.read", place=county), _OWN),
        (state, " AND o.state = %(state)s"),
        (product, " AND o.product_id = %(product)s::uuid"),
        (offer, " AND o.id = %(offer)s::uuid"),
    )
    wanted = f"{_OFFERS}{narrowed}"
    if at:
        statement = _EARLIER.format(wanted=wanted)
    else:
        statement = f"{wanted}{_NEVER_UP if key else ''}{_BY_PUTTING_UP}"
    return rows(
        statement,
        {
            "county": county,
            "state": state,
            "product": product,
            "offer": offer,
            "at": at,
            "key": key,
            "limit": limit,
            "organisations": list(actor.organisations("catalog.read")),
        },
        into=OfferRow,
    )


def _if_wanted(*parts: tuple[object, str]) -> str:
    """A text for each way of asking, so that the server may plan for it."""
    return "".join(text for wanted, text in parts if wanted)


_OWN = " AND h.organisation_id = ANY (%(organisations)s::uuid[])"

_PRODUCTS = """
SELECT d.id, d.code, d.name_zh, d.name_en, d.category, d.place, d.unit, d.icon, h.id, h.name_zh, h.name_en,
       d.listed_at, d.withdrawn_at, (SELECT count(*) FROM catalog_pack k WHERE k.product_id = d.id),
       (SELECT count(*) FROM catalog_offer o WHERE o.product_id = d.id AND o.state = 'on')
  FROM catalog_product d JOIN catalog_shop h ON h.id = d.shop_id
 WHERE d.county = %(county)s AND d.code > %(after)s
"""

# Either few products match, and they are put in order; or many do, and those wanted stand close together in
# the order of codes, for which no index of words serves. Only one of both is run.
_SEARCHED = """
WITH few AS MATERIALIZED (
    SELECT id FROM catalog_product
     WHERE county = %(county)s AND search_terms @@ %(query)s::tsquery LIMIT 1001),
counted AS MATERIALIZED (SELECT count(*) AS number FROM few)
({few}) UNION ALL ({many}) ORDER BY code
"""
_AMONG_FEW = " AND (SELECT number FROM counted) <= 1000 AND d.id IN (SELECT id FROM few)"
_AMONG_MANY = " AND (SELECT number FROM counted) > 1000 AND (d.search_terms @@ %(query)s::tsquery) IS TRUE"

_BY_PUTTING_UP = " ORDER BY o.put_up_at DESC NULLS LAST, o.id DESC LIMIT %(limit)s::int"
_NEVER_UP = " AND o.put_up_at IS NULL AND o.id < %(key)s::uuid"
# After a row that was put up come those put up earlier, then those that never were: each is read in the
# order of the index. The last line names the first column, the key.
_EARLIER = f"""
({{wanted}} AND (o.put_up_at, o.id) < (%(at)s::timestamptz, %(key)s::uuid){_BY_PUTTING_UP})
UNION ALL ({{wanted}} AND o.put_up_at IS NULL{_BY_PUTTING_UP})
ORDER BY put_up_at DESC NULLS LAST, 1 DESC LIMIT %(limit)s::int
"""

_OFFERS = """
SELECT o.id, o.version, o.state, o.outlet, o.price_fen, o.currency, o.opens_at, o.closes_at, o.most_per_order,
       o.put_up_at, k.id, k.code, k.label_zh, k.label_en, k.content_amount, k.sold_by, d.id, d.code,
       d.name_zh, d.name_en, d.unit, h.id, h.name_zh, o.brand_id, o.most_per_buyer
  FROM catalog_offer o
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
  JOIN catalog_shop h ON h.id = d.shop_id
 WHERE o.county = %(county)s
"""
