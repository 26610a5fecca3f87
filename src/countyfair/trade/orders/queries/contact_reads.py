"""Who opened the contacts of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows


@dataclass(frozen=True, slots=True)
class ContactReadRow:
    """One opening of an order's contact: who, what for, when."""

    id: UUID
    order: UUID
    number: str
    actor: str
    purpose: str
    at: datetime


def contact_reads(
    actor: Actor,
    *,
    county: str,
    order_id: UUID | None = None,
    limit: int = 50,
) -> list[ContactReadRow]:
    """Who opened the contacts of a county's orders, newest first; needs `audit.read` there.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("audit.read", place=county)
    return rows(
        "SELECT r.id, r.order_id, o.number, r.actor, r.purpose, r.at"
        " FROM orders_contactread r JOIN orders_order o ON o.id = r.order_id"
        " WHERE r.county = %(county)s AND (%(order)s::uuid IS NULL OR r.order_id = %(order)s::uuid)"
        " ORDER BY r.at DESC, r.id DESC LIMIT %(limit)s::int",
        {"county": county, "order": order_id, "limit": limit},
        into=ContactReadRow,
    )
