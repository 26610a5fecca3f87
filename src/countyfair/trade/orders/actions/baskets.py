"""What somebody means to buy: each of these writes by one statement, and so a transaction of its own.

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
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.rows import run
from countyfair.trade.orders.actions.lacking import set_lacks
from countyfair.trade.orders.queries.offered import basis
from countyfair.trade.orders.queries.quoting import packs_of
from countyfair.trade.orders.rules.quote import quote
from countyfair.trade.promotions import queries as promotions
from countyfair.trade.promotions.rules.bundling import lacking

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


def add_bundle(actor: Actor, /, *, basket: UUID, bundle: UUID, completing: bool = False) -> int:
    """Put all packs of one set of a bundle into the basket, or none of them; answers how many went in.

    Args:
        basket: the guest's basket, made when it is not there; for a member any id will do.
        completing: only what the sets that were begun in it still lack; whole already, nothing happens.

    Raises:
        Conflict: the bundle does not count now; or with what is in the basket already, some of it could
            not be had: `details["lines"]` tells for each in trouble how many packs could.
    """
    terms = promotions.bundle_terms(bundle=bundle)
    if terms is None:
        raise Conflict(
            _("This bundle is over: each of its packs is sold for its own price."), code="bundle_over"
        )
    have = packs_of(actor, basket=basket, offers=[offer for offer, _packs in terms.parts])
    wanted = lacking(terms.parts, have) if completing else dict(terms.parts)
    lines = [(offer, have.get(offer, 0) + packs) for offer, packs in wanted.items()]
    if not lines:
        return 0
    found = basis(county=terms.county, moment=now(), lines=lines)
    goods = quote(found.wanted, moment=now(), outlet="shop")
    if goods.in_trouble:
        raise set_lacks(goods)
    params = {
        "basket": uuid7() if actor.user_id else basket, "user": actor.user_id, "offers": list(wanted),
        "quantities": list(wanted.values()), "adding": True, "moment": now(),
    }  # fmt: skip
    run(_MEMBERS_SOME if actor.user_id else _GUESTS_SOME, params)
    return sum(wanted.values())


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


_PUT = """
WITH mine AS (
    INSERT INTO orders_basket AS b (id, user_id, touched_at) VALUES (%(basket)s, %(user)s::uuid, %(moment)s)
    ON CONFLICT {known_by}
    RETURNING b.id)
INSERT INTO orders_basketline AS line (id, basket_id, offer_id, quantity, added_at)
{lines}
ON CONFLICT (basket_id, offer_id) DO UPDATE SET quantity =
    CASE WHEN %(adding)s::boolean THEN least(line.quantity + EXCLUDED.quantity, 999)
         ELSE EXCLUDED.quantity END
"""
_BY_ID = "(id) DO UPDATE SET touched_at = EXCLUDED.touched_at WHERE b.user_id IS NULL"
_BY_USER = "(user_id) DO UPDATE SET touched_at = EXCLUDED.touched_at"
_ONE = "SELECT %(line)s, mine.id, %(offer)s, %(quantity)s::int, %(moment)s FROM mine"
_SOME = (
    "SELECT kernel_uuid7(), mine.id, s.offer, s.quantity, %(moment)s"
    " FROM mine CROSS JOIN unnest(%(offers)s::uuid[], %(quantities)s::int[]) AS s (offer, quantity)"
)
_GUESTS = _PUT.format(known_by=_BY_ID, lines=_ONE)
_MEMBERS = _PUT.format(known_by=_BY_USER, lines=_ONE)
_GUESTS_SOME = _PUT.format(known_by=_BY_ID, lines=_SOME)
_MEMBERS_SOME = _PUT.format(known_by=_BY_USER, lines=_SOME)

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
