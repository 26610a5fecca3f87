"""Who calls: the person of a bearer token, narrowed to its scopes, or a guest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Missing, Refusal
from countyfair.registers.access import actions, queries
from countyfair.registers.access.rules import MARK, narrowed
from countyfair.registers.people import queries as people
from countyfair.surfaces.api import limits
from countyfair.surfaces.ui.address import client_network


class NoToken(Refusal):
    """A token is needed, or the one sent opens nothing."""

    status = 401
    code = "unauthorized"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts, what the token lets through, and whose idempotency keys theirs are."""

    actor: Actor
    scopes: frozenset[str]
    owner: str
    standing: limits.Standing
    token: UUID | None = None
    with_factor: bool = False


def called_by(request: HttpRequest, scope: str, *, guests: bool) -> Caller:
    """The caller of an endpoint that asks for `scope`; each request counts against their limits.

    Raises:
        NoToken: none where one is needed, or an unknown one.
        Forbidden: the token lacks the scope.
        TooMany: too many requests.
    """
    network = client_network(request)
    standing = limits.count(f"address:{network}", limits.PER_ADDRESS)
    secret = _secret(request)
    if secret is None:
        if not guests:
            raise NoToken(_("Send a valid token in the Authorization header: Bearer cf_…"))
        return Caller(Actor.guest(""), frozenset(), f"guest:{network}", standing)
    caller = _of_token(secret)
    if caller is None:
        limits.count(f"address:{network}", limits.PER_ADDRESS, limits.WRONG_TOKEN)
        raise NoToken(_("This token opens nothing: it is unknown, revoked or over."), code="wrong_token")
    if scope and scope not in caller.scopes:
        raise Forbidden(
            _("The token lacks the scope that this needs."), code="scope", details={"scope": scope}
        )
    return caller


def _secret(request: HttpRequest) -> str | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _space, secret = header.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _of_token(secret: str) -> Caller | None:
    """Two statements, as for a page of somebody signed in: the token, and the person with their roles."""
    if not secret.startswith(MARK) or not secret.isascii():
        return None
    bearer = queries.bearer(secret)
    if bearer is None:
        return None
    try:
        actor = people.actor_of(bearer.user)
    except Missing:
        return None
    standing = limits.count(f"token:{bearer.token}", limits.PER_TOKEN)
    actions.note_use(bearer.token, bearer.used_at)
    narrow = narrowed(actor, bearer.scopes, with_factor=bearer.with_factor)
    return Caller(
        narrow, frozenset(bearer.scopes), f"token:{bearer.token}", standing, bearer.token, bearer.with_factor
    )
