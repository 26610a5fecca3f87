"""How an endpoint is written: a function that calls one query or verb, and a line that says where it stands.

    @routes.reads("/stations/{station}/to-pack", ORDERS, scope="orders.write")
    def to_pack(call: Call, station: UUID) -> list[StationOrder]:
        \"\"\"Paid orders that this station packs, the longest waiting first.\"\"\"

The parameters of the function are those of the address, of the query, and `body`. All that every endpoint
needs stands here once: who calls, within which limits, writes that happen once, versions, headers.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import typing
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Missing, Refusal
from countyfair.registers.access import actions as access
from countyfair.registers.access.actions import Told
from countyfair.surfaces.api.callers import Caller, called_by
from countyfair.surfaces.api.shapes import Shape
from countyfair.surfaces.centre.desk import kept_by
from countyfair.surfaces.ui.headers import vary

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

#: An idempotency key as it may be written.
KEY = r"^[\x21-\x7e]{1,200}$"
KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Made by the caller for this write, such as a UUID. The same key and content again get the"
    " first answer; other content gets 409.",
    "schema": {"type": "string", "pattern": KEY, "minLength": 1, "maxLength": 200},
}
MATCH_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the version that is changed.",
    "schema": {"type": "string", "pattern": r'^"v[0-9]{1,9}"$'},
}


class BadRequest(Refusal):
    """A header that this needs is missing or cannot be read."""

    status = 400
    code = "bad_request"


class NoVersion(Refusal):
    """A change without saying of which version."""

    status = 428
    code = "precondition_required"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an endpoint sees it."""

    request: HttpRequest
    caller: Caller

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def version(self) -> int:
        """The version that If-Match names.

        Raises:
            NoVersion: it names none.
        """
        tag = self.request.headers.get("If-Match", "").removeprefix("W/").strip('"')
        if not tag.startswith("v") or not tag[1:].isascii() or not tag[1:].isdigit() or len(tag) > 10:
            raise NoVersion(_("Send If-Match with the ETag of the version that you change."))
        return int(tag[1:])

    def require(self, power: str, county: str) -> None:
        """Raise Forbidden unless the power is held at the county, as its desk's pages do."""
        self.actor.require(power, place=county)

    def require_or_keep(self, power: str, county: str) -> None:
        """The same, and open to who holds the power at an organisation of the county, over what is its own.

        Raises:
            Forbidden: neither.
        """
        if self.actor.may(power, place=county):
            return
        held = self.actor.organisations(power)
        if not any(row.county == county and row.id in held for row in kept_by(self.actor)):
            self.require(power, county)


def belongs(county: str, read: Callable[[], T], whose: Callable[[T], str]) -> T:
    """What `read` finds, when it is this county's.

    Raises:
        Missing: there is no such thing, or it is another county's: one is not told apart from the other.
    """
    try:
        found = read()
    except Forbidden:
        raise Missing(_("There is no such thing in this county.")) from None
    if whose(found) != county:
        raise Missing(_("There is no such thing in this county."))
    return found


#: What stands around a write and outside its transaction: it sees what was refused.
Around = Callable[[Call, Mapping[str, Any]], AbstractContextManager[None]]


