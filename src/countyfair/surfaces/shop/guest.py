"""Whose basket it is: a member's by log-in, a guest's by a cookie that holds nothing else.

The cookie also counts the packs, so that the head of a page can show them without asking the database.
A member's cookie says of which sign-in it is, so that whoever comes after at the same phone is shown
no count of theirs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.seal import token_matches
from countyfair.surfaces.ui.actor import actor_from
from countyfair.surfaces.ui.environment import url
from countyfair.trade.orders import actions, queries

COOKIE = "basket"
LAST_ORDER = "last_order"
#: A basket that nobody touches for so long is forgotten on both sides; so is the link to the last order.
KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Known:
    """What the cookie says: the guest's basket, and how many packs were in it at last."""

    basket: UUID | None
    packs: int


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who buys, and the basket: None for a member, whose own is known by who they are.

    `brought` is how many packs a member's basket holds now that a guest's went into it; else None.
    """

    actor: Actor
    basket: UUID | None
    brought: int | None = None


def known(request: HttpRequest) -> Known:
    """Read the cookie; anything else than ours, or than this sign-in's, counts as none."""
    key, count = _read(request.COOKIES.get(COOKIE, ""))
    if isinstance(key, UUID):
        return Known(key, count)
    return Known(None, count if key and key == _sign_in(request) else 0)


@lru_cache(maxsize=1024)
def _read(cookie: str) -> tuple[UUID | str, int]:
    """The key of a guest's basket, or a member's sign-in, and the packs; a page asks for it several times."""
    key, _, packs = cookie.partition(".")
    count = int(packs) if packs.isascii() and packs.isdigit() and len(packs) < 5 else 0
    return (parse_uuid(key) or "" if len(key) == 32 else key), count


def remember(request: HttpRequest, response: HttpResponse, basket: UUID | None, packs: int) -> None:
    """Set the cookie to this basket. A member's is kept by their log-in: then the cookie only counts."""
    response.set_cookie(
        COOKIE,
        f"{basket.hex if basket else _sign_in(request)}.{packs}",
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remember_order(response: HttpResponse, order: UUID, token: str) -> None:
    """Keep the link to a guest's order on their phone: whoever does not come back from paying finds it."""
    response.set_cookie(
        LAST_ORDER,
        f"{order.hex}.{token}",
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def last_order(request: HttpRequest) -> str:
    """The address of the order that this phone ordered last as a guest; "" when it knows of none.

    Anything else than a link of ours counts as none. Asks the database nothing.
    """
    key, _, token = request.COOKIES.get(LAST_ORDER, "").partition(".")
    order = parse_uuid(key) if len(key) == 32 else None
    if order is None or not token_matches(token, str(order), "order"):
        return ""
    return url("shop:order_by_link", order, token)


def _sign_in(request: HttpRequest) -> str:
    """A short name of the session that tells nothing about it; "" without one."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return hashlib.sha256(f"basket:{session}".encode()).hexdigest()[:12] if session else ""


def shopper(request: HttpRequest) -> Shopper:
    """Who buys, with one basket: what a member put in before signing in goes into their own first."""
    actor, basket = buyer(request), known(request).basket
    if actor.user_id is None or basket is None:
        return Shopper(actor, basket)
    actions.merge_baskets(actor, guest=basket)
    return Shopper(actor, None, queries.basket_count(actor, basket=None))


def buyer(request: HttpRequest) -> Actor:
    """Who acts: the member who signed in, else a guest known by the basket. A guest costs no statement."""
    basket = known(request).basket
    return actor_from(request, basket.hex if basket else "")
