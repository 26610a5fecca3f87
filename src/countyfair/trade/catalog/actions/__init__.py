"""Every write of the catalogue."""

from countyfair.trade.catalog.actions.binding import bind_product
from countyfair.trade.catalog.actions.brands import end_brand, grant_licence, set_brand, withdraw_licence
from countyfair.trade.catalog.actions.bulk import Bulk, Wanted, change_offers, edit_offers, undo_bulk
from countyfair.trade.catalog.actions.certificates import enter_certificate, withdraw_certificate
from countyfair.trade.catalog.actions.counting import count_shelves, turn_days
from countyfair.trade.catalog.actions.household_shops import open_household_shop, tell_background
from countyfair.trade.catalog.actions.offer_sheets import accept_sheet, bring_sheet, work_sheets
from countyfair.trade.catalog.actions.offers import bear_mark, change_offer, grade_offer, put_up, take_down
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
from countyfair.trade.catalog.actions.standards import (
    add_grade_picture,
    end_standard,
    set_standard,
    withdraw_grade_picture,
)
from countyfair.trade.catalog.actions.voices import record_voice, show_voice, withdraw_voice

__all__ = [
    "Bulk",
    "Loaded",
    "ProductFacts",
    "Wanted",
    "accept_sheet",
    "add_grade_picture",
    "add_pack",
    "add_photo",
    "add_product",
    "bear_mark",
    "bind_product",
    "bring_sheet",
    "change_offer",
    "change_offers",
    "change_product",
    "change_shop",
    "close_operator",
    "close_shop",
    "count_shelves",
    "edit_offers",
    "end_brand",
    "end_standard",
    "enter_certificate",
    "grade_offer",
    "grant_licence",
    "load_sheet",
    "open_household_shop",
    "open_shop",
    "put_up",
    "record_voice",
    "set_brand",
    "set_standard",
    "show_voice",
    "take_down",
    "tell_background",
    "turn_days",
    "undo_bulk",
    "withdraw_certificate",
    "withdraw_grade_picture",
    "withdraw_licence",
    "withdraw_photo",
    "withdraw_product",
    "withdraw_voice",
    "work_sheets",
]
