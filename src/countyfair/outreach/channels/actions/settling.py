"""Settlements of a platform: each movement kept once; what fits an order is booked, the rest is queued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import array, column
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop
from countyfair.outreach.channels.models import Connection
from countyfair.outreach.channels.platforms.shape import TheirCharge


@verb
def charge(actor: Actor, *, connection: UUID, told: Sequence[TheirCharge]) -> Counter[str]:
    """Keep movements of a settlement, once each; answers how many are new or known.

    Booking follows, order by order, when all movements of an order are there (`book_charges`).

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such connection.
    """
    shop = locked_shop(actor, connection)
    last = {(one.key, one.kind): one for one in told}
    new = _keep(shop, list(last.values()))
    return +Counter(new=new, unchanged=len(last) - new, repeated=len(told) - len(last))


def _keep(shop: Connection, told: Sequence[TheirCharge]) -> int:
    moment = now()
    lists = {
        "ids": array(uuid7() for _one in told),
        "keys": array(one.key[:80] for one in told),
        "kinds": array(one.kind for one in told),
        "numbers": array(one.number[:64] for one in told),
        "line_keys": array(one.line_key[:64] for one in told),
        "amounts": array(one.amount_fen for one in told),
        "saids": array(one.said[:120] for one in told),
        "moments": array(one.at or moment for one in told),
    }
    return len(column(_CHARGES, lists | {"connection": shop.id, "county": shop.county}, of=UUID))


_CHARGES = """
INSERT INTO channels_charge (id, connection_id, county, key, kind, number, line_key, amount_fen, said, at,
                             standing)
SELECT c.id, %(connection)s::uuid, %(county)s, c.key, c.kind, c.number, c.line_key, c.amount, c.said, c.at,
       'waiting'
  FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(kinds)s::text[], %(numbers)s::text[],
              %(line_keys)s::text[], %(amounts)s::bigint[], %(saids)s::text[], %(moments)s::timestamptz[])
    AS c (id, key, kind, number, line_key, amount, said, at)
ON CONFLICT (connection_id, key, kind) DO NOTHING RETURNING id
"""
