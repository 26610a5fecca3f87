"""What somebody means to buy: each of these is one statement, and so a transaction of its own.

A guest's basket is known by its id, which lives in a cookie; a member's by who they are. Nothing
here is a promise, so nothing is audited and no actor is named to the database.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.rows import run

#: The most packs of one offer that a basket holds.
MOST = 999


def add_to_basket(actor: Actor, /, *, basket: UUID, offer: UUID, quantity: int = 1) -> None:
    """Put so many more packs into the basket, made when it is not there.

    Args:
        basket: the guest's basket; for a member any id will do.

    Raises:
        Invalid: fewer than one or more than 999.
        Missing: no such offer.
    """
    _put(actor, basket, offer, quantity, adding=True)


def set_quantity(actor: Actor, /, *, basket: UUID, offer: UUID, quantity: int) -> None:
    """Let there be so many packs of an offer in the basket; 0 takes it out.

    Raises:
        Invalid: less than none or more than 999.
        Missing: no such offer.
    """
    if quantity == 0:
        take_out(actor, basket=basket, offer=offer)
    else:
        _put(actor, basket, offer, quantity, adding=False)


def take_out(actor: Actor, /, *, basket: UUID, offer: UUID) -> None:
    """Take an offer out of the basket; when it is not in it, nothing happens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM orders_basketline line USING orders_basket b WHERE b.id = line.basket_id"
            " AND line.offer_id = %(offer)s AND CASE WHEN %(user)s::uuid IS NULL"
            " THEN b.id = %(basket)s AND b.user_id IS NULL ELSE b.user_id = %(user)s::uuid END",
            {"offer": offer, "user": actor.user_id, "basket": basket},
        )


def merge_baskets(actor: Actor, /, *, guest: UUID) -> None:
    """After log-in: what the guest's basket holds goes into the member's; of each offer the larger number.

    Raises:
        Invalid: the actor is not logged in.
    """
    if actor.user_id is None:
        raise Invalid(_("Log in first."))
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, {"guest": guest, "user": actor.user_id, "new": uuid7(), "moment": now()})


def _put(actor: Actor, basket: UUID, offer: UUID, quantity: int, *, adding: bool) -> None:
    if not 0 < quantity <= MOST:
        raise Invalid(_("Choose between 1 and 999 packs."), field="quantity")
    params = {
        "basket": uuid7() if actor.user_id else basket, "user": actor.user_id, "line": uuid7(),
        "offer": offer, "quantity": quantity, "adding": adding, "moment": now(),
    }  # fmt: skip
    try:
        run(_MEMBERS if actor.user_id else _GUESTS, params, keep_plan=True)
    except IntegrityError as error:
        raise Missing(_("This is not offered any more.")) from error


_GUESTS = """
WITH mine AS (
    INSERT INTO orders_basket AS b (id, user_id, touched_at) VALUES (%(basket)s, %(user)s::uuid, %(moment)s)
    ON CONFLICT (id) DO UPDATE SET touched_at = EXCLUDED.touched_at WHERE b.user_id IS NULL
    RETURNING b.id)
INSERT INTO orders_basketline AS line (id, basket_id, offer_id, quantity, added_at)
SELECT %(line)s, mine.id, %(offer)s, %(quantity)s::int, %(moment)s FROM mine
ON CONFLICT (basket_id, offer_id) DO UPDATE SET quantity =
    CASE WHEN %(adding)s::boolean THEN least(line.quantity + EXCLUDED.quantity, 999)
         ELSE EXCLUDED.quantity END
"""

_MEMBERS = """
WITH mine AS (
    INSERT INTO orders_basket AS b (id, user_id, touched_at) VALUES (%(basket)s, %(user)s::uuid, %(moment)s)
    ON CONFLICT (user_id) DO UPDATE SET touched_at = EXCLUDED.touched_at
    RETURNING b.id)
INSERT INTO orders_basketline AS line (id, basket_id, offer_id, quantity, added_at)
SELECT %(line)s, mine.id, %(offer)s, %(quantity)s::int, %(moment)s FROM mine
ON CONFLICT (basket_id, offer_id) DO UPDATE SET quantity =
    CASE WHEN %(adding)s::boolean THEN least(line.quantity + EXCLUDED.quantity, 999)
         ELSE EXCLUDED.quantity END
"""

_MERGE = """
WITH mine AS (
    INSERT INTO orders_basket AS b (id, user_id, touched_at) VALUES (%(new)s, %(user)s, %(moment)s)
    ON CONFLICT (user_id) DO UPDATE SET touched_at = EXCLUDED.touched_at
    RETURNING b.id
), moved AS (
    DELETE FROM orders_basketline line USING orders_basket b
     WHERE b.id = line.basket_id AND b.id = %(guest)s AND b.user_id IS NULL
    RETURNING line.offer_id, line.quantity, line.added_at
), emptied AS (
    DELETE FROM orders_basket b WHERE b.id = %(guest)s AND b.user_id IS NULL
)
INSERT INTO orders_basketline AS line (id, basket_id, offer_id, quantity, added_at)
SELECT kernel_uuid7(), mine.id, moved.offer_id, moved.quantity, moved.added_at FROM moved CROSS JOIN mine
ON CONFLICT (basket_id, offer_id) DO UPDATE SET quantity = greatest(line.quantity, EXCLUDED.quantity)
"""
