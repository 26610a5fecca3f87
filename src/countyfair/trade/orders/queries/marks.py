"""Whose mark the goods of an order bore when they were sold: asked only where some did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import Columns, rows
from countyfair.trade.orders.queries.shown import OrderShown

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class MarkBorne:
    """A mark as its brand was called and looked when the goods were ordered, whatever became of either.

    `digest`, `width` and `height` are of its picture, "" and 0 without one.
    """

    name_zh: str
    name_en: str
    digest: str
    width: int
    height: int


def marks_on(order: OrderShown) -> Mapping[UUID, MarkBorne]:
    """The mark of each line that bore one, of an order that the reader has opened; no statement for none."""
    if not any(line.brand for line in order.lines):
        return {}
    found = rows(
        """
        SELECT l.id, v.name_zh, v.name_en, v.digest, v.width, v.height
          FROM orders_line l
          JOIN catalog_brandversion v ON v.brand_id = l.brand_id AND v.version = l.brand_version
         WHERE l.order_id = %s ORDER BY l.position""",
        [order.id],
        into=Columns,
    )
    return {key: MarkBorne(*mark) for key, *mark in found}
