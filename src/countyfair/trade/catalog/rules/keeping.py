"""Who runs a shop: what its people did before, and the licence that the law asks of it.

Sources: E-commerce Law of the People's Republic of China (2018), article 10 (who sells the produce of the
own farm or handicraft of the own household need not register) and article 15 (a shop shows its licence, or
that it needs none); Food Safety Law (2021), article 35 (who makes or serves food holds a licence; who sells
edible farm produce needs none) and article 36 (small workshops register by the rules of their province).
`docs/shops.md` gives the table in words.
"""

from __future__ import annotations

from collections.abc import Collection

#: What the people of a household's shop may have been before, told only while the household agrees.
BACKGROUNDS = ("returned", "student", "veteran")
#: The one operator that article 10 exempts; all others are organisations.
HOUSEHOLD = "household"

#: What is asked, the strictest first: a food licence or workshop's registration, a business licence, nothing.
FOOD, BUSINESS, NONE = "food", "business", "none"
#: Food that was made, and not grown: articles 35 and 36.
_MADE = frozenset({"preserve", "drink"})
#: What is neither grown nor made by hand at home, so that article 10 does not exempt it.
_SERVED = frozenset({"service"})


def licence_missing(asked: str, licence_number: str, registration_number: str = "") -> bool:
    """Whether a shop does not say what the law asks; an organisation's own number is that of its business."""
    return not licence_number and (asked == FOOD or (asked == BUSINESS and not registration_number))


def licence_asked(operator_kind: str, categories: Collection[str]) -> str:
    """What the law asks of an operator that sells these categories: `food`, `business` or `none`."""
    if _MADE.intersection(categories):
        return FOOD
    if operator_kind != HOUSEHOLD or _SERVED.intersection(categories):
        return BUSINESS
    return NONE
