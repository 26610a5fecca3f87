"""What the platforms' doubles have in common: a port, orders and tokens, and all that can go wrong."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

#: What may go wrong with one answer.
Fault = Literal[
    "", "throttled", "away", "html", "cut", "slow", "no_json", "status_429", "moved", "huge", "drips"
]
#: Faults that a read survives by asking again.
PASSING: tuple[Fault, ...] = ("throttled", "away", "html", "cut", "no_json", "status_429")
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Platform:
    """A platform with one shop. `faults` go wrong one after the other, each with one answer.

    `calls` are the methods that were asked in vain or not, in order. `changes`, told of every page that is
    asked for, may change orders between two pages.
    """

    app_key: str = "1234567890123456789"
    app_secret: str = "s3cret-of-the-app"
    token: str = "token-1"
    refresh: str = "refresh-1"
    expired: bool = False
    revoked: bool = False
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    stock: dict[tuple[str, str], int] = field(default_factory=dict)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    doubled: bool = False
    after_page: Any = None
    lost: int = 0

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        raise NotImplementedError

    def wrong(self, fault: Fault) -> Answer:
        """The platform's own words for `throttled` and `away`."""
        raise NotImplementedError

    def renew(self) -> tuple[str, str]:
        """New tokens; the old ones hold no longer."""
        self.token, self.refresh, self.expired = secrets.token_hex(8), secrets.token_hex(8), False
        return self.token, self.refresh

    def page(self, found: list[dict[str, Any]], at: int, size: int) -> list[dict[str, Any]]:
        """One page (from 0), with what goes wrong between pages."""
        rows = found[at * size : (at + 1) * size]
        if self.doubled and rows:
            rows = [*reversed(rows), rows[0]]
        if self.after_page is not None:
            self.after_page(at)
        return rows


@contextmanager
def serving(double: Platform) -> Iterator[str]:
    """The double on a free port; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # named by http.server
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault: Fault = double.faults.pop(0) if double.faults else ""
            if fault == "slow":
                time.sleep(0.6)
            status, headers, said = _wrong(double, fault) or double.answer(
                self.path, dict(self.headers), body
            )
            if double.lost:
                double.lost -= 1
                self.close_connection = True
                return
            with suppress(ConnectionError):
                self.told(fault, status, headers, said)

        def told(self, fault: Fault, status: int, headers: dict[str, str], said: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            for at in range(0, len(said), 5) if fault == "drips" else ():
                self.wfile.write(said[at : at + 5])
                time.sleep(0.05)
            if fault != "drips":
                self.wfile.write(said[: len(said) // 2] if fault == "cut" else said)
            if fault == "cut":
                self.close_connection = True

        def do_GET(self) -> None:  # named by http.server
            double.calls.append("GET")
            self.send_error(405)

        def log_message(self, *_words: Any) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _wrong(double: Platform, fault: Fault) -> Answer | None:
    if fault in ("throttled", "away"):
        return double.wrong(fault)
    return {
        "html": (200, {"Content-Type": "text/html"}, b"<html>System upgrade</html>"),
        "no_json": (200, {"Content-Type": "application/json"}, b'{"half": '),
        "status_429": (429, {"Retry-After": "0"}, b""),
        "moved": (302, {"Location": "/elsewhere"}, b""),
        "huge": (200, {"Content-Type": "application/json"}, b" " * (17 << 20)),
    }.get(fault)
