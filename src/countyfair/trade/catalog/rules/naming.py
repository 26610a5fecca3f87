"""What a shop is called: its name in the letters of an address, and the other names it is known by."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

#: Room for the number that tells two shops of one name apart.
LONGEST = 50

#: Of the other names of a shop so many, so long each, are enough; they are kept with this between them.
MOST_NAMES, LONGEST_NAME = 5, 14
NAMES_APART = "、"
_APART = re.compile(r"[、,，;；/\n]+")


def shop_slug(name: str) -> str:
    """A name in small letters, digits and hyphens; Chinese by its pinyin, `shop` where nothing is left."""
    spelt = "-".join(lazy_pinyin(name)).lower()
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")[:LONGEST].strip("-") or "shop"


def known_names(text: str) -> list[str]:
    """The names in a text that has commas of any kind between them, each once, in their order."""
    return list(dict.fromkeys(name for part in _APART.split(text) if (name := " ".join(part.split()))))
