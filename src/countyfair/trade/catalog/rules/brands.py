"""Brands: what of theirs a page shows, which grades they take, and what a licence can be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules.grading import GRADES, OFF

#: A licence that ends within so many days, and is followed by none, is shown to the desk.
ENDS_SOON_DAYS = 60
#: No licence holds longer; after that it is granted anew.
LONGEST_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark that an offer bears now; `digest` and its size are of its picture, "" and 0 without."""

    brand: UUID
    version: int
    name_zh: str
    name_en: str
    digest: str
    width: int
    height: int


def mark_of(told: str | None) -> Mark | None:
    """What `catalog_mark` answers."""
    if told is None:
        return None
    key, *rest = json.loads(told)
    return Mark(UUID(key), *rest)


def grades_of(least: str) -> tuple[str, ...]:
    """The grades under which a brand is borne, from the best down to `least`; off-grade is never among them.

    Raises:
        Invalid: it is no grade of produce.
    """
    keys = [key for key in GRADES if key != OFF]
    if least not in keys:
        raise Invalid(_("Choose the lowest grade that may bear the mark."), field="least")
    return tuple(keys[: keys.index(least) + 1])


def check_days(since: date, until: date, others: Iterable[tuple[date, date]]) -> None:
    """Refuse days that no licence can have beside the `others` (since, until) of the same shop.

    Raises:
        Invalid: it ends before it begins, holds too long, or two would hold on one day.
    """
    if until < since:
        raise Invalid(_("A licence ends on the day it begins at the earliest."), field="until")
    if (until - since).days >= LONGEST_DAYS:
        raise Invalid(_("A licence holds for five years at most. Grant it anew after that."), field="until")
    if any(since <= last and until >= first for first, last in others):
        raise Invalid(
            _("This shop holds a licence on one of these days already. Let the next one begin after it."),
            field="since",
        )
