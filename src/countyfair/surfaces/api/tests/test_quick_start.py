"""Every call of the quick-start is made as it stands there."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.outreach.webhooks.actions import send_due
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.api.tests.calling import program
from countyfair.trade.bookings.tests.factories import a_stay, pay
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.tests.factories import a_stall
from tests.databases import empty
from tests.faults.trade import drawn

DOCUMENT = Path(settings.ROOT) / "docs" / "api.md"
#: UUIDs that a caller makes.
MADE = "new member stay harvest hook hook2 coupon group bundle claim photo answer redemption box cycle ahead"
#: A body that stands for a file.
FILE = re.compile(r"^<[a-z]+\.jpg>$")
CALL = re.compile(r"```http\n(.*?)```\n<!-- (.*?) -->", re.S)


@pytest.mark.django_db(transaction=True)
def test_every_call_of_the_quick_start_answers_as_it_says() -> None:
    empty()
    known = _known()
    text = DOCUMENT.read_text(encoding="utf-8")
    calls = CALL.findall(text)
    assert len(calls) == text.count("```http")
    assert len(calls) > 8
    for request, said in calls:
        _made(request, said, known)
        outbox.deliver_everything()
        send_due(SYSTEM)
    empty()


def _known() -> dict[str, str]:
    """A county that sells goods and nights, its people's tokens, some days, and new UUIDs."""
    with at(now() - timedelta(hours=1)):
        stay = a_stay(in_days=30)
    fair = stay.fair
    a_stall(fair.households, fair.station)  # put up last, and so what the county's goods begin with
    assert fair.agent.user_id is not None
    return {
        "county": COUNTY,
        "station": str(fair.station),
        "household": str(fair.households[0]),
        "service": str(stay.product),
        "night": str(stay.offer),
        "today": today().isoformat(),
        "tomorrow": (today() + timedelta(days=1)).isoformat(),
        "next_week": (now() + timedelta(days=7)).isoformat().replace("+00:00", "Z"),
        "agent": program(user=fair.agent.user_id).secret,
        "staff": program("centre_staff").secret,
    } | {name: str(uuid7()) for name in MADE.split()}


def _made(request: str, said: str, known: dict[str, str]) -> None:
    filled = re.sub(r"\$(\w+)", lambda name: known[name[1]], request)
    head, _blank, body = filled.partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    status, *keeps = said.split("; ")
    if status.endswith(" paid"):
        status = status.removesuffix(" paid")
        _pay(UUID(known["stay"]))
    kind = headers.pop("Content-Type", "application/json")
    sent = drawn() if FILE.match(body.strip()) else body
    answer: Any = Client().generic(method, path, sent, content_type=kind, headers=headers)
    assert answer.status_code == int(status), f"{first}: {answer.content.decode()}"
    for keep in keeps:
        name, way = keep.split(" = ")
        known[name] = answer["ETag"] if way == "ETag" else _at(json.loads(answer.content), way)


def _pay(order: UUID) -> None:
    """The money of the booking comes."""
    row = read.order(SYSTEM, order_id=order)
    pay(Placed(order, row.number, row.intent, row.total_fen, ""))


def _at(found: Any, way: str) -> str:
    for step in way.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    return str(found)
