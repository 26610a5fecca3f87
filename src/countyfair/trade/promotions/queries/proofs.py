"""Proofs that promotions are used as their journal says; run by `countyfair check`."""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove

JOINS = ("catalog",)


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
    "promotions.what_a_bundle_names_knows_it": (
        "SELECT count(*) FROM promotions_bundlepart",
        """
        SELECT b.id::text FROM promotions_bundlepart b
          JOIN promotions_promotion p ON p.id = b.promotion_id
          JOIN catalog_offer o ON o.id = b.offer_id
         WHERE p.ended_at IS NULL AND NOT o.bundled
        """,
    ),
}
