"""How a call is answered: reads, files, and writes that happen once, each with its headers."""

from __future__ import annotations

import functools
import hashlib
import inspect
import typing
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.registers.access import actions as access
from countyfair.registers.access.actions import Told
from countyfair.surfaces.api.callers import called_by
from countyfair.surfaces.api.calls import FILE, BadRequest, Call, NotAFile
from countyfair.surfaces.api.shapes import Shape
from countyfair.surfaces.ui.headers import vary

#: Does what an endpoint is for, with what its address, query and body gave.
Act = Callable[[Call, dict[str, Any]], HttpResponse]
#: What stands around a write and outside its transaction: it sees what was refused.
Around = Callable[[Call, Mapping[str, Any]], AbstractContextManager[None]]


def view(
    function: Callable[..., Any], act: Act, *, scope: str, guests: bool, takes: int = 0
) -> Callable[..., HttpResponse]:
    """The function as the framework calls it: with the request first, and its types resolved."""

    @functools.wraps(function)
    def answered(request: HttpRequest, **given: Any) -> HttpResponse:
        call = Call(request, called_by(request, scope, guests=guests))
        if takes:
            given["data"] = call.file(takes)
        elif request.content_type == FILE and request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
            raise NotAFile(_("Send the body as application/json."))
        response = act(call, given)
        for name, value in call.caller.standing.headers().items():
            response[name] = value
        response["Cache-Control"] = "no-store" if scope else "public, max-age=5"
        vary(response, "Authorization")
        return response

    hints = typing.get_type_hints(function, include_extras=True)
    first, *others = inspect.signature(function).parameters.values()
    request = first.replace(name="request", annotation=HttpRequest)
    typed = [one.replace(annotation=hints[one.name]) for one in others if not takes or one.name != "data"]
    vars(answered)["__signature__"] = inspect.Signature([request, *typed])
    return answered


def read(function: Callable[..., Any], shape: Shape) -> Act:
    """A read, answered with a row or a list of them."""

    def act(call: Call, given: dict[str, Any]) -> HttpResponse:
        value = function(call, **given)
        return _answer(Told(200, shape.json(value), _etag(value)))

    return act


def file(function: Callable[..., Any], kind: str) -> Act:
    """A read, answered with a file of this media type, or of the one that the function says beside it."""

    def act(call: Call, given: dict[str, Any]) -> HttpResponse:
        found = function(call, **given)
        told, data = found if isinstance(found, tuple) else (kind, found)
        return HttpResponse(data, content_type=told)

    return act


def nothing(call: Call, given: Mapping[str, Any]) -> AbstractContextManager[None]:
    """What stands around most writes."""
    return nullcontext()


def write(function: Callable[..., Any], shape: Shape | None, status: int, around: Around) -> Act:
    """A write, once under its key."""

    def act(call: Call, given: dict[str, Any]) -> HttpResponse:
        def work() -> Told:
            value = function(call, **given)
            return Told(status, shape.json(value) if shape else "", _etag(value))

        key, content = _key(call.request), _content(call.request, given.get("data"))
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


def _content(request: HttpRequest, data: bytes | None) -> str:
    said = [request.method or "", request.get_full_path(), request.headers.get("If-Match", "")]
    body = request.body if data is None else data
    return hashlib.sha256("\n".join(said).encode() + b"\n" + body).hexdigest()
