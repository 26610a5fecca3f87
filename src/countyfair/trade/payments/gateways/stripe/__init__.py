"""Stripe: a page of its own (Checkout), events signed by endpoint secrets, refunds in parts.

`COUNTYFAIR_STRIPE_*` (docs/payments.md) say who we are; without them it is not offered. An intent is the
session's `client_reference_id` and stands in the payment's metadata; a refund has its idempotency key.
Source: docs.stripe.com/api (checkout sessions, payment intents, refunds, events), version 2024-06-20.
"""

from __future__ import annotations

import json
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
from countyfair.trade.payments.gateways.shape import (
    Asked,
    Forged,
    GiveBack,
    GivenBack,
    Refusing,
    Told,
    Unreachable,
)
from countyfair.trade.payments.gateways.stripe import signing

#: Seconds that a request of ours, or a job, waits for the provider.
PATIENCE = 5.0
VERSION = "2024-06-20"
#: Refusals that may end by themselves.
#: Statuses of a refusal for good.
FOR_GOOD = (httpx.codes.BAD_REQUEST, httpx.codes.PAYMENT_REQUIRED, httpx.codes.NOT_FOUND)
FOR_NOW = frozenset({"balance_insufficient", "lock_timeout", "rate_limit", "idempotency_key_in_use"})
#: Open sessions looked through for one that is to be closed.
MOST_PAGES = 20
PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
GIVEN = ("refund.updated", "refund.failed", "charge.refund.updated")


class Stripe:
    """Every call bears our key; every event is proved to be Stripe's."""

    name = "stripe"
    label = _("Card (Stripe)")
    thanks = ""
    codes = True
    by_hand = False

    @property
    def offered(self) -> bool:
        return bool(settings.COUNTYFAIR_STRIPE_KEY and settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS)

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        return _text(_session(asked, back, "link"), "url")

    def code(self, asked: Asked, *, notify: str) -> str | None:
        """The same page, opened by a phone."""
        return _text(_session(asked, notify, "code"), "url")

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told | GivenBack | None:
        if not self.offered:
            raise Forged("Stripe is not set up here")
        by_name = {name.lower(): value for name, value in headers.items()}
        signing.verify(
            by_name.get("stripe-signature", ""), body, secrets=settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS,
            moment=moment,
        )  # fmt: skip
        try:
            event = json.loads(body)
            kind, key, said = str(event["type"]), str(event["id"]), event["data"]["object"]
            if bool(event["livemode"]) != _live():
                raise Forged("of the other mode than our key")
            if kind in PAID:
                return _told(key, said) if said["payment_status"] == "paid" else None
            return _given_back(key, said) if kind in GIVEN else None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Forged("an event without sense") from error

    def look_up(self, intent: UUID) -> Told | None:
        query = f"metadata['intent']:'{intent}' AND status:'succeeded'"
        found = _asked("GET", "/v1/payment_intents/search", {"query": query})
        try:
            paid = [row for row in found["data"] if row["status"] == "succeeded"]
            return _told_by_payment(intent, paid[0]) if paid else None
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise Unreachable(f"an answer without sense: {error}") from error

    def close(self, intent: UUID) -> None:
        session = _open_session(intent)
        if session:
            answer = _send("POST", f"/v1/checkout/sessions/{session}/expire", {})
            if not answer.is_success and answer.status_code != httpx.codes.BAD_REQUEST:
                raise Unreachable(_why(answer))

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        asked = {
            "payment_intent": wanted.payment,
            "amount": str(wanted.amount_fen),
            "metadata[refund]": str(wanted.refund),
        }
        answer = _send("POST", "/v1/refunds", asked, key=f"refund-{wanted.refund}")
        if answer.is_success:
            return _refund_state(_said(answer))
        if (
            answer.status_code not in FOR_GOOD
            or _error(answer).get("code", "") in FOR_NOW
            or not _error(answer)
        ):
            raise Unreachable(_why(answer))
        return Refusing(_why(answer))


