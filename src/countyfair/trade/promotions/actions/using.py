"""What becomes of uses. A use itself is written by `promotions_redeem`, in the round trip of placing."""

from __future__ import annotations

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb


@verb
def give_back(actor: Actor, *, holder: str) -> int:
    """What a holder used counts as not used: it came to nothing. Answers how many; again, none.

    Args:
        holder: the key of who used it, e.g. an order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT promotions_give_back(%s::text, %s::timestamptz)", [holder, now()])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
