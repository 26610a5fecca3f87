"""Payments for tests: intents, and what the sandbox's provider would send about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways.sandbox import signing

COUNTY = "450225"
SYSTEM = Actor.system("test")
PROVIDER = Actor.guest("sandbox")


def an_intent(
    amount_fen: int = 3600,
    *,
    gateway: str = "sandbox",
    reference: str = "",
    expires_at: datetime | None = None,
    county: str = COUNTY,
) -> UUID:
    """A sum asked for and not yet paid."""
    intent = uuid7()
    actions.open_intent(
        SYSTEM, intent=intent, county=county, reference=reference or f"order:{intent}", gateway=gateway,
        amount_fen=amount_fen, expires_at=expires_at,
    )  # fmt: skip
    return intent


def what_is_said(intent: UUID, **other: Any) -> dict[str, Any]:
    """The payload of the provider's notice that `intent` was paid in full."""
    try:
        amount = queries.intent(intent).amount_fen
    except Exception:
        amount = 3600
    said = {
        "notice": f"N{intent}",
        "intent": str(intent),
        "payment": f"P{intent}",
        "amount_fen": amount,
        "currency": "CNY",
    }
    return said | other


def notify(intent: UUID, *, key: str = "", moment: datetime | None = None, **other: Any) -> actions.Receipt:
    """Deliver the provider's notice to the inbox, signed."""
    headers, body = signing.signed(
        "provider",
        what_is_said(intent, **other),
        key=key or settings.COUNTYFAIR_SANDBOX_KEY,
        moment=moment or now(),
    )
    return actions.receive_notice(PROVIDER, gateway="sandbox", headers=headers, body=body)


def a_paid_intent(amount_fen: int = 3600, **options: Any) -> UUID:
    """An intent paid online, its money in escrow."""
    intent = an_intent(amount_fen, **options)
    notify(intent)
    actions.settle_waiting_notices()
    return intent
