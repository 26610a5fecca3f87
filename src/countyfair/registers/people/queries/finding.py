"""A household found at a counter: by its number, by the surname, or by its phone."""

from __future__ import annotations

import unicodedata

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import rows
from countyfair.kernel.seal import blind
from countyfair.registers.people.queries.households import _SELECT, HouseholdRow
from countyfair.registers.people.rules import phone as as_phone

#: So many digits are a telephone number rather than part of a household's.
PHONE_DIGITS = 11


def find_households(actor: Actor, *, place: str, text: str = "", limit: int = 60) -> list[HouseholdRow]:
    """Households of a place's subtree, by number; one statement; needs `household.read` at the place.

    Args:
        text: part of a household's number, the surname that lists show (`李**`), or its whole phone;
            "" finds all.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("household.read", place=place)
    said = "".join(unicodedata.normalize("NFKC", text).split())
    bare = said.lstrip("+").replace("-", "")
    return rows(
        _FIND,
        {
            "place": place, "county": place[:6], "text": said, "surname": said[:1],
            "phone": _phone_key(said) if len(bare) >= PHONE_DIGITS and bare.isdigit() else None,
            "limit": limit, "today": clock.today(),
        },
        into=HouseholdRow,
    )  # fmt: skip


def _phone_key(text: str) -> str | None:
    try:
        return blind(as_phone(text), "household.phone")
    except Invalid:
        return None


_FIND = (
    _SELECT
    + """
 WHERE h.county = %(county)s AND h.place ^@ %(place)s AND i.erased_at IS NULL
   AND (%(text)s = '' OR position(%(text)s IN h.number) > 0 OR i.phone_blind = %(phone)s::text
        OR i.head_mask ^@ %(surname)s)
 ORDER BY h.number LIMIT %(limit)s::int
"""
)
