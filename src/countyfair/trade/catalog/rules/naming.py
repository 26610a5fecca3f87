"""What a shop's address is called: its name in the letters of an address."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

#: Room for the number that tells two shops of one name apart.
LONGEST = 50


def shop_slug(name: str) -> str:
    """A name in small letters, digits and hyphens; Chinese by its pinyin, `shop` where nothing is left."""
    spelt = "-".join(lazy_pinyin(name)).lower()
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")[:LONGEST].strip("-") or "shop"
