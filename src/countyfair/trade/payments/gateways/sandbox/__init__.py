"""The sandbox: a made-up provider that behaves as badly as real ones, for trying the whole line.

It runs as a process of its own (`python -m countyfair.trade.payments.gateways.sandbox.provider`).
No money moves. It listens on loopback at `COUNTYFAIR_SANDBOX_PORT` and is reached, by us and by
payers' browsers, at `COUNTYFAIR_SANDBOX_URL`; both sides sign with `COUNTYFAIR_SANDBOX_KEY`.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.trade.payments.gateways.sandbox import signing
from countyfair.trade.payments.gateways.shape import Asked, Forged, GiveBack, Refusing, Told, Unreachable

#: Seconds that a request of ours, or a job, waits for the provider.
PATIENCE = 5.0


class Sandbox:
    """Signed links, notices, look-ups and refunds."""

    name = "sandbox"
    label = _("Sample online payment (no real money)")
    thanks = ""
    codes = False
    by_hand = False

    @property
    def offered(self) -> bool:
        return bool(settings.COUNTYFAIR_SANDBOX)

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        params = {
            "intent": str(asked.intent),
            "reference": asked.subject or asked.reference,
            "amount_fen": str(asked.amount_fen),
            "currency": asked.currency,
            "expires": str(int(asked.expires_at.timestamp())) if asked.expires_at else "",
            "back": back,
            "notify": notify,
        }
        return f"{_address()}/pay?{signing.signed_query(params, key=_key(), moment=signing.present())}"

    def code(self, asked: Asked, *, notify: str) -> str | None:
        return None

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told:
        try:
            said = signing.opened("provider", headers, body, key=_key(), moment=moment)
            return _told(str(said["notice"]), said)
        except (signing.SignatureWrong, KeyError, TypeError, ValueError) as error:
            raise Forged(str(error)) from error

    def look_up(self, intent: UUID) -> Told | None:
        status, said = _ask("query", {"intent": str(intent)})
        if status == httpx.codes.NOT_FOUND or (status == httpx.codes.OK and said.get("state") != "paid"):
            return None
        try:
            return _told(f"looked-up:{said['payment']}", said)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreachable(f"an answer without sense, status {status}") from error

    def close(self, intent: UUID) -> None:
        return None

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        status, said = _ask(
            "refund",
            {
                "refund": str(wanted.refund),
                "payment": wanted.payment,
                "amount_fen": wanted.amount_fen,
                "currency": wanted.currency,
            },
        )
        if status == httpx.codes.OK and said.get("state") == "done":
            return None
        if httpx.codes.is_client_error(status) and "error" in said:
            return Refusing(str(said["error"]))
        raise Unreachable(f"status {status}")


def _key() -> str:
    return str(settings.COUNTYFAIR_SANDBOX_KEY)


def _address() -> str:
    return str(settings.COUNTYFAIR_SANDBOX_URL)


def _told(key: str, said: dict[str, Any]) -> Told:
    intent = parse_uuid(str(said["intent"]))
    amount = said["amount_fen"]
    if intent is None or not isinstance(amount, int) or isinstance(amount, bool):
        raise ValueError("an intent and a whole amount are needed")
    return Told(key, intent, str(said["payment"]), amount, str(said["currency"]), said)


def _ask(what: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Status and signed answer of the provider."""
    headers, body = signing.signed("shop", payload, key=_key(), moment=signing.present())
    try:
        answer = httpx.post(
            f"{_address()}/api/{what}", content=body, headers=headers, timeout=PATIENCE, verify=_trusted()
        )
        said = signing.opened(
            "provider", answer.headers, answer.content, key=_key(), moment=signing.present()
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error
    except signing.SignatureWrong as error:
        raise Unreachable(f"an answer that is not signed, status {answer.status_code}") from error
    return answer.status_code, said


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Made once: to read the machine's certificates for each request takes longer than the request."""
    return ssl.create_default_context()


GATEWAY = Sandbox()
