"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com): `v1`, HMAC-SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

#: Begins every secret.
MARK = "whsec_"


def new_secret() -> str:
    """The text of a new secret: 256 random bits."""
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message: str, seconds: int, body: bytes) -> str:
    """What proves that a message is ours: `v1,` and the base64 of its HMAC."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(secrets_: Sequence[str], *, message: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of one try. `seconds` are Unix time now; `message` is the same in every try.

    Args:
        secrets_: each signs; a receiver takes the message where one of the signatures is right.
    """
    signed = [signature(one, message=message, seconds=seconds, body=body) for one in secrets_]
    return {
        "Content-Type": "application/json",
        "User-Agent": "CountyFair-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signed),
    }
