"""What the terms of a promotion may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.naming import names

#: A percentage may go so far; nothing is given away whole.
MOST_PERCENT = 90
#: What one promotion may take off at most, and how often it may be used.
MOST_OFF_FEN = 10_000_000
MOST_USES = 1_000_000
LONGEST = timedelta(days=366)

_CODE = re.compile(r"^[A-Z0-9]{3,20}$")


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon says. Either `percent` or `off_fen`; 0 and None are no limit.

    `shop` None: on all that the county sells. `public`: its code stands on the stalls' pages.
    """

    code: str
    name_zh: str
    name_en: str
    bearer: str
    opens_at: datetime
    closes_at: datetime
    shop: UUID | None = None
    percent: int = 0
    off_fen: int = 0
    least_fen: int = 0
    most_fen: int | None = None
    limit_total: int | None = None
    limit_each: int | None = None
    public: bool = False


def tidy_code(text: str) -> str:
    """A code as it is kept: letters and figures only, half-width and large, whatever way it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()


def checked(terms: CouponTerms) -> CouponTerms:
    """The terms, tidied.

    Raises:
        Invalid: something of them cannot be; at its field.
    """
    code = tidy_code(terms.code)
    if not _CODE.match(code):
        raise Invalid(_("Write a code of 3 to 20 letters and figures."), field="code")
    name_zh, name_en = names(terms)
    _check_off(terms)
    _check_limits(terms)
    if not timedelta() < terms.closes_at - terms.opens_at <= LONGEST:
        raise Invalid(_("It must end after it begins, and within a year."), field="closes_at")
    return replace(terms, code=code, name_zh=name_zh, name_en=name_en)


def _check_off(terms: CouponTerms) -> None:
    if bool(terms.percent) == bool(terms.off_fen):
        raise Invalid(_("Take off either a percentage or an amount."), field="percent")
    if terms.percent and not 0 < terms.percent <= MOST_PERCENT:
        raise Invalid(_("A percentage is between 1 and 90."), field="percent")
    if terms.off_fen and not 0 < terms.off_fen <= MOST_OFF_FEN:
        raise Invalid(_("The amount must be more than nothing, and at most 100,000."), field="off")


def _check_limits(terms: CouponTerms) -> None:
    if not 0 <= terms.least_fen <= MOST_OFF_FEN:
        raise Invalid(_("From nothing to 100,000."), field="least")
    if terms.most_fen is not None and not 0 < terms.most_fen <= MOST_OFF_FEN:
        raise Invalid(_("The amount must be more than nothing, and at most 100,000."), field="most")
    for field, limit in (("limit_total", terms.limit_total), ("limit_each", terms.limit_each)):
        if limit is not None and not 0 < limit <= MOST_USES:
            raise Invalid(_("A number from 1 to 1,000,000, or nothing for no limit."), field=field)