class Routes(Router):
    """The endpoints of one kind of people, a file each."""

    def reads(self, path: str, shape: Shape, *, scope: str = "", guests: bool = False) -> Callable[[F], F]:
        """A GET. Without a scope, or with `guests`, no token is needed."""
        return self._route("GET", path, shape, scope=scope, guests=guests or not scope, status=200)

    def writes(
        self,
        path: str,
        shape: Shape | None = None,
        *,
        scope: str,
        method: str = "POST",
        guests: bool = False,
        makes: bool = False,
        versions: bool = False,
        around: Around | None = None,
    ) -> Callable[[F], F]:
        """A write, once under its `Idempotency-Key`.

        Args:
            shape: that of the answer; None answers 204 with nothing.
            makes: something new is made: 201.
            versions: it changes the version that `If-Match` names.
            around: what is done outside its transaction.
        """
        status = 204 if shape is None else 201 if makes else 200
        return self._route(
            method,
            path,
            shape,
            scope=scope,
            guests=guests,
            status=status,
            writes=around or _nothing,
            versions=versions,
        )

    def _route(
        self,
        method: str,
        path: str,
        shape: Shape | None,
        *,
        scope: str,
        guests: bool,
        status: int,
        writes: Around | None = None,
        versions: bool = False,
    ) -> Callable[[F], F]:
        def routed(function: F) -> F:
            act = _write(function, shape, status, writes) if writes else _read(function, shape)
            view = _view(function, act, scope=scope, guests=guests)
            parameters = ([KEY_PARAMETER] if writes else []) + ([MATCH_PARAMETER] if versions else [])
            token: list[dict[str, list[str]]] = [{"token": [scope] if scope else []}]
            self.add_api_operation(
                path,
                [method],
                view,
                response={status: shape.schema if shape else None},
                operation_id=function.__name__,
                summary=(function.__doc__ or "").strip().partition("\n")[0].rstrip("."),
                description=_described(scope, guests),
                url_name=function.__name__,
                openapi_extra={
                    "security": [{}, *token] if guests else token,
                    **({"parameters": parameters} if parameters else {}),
                },
            )
            return function

        return routed


def _described(scope: str, guests: bool) -> str:
    if not scope:
        return "Open to everybody."
    return f"Needs the scope `{scope}`" + (", or no token at all." if guests else ".")


def _view(
    function: Callable[..., Any], act: Callable[..., HttpResponse], *, scope: str, guests: bool
) -> Callable[..., HttpResponse]:
    """The function as the framework calls it: with the request first, and its types resolved."""

    @functools.wraps(function)
    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        caller = called_by(request, scope, guests=guests)
        response = act(Call(request, caller), given)
        for name, value in caller.standing.headers().items():
            response[name] = value
        response["Cache-Control"] = "no-store" if scope else "public, max-age=5"
        vary(response, "Authorization")
        return response

    hints = typing.get_type_hints(function, include_extras=True)
    first, *others = inspect.signature(function).parameters.values()
    request = first.replace(name="request", annotation=HttpRequest)
    typed = [one.replace(annotation=hints[one.name]) for one in others]
    vars(view)["__signature__"] = inspect.Signature([request, *typed])
    return view


def _read(function: Callable[..., Any], shape: Shape | None) -> Callable[..., HttpResponse]:
    def act(call: Call, given: dict[str, Any]) -> HttpResponse:
        value = function(call, **given)
        return _answer(Told(200, shape.json(value) if shape else "", _etag(value)))

    return act


def _nothing(call: Call, given: Mapping[str, Any]) -> AbstractContextManager[None]:
    return nullcontext()


def _write(
    function: Callable[..., Any], shape: Shape | None, status: int, around: Around
) -> Callable[..., HttpResponse]:
    def act(call: Call, given: dict[str, Any]) -> HttpResponse:
        def work() -> Told:
            value = function(call, **given)
            return Told(status, shape.json(value) if shape else "", _etag(value))

        key, content = _key(call.request), _content(call.request)
        with around(call, given):
            told = access.once(call.actor, owner=call.caller.owner, key=key, content=content, work=work)
        return _answer(told)

    return act


def _answer(told: Told) -> HttpResponse:
    response = HttpResponse(told.body, status=told.status, content_type="application/json")
    if told.etag:
        response["ETag"] = told.etag
    if not told.body:
        del response["Content-Type"]
    return response


def _etag(value: object) -> str:
    """A row that has a version is changed from that version only."""
    version = getattr(value, "version", None)
    return f'"v{version}"' if isinstance(version, int) else ""


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable() and " " not in key):
        raise BadRequest(
            _("Send an Idempotency-Key: a new text for each write, such as a UUID."), code="no_key"
        )
    return key


def _content(request: HttpRequest) -> str:
    said = [request.method or "", request.get_full_path(), request.headers.get("If-Match", "")]
    return hashlib.sha256("\n".join(said).encode() + b"\n" + request.body).hexdigest()
