"""What a code or a group stands for: one statement, asked only where there is one."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.promotions.rules.discounts import Terms
from countyfair.trade.promotions.rules.making import tidy_code

TERMS = """
SELECT id, version, county, shop_id, kind, name_zh, name_en, coalesce(code, ''), bearer, percent, off_fen,
       least_fen, most_fen, opens_at, closes_at, ended_at, limit_total IS NOT NULL AND used >= limit_total,
       offer_id, group_fen, bundle_fen
  FROM promotions_promotion"""


def group_terms(*, county: str, group: UUID) -> Terms | None:
    """What a group pays, whatever its state; None: the county has no such group. For rooms above."""
    found = rows(f"{TERMS} WHERE id = %s AND county = %s AND kind = 'group'", [group, county], into=Terms)
    return found[0] if found else None


def coupon(*, county: str, code: str) -> Terms | None:
    """The coupon that a county gave out under this code, whatever its state; None: there is none.

    For rooms above: a code is known to whoever was given it, and tells only its own terms.
    """
    found = rows(
        f"{TERMS} WHERE county = %s AND code = %s",
        [county, tidy_code(code)[:20]],
        into=Terms,
    )
    return found[0] if found else None
