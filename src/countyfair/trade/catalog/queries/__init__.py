"""Reads of the catalogue that other rooms need."""

from countyfair.trade.catalog.queries.facets import Counts, shelf_counts
from countyfair.trade.catalog.queries.managing import (
    ManagedProduct,
    OfferRow,
    ShopRow,
    managed_products,
    offers,
    shops,
)
from countyfair.trade.catalog.queries.searching import search
from countyfair.trade.catalog.queries.sheets import Plan, Planned, preview
from countyfair.trade.catalog.queries.showing import (
    NO_PRODUCT,
    PAGE,
    Card,
    CertificateShown,
    Facets,
    OfferShown,
    PhotoShown,
    ProductPage,
    VoiceShown,
    facets,
    page_of,
    product_page,
    shelf,
)
from countyfair.trade.catalog.queries.stalls import ShopSeen, shop_of_household, shop_whole
from countyfair.trade.catalog.queries.words import Found, find, read_as

__all__ = [
    "NO_PRODUCT",
    "PAGE",
    "Card",
    "CertificateShown",
    "Counts",
    "Facets",
    "Found",
    "ManagedProduct",
    "OfferRow",
    "OfferShown",
    "PhotoShown",
    "Plan",
    "Planned",
    "ProductPage",
    "ShopRow",
    "ShopSeen",
    "VoiceShown",
    "facets",
    "find",
    "managed_products",
    "offers",
    "page_of",
    "preview",
    "product_page",
    "read_as",
    "search",
    "shelf",
    "shelf_counts",
    "shop_of_household",
    "shop_whole",
    "shops",
]
