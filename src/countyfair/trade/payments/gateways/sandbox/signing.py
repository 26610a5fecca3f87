"""How the shop and the sandbox provider sign what they send each other: HMAC-SHA-256, a moment, a nonce.

Each direction signs under a word of its own, so that nothing can be sent back to its sender.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

Sender = Literal["shop", "provider"]

#: How far the clocks of shop and provider may part, and how long a signature is worth anything.
WINDOW = timedelta(minutes=5)
TIMESTAMP, NONCE, SIGNATURE = "X-Sandbox-Timestamp", "X-Sandbox-Nonce", "X-Sandbox-Signature"


class SignatureWrong(Exception):
    """Not signed with our key, by this sender, within the window."""


def present() -> datetime:
    """The wire's clock: what passes between two processes is signed in real time, even where the
    house's own clock is moved."""
    return datetime.fromtimestamp(time.time(), UTC)


def signed(
    sender: Sender, payload: Mapping[str, Any], *, key: str, moment: datetime
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a signed message."""
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
    timestamp, nonce = str(int(moment.timestamp())), secrets.token_hex(12)
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: _signature(sender, timestamp, nonce, body, key),
    }
    return headers, body


def opened(
    sender: Sender, headers: Mapping[str, str], body: bytes, *, key: str, moment: datetime
) -> dict[str, Any]:
    """The payload of a signed message.

    Raises:
        SignatureWrong: it is not from that sender, not from now, or not an object.
    """
    by_name = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce, signature = (by_name.get(name.lower(), "") for name in (TIMESTAMP, NONCE, SIGNATURE))
    _require(_signature(sender, timestamp, nonce, body, key), signature, timestamp, moment)
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise SignatureWrong("the body is no JSON") from error
    if not isinstance(payload, dict):
        raise SignatureWrong("the body is no object")
    return payload


def signed_query(params: Mapping[str, str], *, key: str, moment: datetime) -> str:
    """A query string that the shop signed, for a link that the payer carries."""
    stamped = {**params, "timestamp": str(int(moment.timestamp())), "nonce": secrets.token_hex(12)}
    canonical = urlencode(sorted(stamped.items()))
    signature = _signature("shop", stamped["timestamp"], stamped["nonce"], canonical.encode(), key)
    return f"{canonical}&signature={signature}"


def opened_query(params: Mapping[str, str], *, key: str, moment: datetime) -> dict[str, str]:
    """The parameters of a signed link.

    Raises:
        SignatureWrong: changed, or not from now.
    """
    given = dict(params)
    signature = given.pop("signature", "")
    timestamp = given.get("timestamp", "")
    canonical = urlencode(sorted(given.items())).encode()
    _require(
        _signature("shop", timestamp, given.get("nonce", ""), canonical, key), signature, timestamp, moment
    )
    return given


def _signature(sender: Sender, timestamp: str, nonce: str, body: bytes, key: str) -> str:
    text = "\n".join((sender, timestamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _require(expected: str, given: str, timestamp: str, moment: datetime) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise SignatureWrong("the signature does not fit")
    if abs(moment.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureWrong("the signature is too old or not yet valid")
