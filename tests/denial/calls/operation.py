"""What a row of the table of the API says, and how the rows of each place are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Ids that callers make.
NEW = "01890000-0000-7000-8000-0000000000aa"
SPAN = "?since=2026-01-01T00:00:00Z&before=2027-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `powers` are those of which one lets in at `at` (county or station); `member` lets in whoever has a
    token, `everybody` guests too. Where none of these is said, it is somebody's own, and nobody's here.
    At "reach" it leads everybody who holds one to what is theirs.
    `buyer`: it is open to who placed the order that it names. `path` names things of the World; so do
    values of `sent` that begin with `$`.
    """

    method: str
    path: str
    powers: tuple[str, ...] = ()
    at: str = "county"
    sent: Any = field(default=None)
    member: bool = False
    everybody: bool = False
    keepers: bool = False
    buyer: bool = False


def open_(path: str, method: str = "GET", sent: Any = None) -> Operation:
    """Open to everybody; what is sent there changes nothing that is kept."""
    return Operation(method, path, everybody=True, sent=sent)


def own(method: str, path: str, sent: Any = None) -> Operation:
    """Somebody's own."""
    return Operation(method, path, sent=sent)


def claimed(method: str, path: str, sent: Any = None) -> Operation:
    """A claim on an order, which its buyer opens."""
    return Operation(method, f"/orders/{{claimed}}/claims{path}", sent=sent, buyer=True)


def desk(
    path: str, *powers: str, sent: Any = None, method: str = "", keepers: bool = False, at: str = "county"
) -> Operation:
    """At a county's desk; `at` its station what is a village's, for who works there."""
    verb = method or ("GET" if sent is None else "POST")
    return Operation(verb, f"/counties/{{county}}{path}", powers, at, sent, keepers=keepers)


def counter(path: str, *powers: str, sent: Any = None) -> Operation:
    """At a station's counter."""
    verb = "GET" if sent is None else "POST"
    return Operation(verb, f"/stations/{{station}}{path}", powers, at="station", sent=sent)


def farm(path: str, method: str = "GET", sent: Any = None) -> Operation:
    """A household's own; nobody of it comes here, but who announces harvests at its place."""
    return Operation(method, f"/households/{{household}}{path}", ("harvest.announce",), "station", sent)


def carried(path: str, *, sent: Any) -> Operation:
    """What a courier does with a parcel of the round."""
    return Operation("POST", f"/round{path}", ("orders.deliver",), "station", sent)


CNY = {"amount": 100, "currency": "CNY"}
FACTS = {"code": "sample-1", "name_zh": "样例", "category": "grain", "place": "$county", "unit": "g"}
BACK = {"reason": "样例", "goods_are_good": True}
CERTIFICATE = {
    "kind": "organic", "number": "1", "issuer": "样例", "since": "2026-01-01", "until": "2099-01-01",
}  # fmt: skip
NOTE = {"id": NEW, "kind": "sown", "on": "2026-01-02", "words": "样例"}
STANDARD = {"name_zh": "样例", "grades": [{"key": "first", "factor_milli": 1000}], "off_milli": 500}
PROMISED = {
    "id": NEW, "name_zh": "样例", "bearer": "household", "opens_at": "2099-12-30T00:00:00Z",
    "closes_at": "2099-12-31T00:00:00Z",
}  # fmt: skip
LINES = [{"offer": "$offer", "quantity": 1}]
