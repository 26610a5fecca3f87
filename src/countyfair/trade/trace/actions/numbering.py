"""Giving products the number by which they are known outside the house."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import run
from countyfair.kernel.verbs import verb


@verb
def number_goods(actor: Actor, *, products: Sequence[tuple[str, UUID]]) -> None:
    """Give each product, (county, key), the next number of its county. One that has a number keeps it.

    For the handler of weigh-ins, which runs once at a time.
    """
    for county, product in products:
        run(
            "INSERT INTO trace_tradeitem (id, county, product_id, number)"
            " SELECT %(id)s::uuid, %(county)s::text, %(product)s::uuid, coalesce(max(i.number), 0) + 1"
            " FROM trace_tradeitem i WHERE i.county = %(county)s::text"
            " ON CONFLICT (product_id) DO NOTHING",
            {"id": uuid7(), "county": county, "product": product},
        )
