"""One line of text as people write it: a name, an address, a greeting."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """`text` on one line, single spaces between its words, without what is not seen.

    Control and formatting characters go: one that turns the direction of writing would turn round what a
    label or a message prints after the name, too.
    """
    seen = (one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join("".join(seen).split())
