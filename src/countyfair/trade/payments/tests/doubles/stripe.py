"""Stripe's double: forms in, JSON out, idempotency keys, events signed by `hmac` alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_django import Settings

from countyfair.trade.payments.tests.doubles import web

KEY, SECRET, NEXT_SECRET = "sk_test_of_the_double", "whsec_of_the_double", "whsec_of_next_week"

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class StripeDouble:
    """Sessions by their key, payments, refunds; an idempotency key is answered as it was before."""

    wrong: str = ""
    refunding: str = "succeeded"
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked_before: dict[str, tuple[dict[str, str], tuple[int, Any]]] = field(default_factory=dict)
    secrets: tuple[str, ...] = (SECRET,)

    def session_of(self, intent: str) -> dict[str, Any]:
        return next(one for one in self.sessions.values() if one["client_reference_id"] == intent)

    def pay(self, intent: str, **other: Any) -> dict[str, Any]:
        """A payer pays on Stripe's page; what the event's object says."""
        session = self.session_of(intent)
        session |= {
            "status": "complete",
            "payment_status": "paid",
            "payment_intent": f"pi_{session['id'][3:]}",
        }
        return {**session, **other}

    def event(
        self, said: dict[str, Any], *, kind: str = "checkout.session.completed", key: str = "evt_1",
        stamp: int = 0, secrets: tuple[str, ...] = (), live: bool = False,
    ) -> tuple[dict[str, str], bytes]:  # fmt: skip
        """Headers and body of a signed event."""
        moment = stamp or int(time.time())
        body = json.dumps({"id": key, "type": kind, "livemode": live, "data": {"object": said}}).encode()
        given = ",".join(
            f"v1={hmac.new(one.encode(), f'{moment}.'.encode() + body, hashlib.sha256).hexdigest()}"
            for one in secrets or self.secrets
        )
        return {"Stripe-Signature": f"t={moment},{given},v0=old"}, body

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if headers.get("Authorization") != f"Bearer {KEY}":
            return _json(401, {"error": {"code": "", "message": "Invalid API Key provided"}})
        split = urlsplit(path)
        asked = dict(parse_qsl(split.query if method == "GET" else body.decode()))
        key = headers.get("Idempotency-Key", "")
        if key in self.asked_before:
            before, said = self.asked_before[key]
            if before != asked:
                return _json(400, {"error": {"code": "", "message": "Keys for idempotent requests ..."}})
            return _json(*said)
        said = self._decided(method, split.path, asked)
        if key and said[0] == 200:
            self.asked_before[key] = (asked, said)
        return _json(*said)

    def _decided(self, method: str, path: str, asked: dict[str, str]) -> tuple[int, Any]:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self._made(asked)
        if (method, path) == ("GET", "/v1/checkout/sessions"):
            rows = [one for one in self.sessions.values() if one["status"] == asked["status"]]
            begun = (
                [one["id"] for one in rows].index(asked["starting_after"]) + 1
                if "starting_after" in asked
                else 0
            )
            return 200, {"data": rows[begun : begun + 2], "has_more": len(rows) > begun + 2}
        if found := re.fullmatch(r"/v1/checkout/sessions/(\w+)/expire", path):
            if self.sessions[found[1]]["status"] != "open":
                return 400, {
                    "error": {"code": "", "message": "Only Checkout Sessions with a status in [open]"}
                }
            self.sessions[found[1]]["status"] = "expired"
            return 200, self.sessions[found[1]]
        if path == "/v1/payment_intents/search":
            return 200, {"data": self._payments(asked["query"])}
        return self._refund(asked) if path == "/v1/refunds" else (404, {"error": {"message": path}})

    def _made(self, asked: dict[str, str]) -> tuple[int, Any]:
        key = f"cs_{len(self.sessions):04}"
        price = "line_items[0][price_data]"
        self.sessions[key] = {
            "id": key, "url": f"https://checkout.stripe.com/c/pay/{key}", "status": "open",
            "payment_status": "unpaid", "client_reference_id": asked["client_reference_id"],
            "amount_total": int(asked[f"{price}[unit_amount]"]), "currency": asked[f"{price}[currency]"],
            "metadata": {"intent": asked["payment_intent_data[metadata][intent]"]}, "payment_intent": None,
            "success_url": asked["success_url"],
        }  # fmt: skip
        return 200, self.sessions[key]

    def _payments(self, query: str) -> list[dict[str, Any]]:
        wanted = re.search(r"metadata\['intent'\]:'([^']+)'", query)
        return [
            {"id": one["payment_intent"], "status": "succeeded", "amount_received": one["amount_total"],
             "currency": one["currency"], "metadata": one["metadata"]}
            for one in self.sessions.values()
            if wanted and one["metadata"]["intent"] == wanted[1] and one["payment_status"] == "paid"
        ]  # fmt: skip

    def _refund(self, asked: dict[str, str]) -> tuple[int, Any]:
        paid = {one["payment_intent"]: one for one in self.sessions.values() if one["payment_intent"]}
        session = paid.get(asked["payment_intent"])
        if session is None:
            return 404, {"error": {"code": "resource_missing", "message": "No such payment_intent"}}
        if self.refunding == "poor":
            return 400, {"error": {"code": "balance_insufficient", "message": "Insufficient funds"}}
        back = sum(
            one["amount"] for one in self.refunds.values() if one["payment_intent"] == asked["payment_intent"]
        )
        if back + int(asked["amount"]) > session["amount_total"]:
            return 400, {"error": {"code": "charge_already_refunded", "message": "already refunded"}}
        made: dict[str, Any] = {
            "id": f"re_{len(self.refunds)}", "amount": int(asked["amount"]), "status": self.refunding,
            "payment_intent": asked["payment_intent"], "metadata": {"refund": asked["metadata[refund]"]},
        }  # fmt: skip
        self.refunds[made["id"]] = made
        return 200, made


def _json(status: int, said: Any) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


@contextmanager
def at_work(settings: Settings) -> Iterator[StripeDouble]:
    """The double on a free port, and a shop that is set up for it."""
    made = StripeDouble()
    settings.COUNTYFAIR_STRIPE_KEY = KEY
    settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS = [SECRET]
    with web.serving(made) as address:
        settings.COUNTYFAIR_STRIPE_URL = address
        yield made
