"""Every write of the catalogue."""

from countyfair.trade.catalog.actions.offers import change_offer, put_up, take_down
from countyfair.trade.catalog.actions.photos import add_photo, withdraw_photo
from countyfair.trade.catalog.actions.products import (
    ProductFacts,
    add_pack,
    add_product,
    change_product,
    withdraw_product,
)
from countyfair.trade.catalog.actions.sheets import Loaded, load_sheet
from countyfair.trade.catalog.actions.shops import change_shop, close_operator, close_shop, open_shop

__all__ = [
    "Loaded",
    "ProductFacts",
    "add_pack",
    "add_photo",
    "add_product",
    "change_offer",
    "change_product",
    "change_shop",
    "close_operator",
    "close_shop",
    "load_sheet",
    "open_shop",
    "put_up",
    "take_down",
    "withdraw_photo",
    "withdraw_product",
]
