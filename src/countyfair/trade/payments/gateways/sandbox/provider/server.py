"""The provider's server: pay pages for payers, a signed API for the shop, and the sender of notifications."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from countyfair.trade.payments.gateways.sandbox import signing
from countyfair.trade.payments.gateways.sandbox.provider import pages
from countyfair.trade.payments.gateways.sandbox.provider.schedule import again, sendings
from countyfair.trade.payments.gateways.sandbox.provider.store import Due, Payment, Refused, Store

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 16 * 1024
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_FORGER = "not the key that the shop knows"


@dataclass
class Provider:
    """One provider at work.

    Attributes:
        key: what shop and provider sign with.
        way: how payments are notified where the payer does not say (`schedule.WAYS` or `mixed`).
        seed: draws the schedule.
        pace: multiplies every wait of the schedule; 0 sends all at once.
    """

    store: Store
    key: str
    way: str = "normal"
    seed: int = 1
    pace: float = 1.0
    stopping: threading.Event = field(default_factory=threading.Event)
    _sending: threading.Lock = field(default_factory=threading.Lock)

    def open(self, query: str) -> Payment:
        """The payment that a signed link asks for.

        Raises:
            SignatureWrong: the shop did not sign it, or long ago.
            Refused: it was asked for with another amount.
        """
        given = signing.opened_query(
            dict(parse_qsl(query, keep_blank_values=True)), key=self.key, moment=signing.present()
        )
        return self.ask(given)

    def ask(self, given: dict[str, Any]) -> Payment:
        """Remember what is asked for."""
        expires = float(given["expires"]) if given.get("expires") else None
        return self.store.open(
            Payment(
                intent=str(given["intent"]),
                reference=str(given["reference"]),
                amount_fen=int(given["amount_fen"]),
                currency=str(given["currency"]),
                expires=expires,
                back=str(given.get("back", "")),
                notify=str(given.get("notify", "")),
                state="awaiting",
                payment=None,
                paid_at=None,
            )
        )

    def pay(self, intent: str, way: str = "") -> Payment:
        """Take the money; `before` notifies the shop before it answers.

        Raises:
            Refused: see `Store.pay`.
        """
        chosen = way or self.way
        planned = tuple(
            type(one)(one.after * self.pace, one.forged)
            for one in sendings(chosen, seed=self.seed, intent=intent)
        )
        paid = self.store.pay(intent, signing.present().timestamp(), planned)
        if chosen == "before":
            self.send_due(intent)
        return paid

    def send_due(self, intent: str = "") -> int:
        """Send what is due, of one intent or of all; answers how many were acknowledged."""
        with self._sending:
            return sum(self._send(due) for due in self.store.due(signing.present().timestamp(), intent))

    def send_until_stopped(self) -> None:
        """The sender: looks for what is due five times a second."""
        while not self.stopping.wait(0.2):
            self.send_due()

    def token(self, intent: str) -> str:
        """Proves that a form came from our own page."""
        return hmac.new(self.key.encode(), f"form:{intent}".encode(), hashlib.sha256).hexdigest()

    def _send(self, due: Due) -> bool:
        key = _FORGER if due.forged else self.key
        headers, body = signing.signed("provider", due.body, key=key, moment=signing.present())
        try:
            answer = httpx.post(due.address, content=body, headers=headers, timeout=10)
            acknowledged = answer.is_success
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.info("no answer from %s: %s", due.address, type(error).__name__)
            acknowledged = False
        wait = again(due.attempts + 1) * self.pace
        self.store.sent(
            due.id, acknowledged=acknowledged or due.forged, next_due=signing.present().timestamp() + wait
        )
        return acknowledged


class _Handler(BaseHTTPRequestHandler):
    """Translates HTTP; `provider` is set on the subclass that `serving` makes."""

    provider: Provider
    server_version = "SandboxProvider"

    def do_GET(self) -> None:  # named by http.server
        parts = urlsplit(self.path)
        if parts.path == "/healthz":
            self._text(HTTPStatus.OK, "text/plain; charset=utf-8", "ok")
        elif parts.path == "/pay":
            self._pay_page(parts.query)
        else:
            self._refused_page(HTTPStatus.NOT_FOUND, "wrong")

    def do_POST(self) -> None:  # named by http.server
        body = self._body()
        if body is None:
            self._text(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "text/plain; charset=utf-8", "too large")
        elif self.path.startswith("/pay/"):
            self._decide(self.path.removeprefix("/pay/"), dict(parse_qsl(body.decode("utf-8", "replace"))))
        elif self.path.startswith("/api/"):
            self._api(self.path.removeprefix("/api/"), body)
        else:
            self._refused_page(HTTPStatus.NOT_FOUND, "wrong")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named by http.server
        log.info(format, *args)

    # --- payers

    def _pay_page(self, query: str) -> None:
        try:
            payment = self.provider.open(query)
        except (signing.SignatureWrong, Refused, KeyError, ValueError):
            self._refused_page(HTTPStatus.FORBIDDEN, "wrong")
            return
        if payment.state != "awaiting":
            self._html(HTTPStatus.OK, pages.closed_page(payment, back=_back(payment), words=self._words()))
        elif payment.expires is not None and signing.present().timestamp() >= payment.expires:
            self._refused_page(HTTPStatus.GONE, "over", _back(payment))
        else:
            token = self.provider.token(payment.intent)
            page = pages.pay_page(payment, token=token, way=self.provider.way, words=self._words())
            self._html(HTTPStatus.OK, page)

    def _decide(self, intent: str, form: dict[str, str]) -> None:
        known = self.provider.store.find(intent)
        if known is None or not hmac.compare_digest(form.get("token", ""), self.provider.token(intent)):
            self._refused_page(HTTPStatus.FORBIDDEN, "wrong")
            return
        try:
            if form.get("decision") == "pay":
                after = self.provider.pay(intent, form.get("way", ""))
            else:
                after = self.provider.store.refuse(intent)
        except KeyError:
            self._refused_page(HTTPStatus.BAD_REQUEST, "wrong", _back(known))
        except Refused:
            self._refused_page(HTTPStatus.CONFLICT, "over", _back(known))
        else:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", _back(after))
            self.send_header("Content-Length", "0")
            self.end_headers()

    # --- the shop

    def _api(self, what: str, body: bytes) -> None:
        try:
            asked = signing.opened(
                "shop", dict(self.headers), body, key=self.provider.key, moment=signing.present()
            )
        except signing.SignatureWrong as error:
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": str(error)})
            return
        answers = {"query": self._query, "refund": self._refund, "pay": self._pay}
        if what not in answers:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "no such call"})
            return
        try:
            status, said = answers[what](asked)
        except (KeyError, TypeError, ValueError) as error:
            status, said = HTTPStatus.UNPROCESSABLE_ENTITY, {"error": f"missing or wrong: {error}"}
        except Refused as error:
            status, said = HTTPStatus.CONFLICT, {"error": str(error)}
        self._answer(status, said)

    def _query(self, asked: dict[str, Any]) -> tuple[HTTPStatus, dict[str, Any]]:
        known = self.provider.store.find(str(asked["intent"]))
        if known is None:
            return HTTPStatus.NOT_FOUND, {"error": "nothing is known of this intent"}
        return HTTPStatus.OK, _said(known)

    def _refund(self, asked: dict[str, Any]) -> tuple[HTTPStatus, dict[str, Any]]:
        self.provider.store.refund(
            str(asked["refund"]), str(asked["payment"]), int(asked["amount_fen"]), str(asked["currency"])
        )
        return HTTPStatus.OK, {"refund": asked["refund"], "state": "done"}

    def _pay(self, asked: dict[str, Any]) -> tuple[HTTPStatus, dict[str, Any]]:
        """A payer who needs no page, for tests and the demonstration season."""
        self.provider.ask(asked)
        return HTTPStatus.OK, _said(self.provider.pay(str(asked["intent"]), str(asked.get("way", ""))))

    # --- answers

    def _body(self) -> bytes | None:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if 0 <= length <= LARGEST_BODY else None

    def _words(self) -> str:
        return pages.language(self.headers.get("Accept-Language", ""))

    def _answer(self, status: HTTPStatus, said: dict[str, Any]) -> None:
        headers, body = signing.signed("provider", said, key=self.provider.key, moment=signing.present())
        self._send(status, body, headers)

    def _refused_page(self, status: HTTPStatus, reason: str, back: str = "") -> None:
        self._html(status, pages.refused_page(reason, back=back, words=self._words()))

    def _html(self, status: HTTPStatus, page: str) -> None:
        self._text(status, "text/html; charset=utf-8", page)

    def _text(self, status: HTTPStatus, kind: str, text: str) -> None:
        self._send(
            status,
            text.encode(),
            {
                "Content-Type": kind,
                "Cache-Control": "no-store",
                "Content-Security-Policy": _POLICY,
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _said(payment: Payment) -> dict[str, Any]:
    return {
        "intent": payment.intent,
        "state": payment.state,
        "payment": payment.payment,
        "amount_fen": payment.amount_fen,
        "currency": payment.currency,
    }


def _back(payment: Payment) -> str:
    if not payment.back:
        return "/"
    joint = "&" if urlsplit(payment.back).query else "?"
    return f"{payment.back}{joint}{urlencode({'intent': payment.intent, 'result': payment.state})}"


@contextmanager
def serving(provider: Provider, port: int = 0) -> Iterator[str]:
    """Answer on loopback until the block ends; yields the address. Port 0 takes a free one."""
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer((LOOPBACK, port), handler) as server:
        threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True),
            threading.Thread(target=provider.send_until_stopped, daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_address[1]}"
        finally:
            provider.stopping.set()
            server.shutdown()
            for thread in threads:
                thread.join()


def open_provider(
    folder: Path, *, key: str, way: str = "normal", seed: int = 1, pace: float = 1.0
) -> Provider:
    """A provider whose memory lies in `folder`."""
    return Provider(Store(folder / "sandbox.sqlite3"), key, way, seed, pace)
