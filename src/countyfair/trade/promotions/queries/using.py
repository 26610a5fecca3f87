"""What a code stands for: one statement, asked only where somebody typed one."""

from __future__ import annotations

from countyfair.kernel.rows import rows
from countyfair.trade.promotions.rules.discounts import Terms
from countyfair.trade.promotions.rules.making import tidy_code


def coupon(*, county: str, code: str) -> Terms | None:
    """The coupon that a county gave out under this code, whatever its state; None: there is none.

    For rooms above: a code is known to whoever was given it, and tells only its own terms.
    """
    found = rows(
        """
        SELECT id, version, county, shop_id, kind, name_zh, name_en, code, bearer, percent, off_fen,
               least_fen, most_fen, opens_at, closes_at, ended_at,
               limit_total IS NOT NULL AND used >= limit_total
          FROM promotions_promotion WHERE county = %s AND code = %s""",
        [county, tidy_code(code)[:20]],
        into=Terms,
    )
    return found[0] if found else None
