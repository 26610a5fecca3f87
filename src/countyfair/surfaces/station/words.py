"""What things are called at a station, and which picture stands for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.ui.assets import assets
from countyfair.trade.catalog.rules import CATEGORIES

#: State of an order → how a tag shows it.
STATES: dict[str, tuple[str, Sentence]] = {
    "placed": ("waiting", _("Not paid yet")),
    "paid": ("active", _("To be packed")),
    "packed": ("active", _("Packed")),
    "handed_over": ("active", _("On its way")),
    "delivered": ("done", _("Delivered")),
    "completed": ("done", _("Delivered")),
    "cancelled": ("stopped", _("Cancelled")),
    "refunded": ("stopped", _("Given back")),
}
#: The units that an agent may choose, as `parse_quantity` reads them.
UNITS: dict[str, tuple[tuple[str, Sentence], ...]] = {
    "g": (("斤", _("jin")), ("kg", _("kg")), ("g", _("g"))),
    "piece": (("个", _("pieces")),),
}


def food_of(icon: str, category: str) -> str:
    """The name of a picture that the front end was built with: the product's own, else its category's."""
    if icon and f"food/{icon}.svg" in assets().manifest:
        return icon
    known = CATEGORIES.get(category)
    return known.icon if known else "basket"
