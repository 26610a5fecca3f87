"""How an endpoint is written: a function that calls one query or verb, and a line that says where it stands.

    @routes.reads("/stations/{station}/to-pack", ORDERS, scope="orders.write")
    def to_pack(call: Call, station: UUID) -> list[StationOrder]:
        \"\"\"Paid orders that this station packs, the longest waiting first.\"\"\"

The parameters of the function are those of the address, of the query, and `body`, or `data` where a file is
taken. All that every endpoint needs is added here once: who calls, within which limits, writes that happen
once, versions, headers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from countyfair.surfaces.api import answering
from countyfair.surfaces.api.answering import Act, Around
from countyfair.surfaces.api.calls import FILE, Call, belongs
from countyfair.surfaces.api.shapes import Shape

__all__ = ["Call", "Routes", "belongs"]

F = TypeVar("F", bound=Callable[..., Any])

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
A_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
A_DOCUMENT: dict[str, Any] = {"schema": {"type": "object"}}


class Routes(Router):
    """The endpoints of one kind of people, a file each."""

    def reads(self, path: str, shape: Shape, *, scope: str = "", guests: bool = False) -> Callable[[F], F]:
        """A GET. Without a scope, or with `guests`, no token is needed."""

        def routed(function: F) -> F:
            act = answering.read(function, shape)
            self._add("GET", path, function, act, scope=scope, guests=guests or not scope, shape=shape)
            return function

        return routed

    def files(self, path: str, *kinds: str, scope: str, guests: bool = False) -> Callable[[F], F]:
        """A GET that answers with a file of one of these media types; the function gives its bytes.

        Where there are several, it gives a pair of the media type and the bytes.
        """

        def routed(function: F) -> F:
            act = answering.file(function, kinds[0])
            self._add("GET", path, function, act, scope=scope, guests=guests, kinds=kinds)
            return function

        return routed

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
        takes: int = 0,
        around: Around = answering.nothing,
    ) -> Callable[[F], F]:
        """A write, once under its `Idempotency-Key`.

        Args:
            shape: that of the answer; None answers 204 with nothing.
            makes: something new is made: 201.
            versions: it changes the version that `If-Match` names.
            takes: the body is a file of at most so many bytes, the function's `data`.
            around: what is done outside its transaction.
        """
        status = 204 if shape is None else 201 if makes else 200
        asks = [KEY_PARAMETER, *([MATCH_PARAMETER] if versions else [])]

        def routed(function: F) -> F:
            act = answering.write(function, shape, status, around)
            self._add(
                method, path, function, act, scope=scope, guests=guests, shape=shape, status=status,
                asks=asks, takes=takes,
            )  # fmt: skip
            return function

        return routed

    def _add(
        self,
        method: str,
        path: str,
        function: Callable[..., Any],
        act: Act,
        *,
        scope: str,
        guests: bool,
        shape: Shape | None = None,
        kinds: tuple[str, ...] = (),
        status: int = 200,
        asks: list[dict[str, Any]] | None = None,
        takes: int = 0,
    ) -> None:
        token: list[dict[str, list[str]]] = [{"token": [scope] if scope else []}]
        extra: dict[str, Any] = {"security": [{}, *token] if guests else token}
        extra |= {"parameters": asks} if asks else {}
        extra |= {"requestBody": {"required": True, "content": {FILE: A_FILE}}} if takes else {}
        extra |= {"responses": {200: {"content": _contents(kinds)}}} if kinds else {}
        self.add_api_operation(
            path,
            [method],
            answering.view(function, act, scope=scope, guests=guests, takes=takes),
            response={status: shape.schema if shape else None},
            operation_id=function.__name__,
            summary=(function.__doc__ or "").strip().partition("\n")[0].rstrip("."),
            description=_described(scope, guests, takes),
            url_name=function.__name__,
            openapi_extra=extra,
        )


def _contents(kinds: tuple[str, ...]) -> dict[str, Any]:
    return {kind: A_DOCUMENT if kind.endswith("json") else A_FILE for kind in kinds}


def _described(scope: str, guests: bool, takes: int) -> str:
    if not scope:
        return "Open to everybody."
    needs = f"Needs the scope `{scope}`" + (", or no token at all." if guests else ".")
    return needs + (f" Takes a file of at most {takes:,} bytes." if takes else "")
