"""Every call of the quick-start is made as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from countyfair.kernel import outbox
from countyfair.kernel.ids import uuid7
from countyfair.outreach.webhooks.actions import send_due
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.api.tests.calling import program
from countyfair.trade.orders.tests.factories import a_fair
from tests.databases import empty

DOCUMENT = Path(settings.ROOT) / "docs" / "api.md"
CALL = re.compile(r"```http\n(.*?)```\n<!-- (.*?) -->", re.S)


@pytest.mark.django_db(transaction=True)
def test_every_call_of_the_quick_start_answers_as_it_says() -> None:
    empty()
    fair = a_fair()
    assert fair.agent.user_id is not None
    known = {
        "county": COUNTY,
        "station": str(fair.station),
        "new": str(uuid7()),
        "hook": str(uuid7()),
        "hook2": str(uuid7()),
        "agent": program(user=fair.agent.user_id).secret,
        "staff": program("centre_staff").secret,
    }
    text = DOCUMENT.read_text(encoding="utf-8")
    calls = CALL.findall(text)
    assert len(calls) == text.count("```http")
    assert len(calls) > 8
    for request, said in calls:
        _made(request, said, known)
        outbox.deliver_everything()
        send_due(SYSTEM)
    empty()


def _made(request: str, said: str, known: dict[str, str]) -> None:
    filled = re.sub(r"\$(\w+)", lambda name: known[name[1]], request)
    head, _blank, body = filled.partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    answer: Any = Client().generic(method, path, body, content_type="application/json", headers=headers)
    status, *keeps = said.split("; ")
    assert answer.status_code == int(status), f"{first}: {answer.content.decode()}"
    for keep in keeps:
        name, way = keep.split(" = ")
        known[name] = answer["ETag"] if way == "ETag" else _at(json.loads(answer.content), way)


def _at(found: Any, way: str) -> str:
    for step in way.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    return str(found)
