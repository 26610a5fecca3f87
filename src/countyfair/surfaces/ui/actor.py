"""Who acts in a request: read once, when first asked for; a guest costs no statement."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden

#: The session's word that a second factor was shown in it.
SECOND_FACTOR = "second_factor"

P = ParamSpec("P")
Handler = Callable[[HttpRequest], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor_from(request: HttpRequest, guest: str = "") -> Actor:
    """The signed-in user, else a guest known by `guest`.

    Roles count only where the session showed a second factor: without it staff are buyers.
    """
    actor = held_by(request, guest)
    return actor if not actor.grants or second_factor_shown(request) else replace(actor, grants=())


def held_by(request: HttpRequest, guest: str = "") -> Actor:
    """The signed-in user with all roles held, second factor or not: to lead them, never to let them in."""
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return user.actor if user is not None and user.is_authenticated else Actor.guest(guest)


def second_factor_shown(request: HttpRequest) -> bool:
    """Whether this session showed a second factor of the person who is signed in."""
    return bool(request.session.get(SECOND_FACTOR) == str(request.user.pk))


def staff(view: View[P]) -> View[P]:
    """A page for whoever holds a role: others are led to sign in, or to set up their second factor first.

    What the role allows, and where, is still asked by the queries and verbs that the page calls.
    """

    @functools.wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = held_by(request)
        if actor.user_id is None:
            return _led(settings.LOGIN_URL, request)
        if not actor.grants:
            raise Forbidden(_("This page is for people who work here. Ask your county centre for a role."))
        if not second_factor_shown(request):
            return _led(settings.COUNTYFAIR_SECOND_FACTOR_URL, request)
        return view(request, *args, **kwargs)

    return page


def member(view: View[P]) -> View[P]:
    """A page for whoever is signed in: others are led to sign in first, and back."""

    @functools.wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if held_by(request).user_id is None:
            return _led(settings.LOGIN_URL, request)
        return view(request, *args, **kwargs)

    return page


def _led(address: str, request: HttpRequest) -> HttpResponse:
    """To `address`, and back here afterwards; a form that was being sent comes back to its page."""
    back = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{address}?{urlencode({'next': back})}")
