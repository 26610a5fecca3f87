"""Proofs that the journal and what follows from it agree; run by `countyfair check`."""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove

JOINS = ("catalog",)

#: name → how many rows it speaks of, and the keys for which it fails
PROOFS: dict[str, tuple[str, str]] = {
    "stock.lot_counters_follow_the_journal": (
        "SELECT count(*) FROM stock_lot",
        """
        SELECT l.id::text FROM stock_lot l
          LEFT JOIN (SELECT lot_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
                       FROM stock_movement GROUP BY lot_id) m ON m.lot_id = l.id
         WHERE (l.on_hand, l.reserved) IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
        """,
    ),
    "stock.supply_counters_follow_the_journal": (
        "SELECT count(*) FROM stock_supply",
        """
        SELECT s.id::text FROM stock_supply s
          LEFT JOIN (SELECT supply_id, sum(used_delta) AS used
                       FROM stock_movement WHERE supply_id IS NOT NULL
                      GROUP BY supply_id) m ON m.supply_id = s.id
         WHERE s.used <> coalesce(m.used, 0)
        """,
    ),
    "stock.reserved_is_what_is_held": (
        "SELECT count(*) FROM stock_lot",
        """
        SELECT l.id::text FROM stock_lot l
          LEFT JOIN (SELECT lot_id, sum(amount) AS held
                       FROM stock_reservation WHERE state = 'held' GROUP BY lot_id) r ON r.lot_id = l.id
         WHERE l.reserved <> coalesce(r.held, 0)
        """,
    ),
    "stock.used_is_what_is_held_or_gone": (
        "SELECT count(*) FROM stock_supply",
        """
        SELECT s.id::text FROM stock_supply s
          LEFT JOIN (SELECT supply_id, sum(amount - taken_back) AS drawn FROM stock_reservation
                      WHERE state IN ('held', 'dispatched') GROUP BY supply_id) r ON r.supply_id = s.id
         WHERE s.used <> coalesce(r.drawn, 0)
        """,
    ),
    "stock.every_reservation_has_its_movements": (
        "SELECT count(*) FROM stock_reservation",
        """
        SELECT r.id::text FROM stock_reservation r
          LEFT JOIN (SELECT reservation_id, sum(reserved_delta) AS reserved,
                            sum(on_hand_delta) FILTER (WHERE kind = 'dispatch') AS gone,
                            sum(on_hand_delta) FILTER (WHERE kind = 'take_back') AS back
                       FROM stock_movement WHERE reservation_id IS NOT NULL
                      GROUP BY reservation_id) m ON m.reservation_id = r.id
         WHERE coalesce(m.reserved, 0) <> CASE r.state WHEN 'held' THEN r.amount ELSE 0 END
            OR coalesce(-m.gone, 0) <> CASE r.state WHEN 'dispatched' THEN r.amount ELSE 0 END
            OR coalesce(m.back, 0) <> r.taken_back
        """,
    ),
    "stock.no_more_sold_than_harvested": (
        "SELECT count(*) FROM stock_lot",
        """
        SELECT l.id::text FROM stock_lot l
          JOIN (SELECT lot_id,
                       coalesce(sum(on_hand_delta) FILTER (
                           WHERE kind IN ('take_in', 'correct', 'write_off', 'expect')), 0) AS harvested,
                       sum(used_delta) AS sold
                  FROM stock_movement GROUP BY lot_id) m ON m.lot_id = l.id
         WHERE m.sold > m.harvested
        """,
    ),
    "stock.nothing_leaves_an_expected_lot": (
        "SELECT count(*) FROM stock_lot WHERE expected",
        """
        SELECT DISTINCT l.id::text FROM stock_lot l JOIN stock_movement m ON m.lot_id = l.id
         WHERE CASE WHEN l.expected THEN m.kind NOT IN ('expect', 'reserve', 'release')
                    ELSE m.kind = 'expect' END
        """,
    ),
    "stock.an_allotted_cycle_owes_nothing": (
        "SELECT count(*) FROM stock_cycle",
        """
        SELECT DISTINCT c.id::text FROM stock_cycle c
          JOIN stock_lot l ON l.pool_id = c.pool_id AND l.expected
         WHERE c.state = 'allotted' AND (l.on_hand <> 0 OR l.reserved <> 0)
        """,
    ),
    "stock.lots_and_supplies_stay_in_their_pool": (
        "SELECT count(*) FROM stock_reservation",
        """
        SELECT r.id::text FROM stock_reservation r
          JOIN stock_supply s ON s.id = r.supply_id JOIN stock_lot l ON l.id = r.lot_id
         WHERE s.pool_id <> l.pool_id OR r.county <> l.county
        """,
    ),
    "stock.offers_with_a_mark_take_grades_of_their_brand": (
        "SELECT count(*) FROM catalog_offer WHERE brand_id IS NOT NULL",
        """
        SELECT o.id::text FROM catalog_offer o
          FULL JOIN stock_supply s ON s.offer_id = o.id
          LEFT JOIN catalog_brand b ON b.id = o.brand_id
         WHERE s.brand_id IS DISTINCT FROM o.brand_id
            OR o.brand_id IS NOT NULL AND (s.standard_id IS DISTINCT FROM b.standard_id
               OR NOT s.takes <@ s.brand_grades OR b.least <> s.brand_grades[cardinality(s.brand_grades)])
        """,
    ),
}


def proofs() -> list[Proof]:
    """Every proof of this room, each over all rows."""
    return prove(PROOFS)
