"""Sends messages to an HTTP gateway as signed JSON: for any provider behind a small adapter of its own.

POST to COUNTYFAIR_SMS_URL:

    {"id": …, "phone": "+86…", "template": "sign_in_code", "values": {…}, "text": …}
    CountyFair-Signature: t=<Unix seconds>,v1=<hex HMAC-SHA-256 of "<t>.<body>" under COUNTYFAIR_SMS_KEY>

The gateway answers 2xx with {"reference": …}. `id` is the same when a message is sent again after
a broken connection, so that the gateway can send it once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time

import httpx
from django.conf import settings

from countyfair.registers.people.sms.message import Message, not_sent

SECONDS = 4.0
TRIES = 2
log = logging.getLogger(__name__)


class Provider:
    """The gateway at COUNTYFAIR_SMS_URL."""

    def send(self, message: Message) -> str:
        body = json.dumps(
            {
                "id": str(message.id),
                "phone": message.phone,
                "template": message.template,
                "values": dict(message.values),
                "text": message.text,
            },
            ensure_ascii=False,
        ).encode()
        for _attempt in range(TRIES):
            answer = _post(body)
            if answer is not None and answer.is_success:
                return _reference(answer)
            if answer is not None and answer.is_client_error:
                break
        raise not_sent()


def signature(body: bytes, moment: int, key: str) -> str:
    """The header's value for a body sent at `moment` (Unix seconds)."""
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _post(body: bytes) -> httpx.Response | None:
    """The gateway's answer; None when none came in time."""
    headers = {
        "Content-Type": "application/json",
        "CountyFair-Signature": signature(body, int(time.time()), settings.COUNTYFAIR_SMS_KEY),
    }
    try:
        answer = httpx.post(settings.COUNTYFAIR_SMS_URL, content=body, headers=headers, timeout=SECONDS)
    except httpx.HTTPError as error:
        log.warning("message gateway: %s", type(error).__name__)
        return None
    if not answer.is_success:
        log.warning("message gateway answered %s", answer.status_code)
    return answer


def _reference(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return ""
    return str(said.get("reference", "")) if isinstance(said, dict) else ""
