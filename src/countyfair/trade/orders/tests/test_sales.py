"""What shops sold: to whom it is shown, in which order, and what a page of it costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY, an_actor, an_organisation
from countyfair.trade.orders.queries import sales
from countyfair.trade.orders.queries.sales import SoldLine, sold
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_life import pay

pytestmark = pytest.mark.django_db


def organisation_of(product: UUID) -> UUID:
    found = scalar(
        "SELECT h.organisation_id FROM catalog_product d JOIN catalog_shop h ON h.id = d.shop_id"
        " WHERE d.id = %s",
        [product],
    )
    assert isinstance(found, UUID)
    return found


def bought(fair: Fair, *offers: UUID) -> UUID:
    lines = tuple((offer, 1) for offer in offers)
    placed = place(fair, lines=lines, expected_total_fen=2980 * len(offers))
    pay(fair, placed)
    return placed.order


def keeper_of(*organisations: UUID) -> Actor:
    grants = [an_actor("shop_keeper", organisation=one).grants for one in organisations]
    return Actor("user:keeper", uuid7(), tuple(grant for some in grants for grant in some))


def test_the_shops_of_all_one_works_for_are_listed_together_without_gap_or_overlap() -> None:
    fair = a_fair()
    other = a_stall(fair.households, fair.station)
    mine, theirs = fair.stall.offer, other.offer
    orders = [bought(fair, *offers) for offers in ((mine,), (theirs,), (mine, theirs), (theirs,), (mine,))]
    place(fair)
    both = keeper_of(organisation_of(fair.stall.product), organisation_of(other.product))
    seen: list[SoldLine] = []
    while found := sold(
        both, county=fair.county, before=(seen[-1].order, seen[-1].id) if seen else None, limit=2
    ):
        seen += found
    assert len({line.id for line in seen}) == len(seen) == 6
    assert list(dict.fromkeys(line.order for line in seen)) == orders[::-1]
    assert [(line.id, line.order) for line in sold(both, county=fair.county)] == [
        (line.id, line.order) for line in seen
    ]
    one = keeper_of(organisation_of(other.product))
    assert [line.order for line in sold(one, county=fair.county)] == [orders[3], orders[2], orders[1]]
    assert sold(one, county=OTHER_COUNTY) == []
    assert sold(keeper_of(an_organisation()), county=fair.county) == []
    with pytest.raises(Forbidden):
        sold(an_actor("centre_staff"), county=fair.county)


@pytest.mark.parametrize("text", ["_SOLD", "_SOLD_BEFORE"])
def test_a_page_reads_the_lines_of_the_shop_and_not_the_orders_of_the_county(text: str) -> None:
    fair = a_fair()
    order = bought(fair, fair.stall.offer)
    params: dict[str, Any] = {
        "county": fair.county, "own": [organisation_of(fair.stall.product)], "order": order, "key": uuid7(),
        "limit": 51,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_nestloop = off")  # what cannot be joined otherwise still is so
        cursor.execute("EXPLAIN " + getattr(sales, text), params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan Backward using line_shop" in plan, plan
    assert "Index Cond: (id = l.order_id)" in plan, plan
    assert [join for join in ("Merge Join", "Hash Join", "IS NULL") if join in plan] == []
