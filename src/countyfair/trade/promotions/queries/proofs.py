"""Proofs that promotions are used as their journal says; run by `countyfair check`."""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)


_PROOFS: dict[str, tuple[str, str]] = {
    "promotions.used_follows_the_journal": (
        "SELECT count(*) FROM promotions_promotion",
        """
        SELECT p.id::text FROM promotions_promotion p
          LEFT JOIN (SELECT promotion_id, sum(uses) AS uses FROM promotions_redemption
                      GROUP BY promotion_id) r ON r.promotion_id = p.id
         WHERE p.used <> coalesce(r.uses, 0)
        """,
    ),
}
