"""Addresses that may be called, signatures, waits, and what goes out of an event."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import ipaddress
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.outreach.webhooks.rules import (
    KINDS,
    TRIES,
    body_of,
    headers_of,
    new_secret,
    next_try,
    target_of,
)
from countyfair.outreach.webhooks.rules.addresses import is_public
from countyfair.registers.people.rules import POWERS
from countyfair.trade.stock.events import TakenIn

MOMENT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1",
        "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "2001:db8::1", "2001::1",
    ],
)  # fmt: skip
def test_no_number_inside_a_network_is_public(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["8.8.8.8", "114.114.114.114", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_numbers_of_the_internet_are_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "url",
    [
        "", "http://erp.example/", "ftp://erp.example/", "https://", "https://a:b@erp.example/", "https://@erp.example",
        "https://erp.example/#part", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:8443/x",
        "https://erp.example:99999/", "https://erp.example:0/", "https://erp.example/a b", "https://erp.example\\@10.0.0.1/",
        "https://县集.example/", "https://erp.example/\r\nHost: x", "//erp.example", "javascript:alert(1)",
        "https://[::ffff:127.0.0.1]/", "https://erp.example/" + "x" * 400,
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        target_of(url)
    assert refused.value.field == "url"


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://ERP.example:8443/hooks?of=county")
    assert (target.host, target.port, target.path) == ("erp.example", 8443, "/hooks?of=county")
    assert target_of("https://erp.example").path == "/"


def test_a_message_is_signed_as_standard_webhooks_says() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = headers_of([secret], message="msg_p5jXN8AQM9LWM0D4loKWxJek", seconds=1614265330, body=body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_is_new_and_signs() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    key = base64.b64decode(first.removeprefix("whsec_"))
    assert len(key) == 32
    wanted = hmac.new(key, b"m.1.{}", hashlib.sha256).digest()
    said = headers_of([first], message="m", seconds=1, body=b"{}")["webhook-signature"]
    assert said == "v1," + base64.b64encode(wanted).decode()


def test_waits_grow_and_are_spread_and_end() -> None:
    waits = [next_try(tries, MOMENT, 0.5) for tries in range(1, TRIES)]
    assert all(one and two and one < two for one, two in pairwise(waits))
    assert next_try(1, MOMENT, 0) == MOMENT + timedelta(seconds=4)
    assert next_try(1, MOMENT, 1) == MOMENT + timedelta(seconds=6)
    assert next_try(TRIES, MOMENT, 0.5) is None


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_names_values_of_its_event_and_a_power(name: str) -> None:
    kind = KINDS[name]
    held = {field.name for field in dataclasses.fields(kind.event)}
    assert set(kind.values) <= held
    assert kind.power in POWERS
    assert not held.intersection(kind.values) & {"household", "holder", "holders", "reference"}


def test_a_household_stays_in_the_house() -> None:
    household = uuid7()
    taken = Delivered(uuid7(), "450225", MOMENT, "user:x", TakenIn(uuid7(), household, uuid7(), 4000, "g"))
    said = json.loads(body_of(taken))
    assert str(household) not in body_of(taken)
    assert said["type"] == "stock.taken_in"
    assert said["data"]["amount"] == 4000
    assert said["data"]["county"] == "450225"
    assert said["timestamp"] == "2026-11-01T08:00:00+00:00"
