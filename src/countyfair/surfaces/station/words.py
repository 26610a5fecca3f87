"""What things are called at a station, and which picture stands for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence

#: State of an order → how a tag shows it.
STATES: dict[str, tuple[str, Sentence]] = {
    "placed": ("waiting", _("Not paid yet")),
    "gathering": ("waiting", _("Waits for its group")),
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
