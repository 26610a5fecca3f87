"""Which recordings may be heard: those that nobody took away, while their household agrees to selling."""

from __future__ import annotations

from countyfair.kernel.clock import now
from countyfair.kernel.rows import scalar
from countyfair.registers.people.rules import SELLING

JOINS = ("people",)

#: Whether the household of a recording `v` agrees at the moment; what belongs to none needs no consent.
AGREED = """(v.household_id IS NULL OR EXISTS (
           SELECT 1 FROM people_consent a
            WHERE a.household_id = v.household_id AND a.purpose = '{selling}' AND a.withdrawn_at IS NULL
              AND (a.until IS NULL OR a.until >= catalog_day(%(moment)s::timestamptz))))
""".replace("{selling}", SELLING)

_MAY_BE_HEARD = """
SELECT EXISTS (SELECT 1 FROM catalog_voice v
                WHERE v.digest = %(digest)s AND v.withdrawn_at IS NULL AND {agreed})
""".replace("{agreed}", AGREED)


def may_be_heard(digest: str) -> bool:
    """Whether a file is still somebody's recording that stands, shown to buyers already or not yet."""
    return bool(scalar(_MAY_BE_HEARD, {"digest": digest, "moment": now()}))
