"""Noting on products what lists know of them, wherever an offer changes or what goods bear."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.rows import Columns, rows, run
from countyfair.trade.catalog.events import ShelfChanged


def list_products(products: Collection[UUID]) -> None:
    """After their offers changed: whether they are on the shelf and since when, what a kilogram costs, what
    they bear. The shelf is counted anew when the change of the offer is heard of."""
    keys = sorted(products)
    run("SELECT catalog_list(%s::uuid[])", [keys])
    run("SELECT count(*) FROM catalog_bear(%s::uuid[], %s)", [keys, now()])


def bear(products: Collection[UUID]) -> None:
    """After a certificate, a licence or a grade changed: what they bear; their shelves are counted anew."""
    found = rows("SELECT county FROM catalog_bear(%s::uuid[], %s)", [sorted(products), now()], into=Columns)
    for (county,) in found:
        announce(ShelfChanged(), county=county)
