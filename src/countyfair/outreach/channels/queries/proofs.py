"""Proofs that what platforms told, what the trade took in and what was booked agree."""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove

JOINS = ("orders", "ledger")


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)


#: name → how many rows it speaks of, and the keys for which it fails
_PROOFS: dict[str, tuple[str, str]] = {
    "channels.what_was_taken_in_is_an_order_of_its_amount": (
        "SELECT count(*) FROM channels_arrival WHERE standing = 'placed'",
        """
        SELECT a.number FROM channels_arrival a
          LEFT JOIN orders_outside x ON x.order_id = a.id AND x.reference = a.number
               AND x.seller = a.connection_id::text
          LEFT JOIN orders_order o ON o.id = a.id
          LEFT JOIN LATERAL (SELECT coalesce(sum(n.amount_fen), 0) AS fen FROM channels_arrivalline n
                               JOIN channels_listing l ON l.id = n.listing_id
                              WHERE n.arrival_id = a.id) told ON true
         WHERE a.standing = 'placed' AND (x.order_id IS NULL OR o.goods_fen > told.fen)""",
    ),
    "channels.what_is_booked_is_in_the_ledger": (
        "SELECT count(*) FROM channels_booking",
        """
        SELECT b.id::text FROM channels_booking b
          LEFT JOIN (SELECT e.source, sum(p.amount_fen) FILTER (WHERE a.code = 'bank') AS bank,
                            -sum(p.amount_fen) FILTER (WHERE a.code = 'clearing') AS clearing
                       FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
                       JOIN ledger_account a ON a.id = p.account_id
                      WHERE e.what = 'channel-statement' GROUP BY e.source) e
            ON e.source = 'channel-statement:' || b.id
         WHERE (coalesce(e.bank, 0), coalesce(e.clearing, 0)) <> (b.net_fen, b.gross_fen)""",
    ),
    "channels.a_booking_is_the_sum_of_its_movements": (
        "SELECT count(*) FROM channels_charge WHERE standing = 'booked'",
        """
        SELECT b.id::text FROM channels_booking b
          LEFT JOIN (SELECT booking_id, sum(amount_fen) AS fen FROM channels_charge
                      WHERE standing = 'booked' GROUP BY booking_id) c ON c.booking_id = b.id
         WHERE c.fen IS DISTINCT FROM b.net_fen""",
    ),
}
