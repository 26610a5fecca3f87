"""The tables of the catalogue."""

from countyfair.trade.catalog.models.brands import Brand, BrandLicence, BrandVersion
from countyfair.trade.catalog.models.certificates import Certificate
from countyfair.trade.catalog.models.goods import (
    BulkChange,
    BulkRow,
    Offer,
    Pack,
    Photo,
    Product,
    Shop,
    Voice,
)
from countyfair.trade.catalog.models.sheets import OfferSheet
from countyfair.trade.catalog.models.shelf import Bearing, Tally, Word
from countyfair.trade.catalog.models.standards import GradePicture, Standard, StandardVersion

__all__ = [
    "Bearing",
    "Brand",
    "BrandLicence",
    "BrandVersion",
    "BulkChange",
    "BulkRow",
    "Certificate",
    "GradePicture",
    "Offer",
    "OfferSheet",
    "Pack",
    "Photo",
    "Product",
    "Shop",
    "Standard",
    "StandardVersion",
    "Tally",
    "Voice",
    "Word",
]
