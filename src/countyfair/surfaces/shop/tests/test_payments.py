"""Where providers knock: kept once, settled at once, refused in words that machines read."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.trade.payments import queries
from countyfair.trade.payments.gateways.sandbox import signing
from countyfair.trade.payments.tests.factories import an_intent, what_is_said

pytestmark = pytest.mark.django_db(transaction=True)


def knock(body: bytes, headers: dict[str, str], gateway: str = "sandbox") -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/pay/{gateway}/notify/", body, content_type="application/json", headers=headers)


def signed(payload: dict[str, Any], key: str = "") -> tuple[dict[str, str], bytes]:
    return signing.signed("provider", payload, key=key or settings.COUNTYFAIR_SANDBOX_KEY, moment=now())


def test_a_notice_is_kept_and_settled_in_one_knock() -> None:
    intent = an_intent()
    headers, body = signed(what_is_said(intent))
    answers = [knock(body, headers) for _ in range(2)]
    assert [(answer.status_code, answer.json()["answer"]) for answer in answers] == [
        (200, "kept"),
        (200, "known"),
    ]
    assert queries.intent(intent).state == "paid"
    assert scalar("SELECT count(*) FROM payments_capture") == 1


def test_a_notice_before_its_intent_is_acknowledged_and_waits() -> None:
    headers, body = signed(what_is_said(uuid7()))
    assert knock(body, headers).status_code == 200
    assert scalar("SELECT outcome FROM payments_notice") == "waiting"


def test_a_forged_notice_is_told_so_and_takes_nothing() -> None:
    intent = an_intent()
    headers, body = signed(what_is_said(intent), key="somebody else's")
    answer = knock(body, headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:countyfair:problem:not-signed"
    assert queries.intent(intent).state == "awaiting"


@pytest.mark.parametrize(
    ("gateway", "size", "status"), [("gold", 1, 404), ("sandbox", 65 * 1024, 413), ("counter", 1, 401)]
)
def test_other_knocks_are_refused(gateway: str, size: int, status: int) -> None:
    answer = knock(b"x" * size, {}, gateway)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_nobody_looks_in() -> None:
    assert Client().get("/pay/sandbox/notify/").status_code == 405
