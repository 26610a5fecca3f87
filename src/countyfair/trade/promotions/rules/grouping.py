"""What the terms of a group may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.naming import names

#: A group has at least two members, and closes within so long: their money waits for it.
MOST_MEMBERS = 1000
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """So many buyers get a pack of an offer each for `group_fen`, if all have paid by `closes_at`."""

    offer: UUID
    name_zh: str
    name_en: str
    bearer: str
    group_fen: int
    needed: int
    opens_at: datetime
    closes_at: datetime


def checked(terms: GroupTerms, price_fen: int) -> GroupTerms:
    """The terms, tidied; `price_fen` is what a pack costs alone.

    Raises:
        Invalid: something of them cannot be; at its field.
    """
    name_zh, name_en = names(terms)
    if not 0 < terms.group_fen < price_fen:
        raise Invalid(_("Together it must cost less than alone, and more than nothing."), field="price")
    if not 2 <= terms.needed <= MOST_MEMBERS:
        raise Invalid(_("A group has 2 to 1,000 members."), field="needed")
    if not timedelta() < terms.closes_at - terms.opens_at <= LONGEST:
        raise Invalid(_("It must end after it begins, and within fourteen days."), field="closes_at")
    return replace(terms, name_zh=name_zh, name_en=name_en)
