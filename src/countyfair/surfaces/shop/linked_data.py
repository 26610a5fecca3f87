"""What a page says to machines: schema.org as JSON-LD, and a card for those who share its address.

JSON-LD stands in a data block, which no browser runs. Whatever people wrote is escaped so that nothing
ends the block early: `<`, `>` and `&` as \\u003c, \\u003e and \\u0026.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings
from markupsafe import Markup, escape

from countyfair.surfaces.shop.categories import row_of
from countyfair.surfaces.shop.goods import Goods, PackShown
from countyfair.surfaces.shop.stalls import Card
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.translation import gettext, spoken
from countyfair.trade.catalog.queries import OfferShown, ProductPage

Data = Mapping[str, object]

SCHEMA = "https://schema.org/"
_ESCAPED = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
#: Of a story so many characters are a description.
_DESCRIBED = 200


def block(*data: Data) -> Markup:
    """A data block of several things of schema.org."""
    whole = {"@context": SCHEMA, "@graph": data}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _ESCAPED.items():  # a fortieth of what `translate` takes of a page of Chinese
        text = text.replace(character, escaped)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704  (escaped above)


def share_card(*, title: str, text: str, path: str, picture: str, kind: str = "website") -> Markup:
    """What a messenger shows of an address (Open Graph), the page's own address, and a description."""
    properties = {
        "og:type": kind,
        "og:site_name": gettext("CountyFair"),
        "og:title": title,
        "og:description": text,
        "og:url": absolute(path),
        "og:image": absolute(picture),
        "og:image:width": "1200",
        "og:image:height": "630",
    }
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    tags += [
        f'<link rel="canonical" href="{escape(absolute(path))}">',
        f'<meta name="description" content="{escape(text)}">',
    ]
    return Markup("\n".join(tags))  # noqa: S704  (escaped above)


def product_head(page: ProductPage, goods: Goods) -> Markup:
    """The head of a product's page, remembered by all that it tells."""
    return _product_head(spoken(), settings.COUNTYFAIR_ORIGIN, page, goods)


@lru_cache(maxsize=1024)
def _product_head(_language: str, _origin: str, page: ProductPage, goods: Goods) -> Markup:
    here = url("shop:product", page.id)
    text = _description(page, goods)
    cards = [url("shop:card", one.digest) for one in page.photos] or [
        url("shop:drawn_card", goods.category.code or "fair")
    ]
    product: dict[str, object] = {
        "@type": "Product",
        "@id": absolute(here),
        "name": goods.name,
        "sku": page.code,
        "category": goods.category.name,
        "description": text,
        "image": [absolute(card) for card in cards],
        "countryOfOrigin": "CN",
        "offers": [
            _offer(one, pack, here, goods) for one, pack in zip(page.offers, goods.packs, strict=True)
        ],
    }
    if goods.variety:
        product["additionalProperty"] = [
            {"@type": "PropertyValue", "name": gettext("Variety"), "value": goods.variety}
        ]
    if goods.certificates:
        product["hasCertification"] = [
            {
                "@type": "Certification",
                "name": one.name,
                "certificationIdentification": one.number,
                "issuedBy": {"@type": "Organization", "name": one.issuer},
                "expires": one.until.isoformat(),
                "certificationStatus": f"{SCHEMA}CertificationActive",
            }
            for one in goods.certificates
        ]
    trail = [(gettext("Fair"), url("shop:home")), (goods.category.name, goods.row_href), (goods.name, here)]
    card = share_card(title=goods.name, text=text, path=here, picture=cards[0], kind="product")
    return Markup("\n").join([card, block(product, breadcrumbs(trail))])


def list_head(title: str, path: str, cards: Sequence[Card], category: str) -> Markup:
    """The head of a list: its goods in their order, the way there."""
    listed = {
        "@type": "ItemList",
        "name": title,
        "numberOfItems": len(cards),
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": card.name, "url": absolute(card.href)}
            for at, card in enumerate(cards, start=1)
        ],
    }
    trail = [(gettext("Fair"), url("shop:home")), (title, path)]
    picture = url("shop:drawn_card", row_of(category).code or "fair")
    card = share_card(title=title, text=promise(), path=path, picture=picture)
    return Markup("\n").join([card, block(listed, breadcrumbs(trail))])


def home_head(title: str, county: str) -> Markup:
    """The head of the first page, of one county or of the fair's first."""
    path = url("shop:home") + (f"?place={county}" if county else "")
    return share_card(title=title, text=promise(), path=path, picture=url("shop:drawn_card", "fair"))


def season_head(title: str, path: str) -> Markup:
    """The head of the year's page."""
    text = gettext("What is ripe when, and what can be ordered before it is harvested.")
    card = share_card(title=title, text=text, path=path, picture=url("shop:drawn_card", "fair"))
    return Markup("\n").join([card, block(breadcrumbs([(gettext("Fair"), url("shop:home")), (title, path)]))])


def promise() -> str:
    """What the whole fair says of itself."""
    return gettext("Straight from the household that grew it; every price says what reaches them.")


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Data:
    """The way from the fair to here, of (name, address)."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": str(name), "item": absolute(path)}
            for at, (name, path) in enumerate(trail, start=1)
        ],
    }


def _offer(offer: OfferShown, pack: PackShown, here: str, goods: Goods) -> Data:
    told: dict[str, object] = {
        "@type": "Offer",
        "name": said(offer.label_zh, offer.label_en),
        "sku": offer.pack_code,
        "url": absolute(here),
        "price": f"{offer.price_fen // 100}.{offer.price_fen % 100:02d}",
        "priceCurrency": offer.currency,
        "availability": f"{SCHEMA}{_availability(pack)}",
        "seller": {"@type": "Organization", "name": goods.stall_name, "url": absolute(goods.stall_href)},
    }
    if offer.opens_at:
        told["availabilityStarts"] = offer.opens_at.isoformat()
    if offer.closes_at:
        told["availabilityEnds"] = offer.closes_at.isoformat()
    return told


def _availability(pack: PackShown) -> str:
    if pack.left <= 0:
        return "OutOfStock"
    if pack.opens:
        return "PreSale"
    return "PreOrder" if pack.expected else "InStock"


def _description(page: ProductPage, goods: Goods) -> str:
    """The beginning of its story, else where it comes from."""
    story = " ".join(said(page.story_zh, page.story_en).split())
    return story[:_DESCRIBED] or f"{goods.name} · {goods.origin.striptags()}"
