"""How Stripe signs its events: HMAC-SHA256 over moment and body, with each endpoint secret that holds.

Source: docs.stripe.com, "Resolve webhook signature verification errors", manual verification.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from countyfair.trade.payments.gateways.shape import Forged

#: How far the clocks of both sides may part.
WINDOW_SECONDS = 300


def signature(secret: str, stamp: int, body: bytes) -> str:
    """The scheme v1 of one secret, hexadecimal."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def verify(header: str, body: bytes, *, secrets: Sequence[str], moment: datetime) -> None:
    """Prove that Stripe signed this within five minutes of `moment`, with any of our secrets.

    While a secret is rolled, Stripe signs with the old and the new one, and so says `v1` twice.

    Raises:
        Forged: it did not.
    """
    said = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _mark, value in said if name == "t"]
    given = [value for name, _mark, value in said if name == "v1"]
    if len(stamps) != 1 or not stamps[0].isdecimal() or len(stamps[0]) > 12:
        raise Forged("no signature")
    stamp = int(stamps[0])
    if abs(moment.timestamp() - stamp) > WINDOW_SECONDS:
        raise Forged("the signature is too old or not yet valid")
    ours = [signature(secret, stamp, body) for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in ours for other in given):
        raise Forged("the signature does not fit")