def _session(asked: Asked, back: str, way: str) -> dict[str, Any]:
    """The page for an intent: the same one however often it is asked for in a day.

    It stays open for a day, longer than an intent: `close` ends it with the intent.
    """
    price = "line_items[0][price_data]"
    order = {
        "mode": "payment",
        "client_reference_id": str(asked.intent),
        "metadata[intent]": str(asked.intent),
        "payment_intent_data[metadata][intent]": str(asked.intent),
        "success_url": back,
        "cancel_url": back,
        "line_items[0][quantity]": "1",
        f"{price}[currency]": asked.currency.lower(),
        f"{price}[unit_amount]": str(asked.amount_fen),
        f"{price}[product_data][name]": (asked.subject or asked.reference)[:250],
    }
    return _asked("POST", "/v1/checkout/sessions", order, key=f"{way}-{asked.intent}")


def _open_session(intent: UUID) -> str:
    """The key of the page that is open for an intent, "" for none."""
    query = {"status": "open", "limit": "100"}
    for _page in range(MOST_PAGES):
        found = _asked("GET", "/v1/checkout/sessions", query)
        rows = found.get("data") or []
        for row in rows:
            if row.get("client_reference_id") == str(intent):
                return str(row["id"])
        if not found.get("has_more") or not rows:
            return ""
        query["starting_after"] = str(rows[-1]["id"])
    return ""


def _asked(method: str, path: str, fields: Mapping[str, str], *, key: str = "") -> dict[str, Any]:
    answer = _send(method, path, fields, key=key)
    if not answer.is_success:
        raise Unreachable(_why(answer))
    return _said(answer)


def _send(method: str, path: str, fields: Mapping[str, str], *, key: str = "") -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {settings.COUNTYFAIR_STRIPE_KEY}",
        "Stripe-Version": VERSION,
        "User-Agent": "CountyFair",
    }
    if key:
        headers["Idempotency-Key"] = key
    try:
        return httpx.request(
            method, settings.COUNTYFAIR_STRIPE_URL + path, params=fields if method == "GET" else None,
            data=fields if method != "GET" else None, headers=headers, timeout=PATIENCE,
            verify=_authorities(),
        )  # fmt: skip
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError as error:
        raise Unreachable(f"an answer without sense, status {answer.status_code}") from error
    if not isinstance(said, dict):
        raise Unreachable(f"an answer without sense, status {answer.status_code}")
    return said


def _error(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _why(answer: httpx.Response) -> str:
    error = _error(answer)
    words = f"{error.get('code', '')} {error.get('message', '')}".strip()
    return words[:200] or f"status {answer.status_code}"


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise Unreachable(f"an answer without {name}")
    return found


def _told(key: str, said: Mapping[str, Any]) -> Told:
    intent = parse_uuid(str(said["client_reference_id"]))
    amount = said["amount_total"]
    if intent is None or not isinstance(amount, int) or isinstance(amount, bool):
        raise ValueError("an intent and a whole amount are needed")
    return Told(key, intent, str(said["payment_intent"]), amount, str(said["currency"]).upper(), {})


def _told_by_payment(intent: UUID, said: Mapping[str, Any]) -> Told:
    if said["metadata"]["intent"] != str(intent):
        raise ValueError("another intent")
    key = f"looked-up:{said['id']}"
    return Told(key, intent, str(said["id"]), int(said["amount_received"]), str(said["currency"]).upper(), {})


def _given_back(key: str, said: Mapping[str, Any]) -> GivenBack | None:
    refund, state = parse_uuid(str(said["metadata"].get("refund", ""))), str(said["status"])
    if refund is None or state not in ("succeeded", "failed", "canceled"):
        return None
    refused = "" if state == "succeeded" else str(said.get("failure_reason") or state)
    return GivenBack(key, refund, int(said["amount"]), refused, {"id": str(said["id"])})


def _refund_state(said: Mapping[str, Any]) -> Refusing | None:
    state = said.get("status")
    if state == "succeeded":
        return None
    if state in ("failed", "canceled"):
        return Refusing(str(said.get("failure_reason") or state))
    raise Unreachable(f"the refund stands at {state}")


def _live() -> bool:
    return "_live_" in settings.COUNTYFAIR_STRIPE_KEY


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


GATEWAY = Stripe()
