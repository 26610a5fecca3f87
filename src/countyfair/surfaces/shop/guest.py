"""Whose basket it is: a member's by log-in, a guest's by a cookie that holds nothing else.

The cookie also counts the packs, so that the head of a page can show them without asking the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.surfaces.ui.actor import actor_from

COOKIE = "basket"
#: A basket that nobody touches for so long is forgotten on both sides.
KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Known:
    """What the cookie says: the guest's basket, and how many packs were in it at last."""

    basket: UUID | None
    packs: int


def known(request: HttpRequest) -> Known:
    """Read the cookie; anything else than ours counts as none."""
    key, _, packs = request.COOKIES.get(COOKIE, "").partition(".")
    count = int(packs) if packs.isascii() and packs.isdigit() and len(packs) < 5 else 0
    return Known(parse_uuid(key) if len(key) == 32 else None, count)


def remember(response: HttpResponse, basket: UUID | None, packs: int) -> None:
    """Set the cookie to this basket. A member's is kept by their log-in: then the cookie only counts."""
    response.set_cookie(
        COOKIE,
        f"{basket.hex if basket else ''}.{packs}",
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def buyer(request: HttpRequest) -> Actor:
    """Who acts: the member who signed in, else a guest known by the basket. A guest costs no statement."""
    basket = known(request).basket
    return actor_from(request, basket.hex if basket else "")
