"""Who keeps a shop, in words: for its stall, its station and the county's desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.trade.catalog.rules import keeping

#: Who runs it, by its kind.
KEEPERS: dict[str, Sentence] = {
    "household": _("Run by a farming household"),
    "cooperative": _("Run by a co-operative"),
    "firm": _("Run by a firm"),
    "centre": _("Run by the county centre"),
    "public": _("Run by a public body"),
}
#: What its people did before.
BACKGROUNDS: dict[str, Sentence] = {
    "returned": _("Came back from work in the city"),
    "student": _("Student"),
    "veteran": _("Veteran"),
}
#: What the law asks and a shop does not say, told to who can enter it.
MISSING: dict[str, Sentence] = {
    keeping.FOOD: _("The law asks a food licence, or a workshop's registration, for its goods."),
    keeping.BUSINESS: _("The law asks the number of its business licence."),
}
#: What a stall says that needs none.
NEEDS_NONE = _(
    "Sells what its own household grew or made: the law asks no registration (E-commerce Law, article 10)."
)
