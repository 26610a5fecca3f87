"""Pools: made when the first lot or the first offer asks for one, which binds their product."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.stock.models import Pool


def pool_called(actor: Actor, county: str, product: UUID, name: str, *, kind: str = "") -> UUID:
    """The pool of a product under this name, made when it is not there; the product stays what it is then.

    Args:
        kind: what the caller takes the product for; "" for whatever it is.

    Raises:
        Stale: the product was made something else meanwhile.
    """
    there = Pool.objects.filter(product_id=product, name=name).values_list("id", flat=True).first()
    if there is not None:
        return there
    catalog.bind_product(actor, product=product, kind=kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_pool (id, county, product_id, name) VALUES (%s::uuid, %s, %s::uuid, %s)"
            " ON CONFLICT (product_id, name) DO NOTHING",
            [uuid7(), county, product, name],
        )
    return Pool.objects.only("id").get(product_id=product, name=name).id
