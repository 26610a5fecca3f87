"""Hostile words in every field of every form: an answer that a person can read, and nothing that runs."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.urls import reverse

from countyfair.registers.people.tests.factories import COUNTY, VILLAGE
from tests.denial.doors import DOORS, Door
from tests.denial.world import Visitor, World, a_world

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SCRIPT = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
#: What people and machines send that no form was made for.
WORDS = {
    "a script": SCRIPT,
    "text that runs backwards": "\u202egnp.exe\u202c\u2066",
    "a byte of nothing": "样\x00例",
    "half a pair": "\ud83d",
    "a megabyte": "a" * 1_000_000,
    "a template": "{{ 7*7 }}${7*7}{% raise %}",
    "a quarrel with the database": "'; DROP TABLE orders_order; --",
    "a number beyond all numbers": "9" * 400,
    "a formula": "=HYPERLINK(\"http://x\",\"x\")",
    "no number": "NaN",
}  # fmt: skip


class Fields(HTMLParser):
    """The names of all that can be filled in on a page, hidden ones too, with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if (
            tag in ("input", "textarea", "select", "button")
            and said.get("name")
            and said.get("type") != "file"
        ):
            self.found.setdefault(said["name"], said.get("value", ""))


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with a_world(django_db_blocker, tmp_path_factory.mktemp("photos")) as made:
        yield made


def somebody(world: World, door: Door) -> Visitor:
    """Who may send this form."""
    if door.member:
        return next(one for one in world.visitors if one.name == "a buyer")
    if not door.takes:
        return world.visitors[0]
    place = VILLAGE if door.at == "station" and "orders.cancel" not in door.takes else COUNTY
    able = (one for one in world.visitors if one.holds(door.takes, place))
    return next(able, next(one for one in world.visitors if one.holds(("staff",), COUNTY)))


@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.takes is not None))
def test_hostile_words_in_any_field_are_answered_and_never_run(world: World, name: str) -> None:
    door = DOORS[name]
    who = somebody(world, door)
    address = reverse(name, kwargs={key: world.things[thing] for key, thing in door.names.items()})
    usual = {field: world.things.get(value, value) for field, value in door.sent.items()}
    if door.looks:
        usual = Fields(who.client.get(address).content.decode(errors="replace")).found | usual
    fields = sorted(set(usual) - {"csrfmiddlewaretoken"}) or ["offer", "quantity", "reason", "name"]
    wrong = [
        f"{what} in {field}: {trouble}"
        for what, word in WORDS.items()
        for field in fields
        for trouble in sent(who, address, usual | {field: word})
    ]
    assert wrong == []


#: What pages are asked by in the address without a field for it.
ASKED = ("before", "after", "next", "back")


@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.looks))
def test_hostile_words_in_an_address_are_answered_and_never_run(world: World, name: str) -> None:
    door = DOORS[name]
    who = world.visitors[0]
    if door.member or door.opens:
        place = VILLAGE if door.at == "station" else COUNTY
        able = (one for one in world.visitors if door.member or one.holds(door.opens, place))
        keepers = (one for one in world.visitors if door.keepers and one.role == "shop_keeper")
        who = next((one for one in (*able, *keepers) if one.is_member), somebody(world, door))
    address = reverse(name, kwargs={key: world.things[thing] for key, thing in door.names.items()})
    wrong = []
    fields = {*ASKED, *Fields(text_of(who.client.get(address))).found}
    for what in ("a script", "a byte of nothing", "half a pair", "a number beyond all numbers"):
        word = WORDS[what]
        for field in sorted(fields - {"csrfmiddlewaretoken", "once"}):
            answer: Any = who.client.get(f"{address}?{field}={percent(word[:2000])}")
            if (answer.status_code >= 500 and answer.status_code != 503) or "<img src=x" in text_of(answer):
                wrong.append(f"{what} in {field}: {answer.status_code}")
    assert wrong == []


def sent(who: Visitor, address: str, form: dict[str, str]) -> list[str]:
    """What is wrong with the answer to a form, and with the page that it leads to."""
    undone = transaction.savepoint()
    try:
        answer: Any = who.client.post(address, encoded(form), content_type=FORM)
        if answer.status_code in (301, 302, 303) and answer["Location"].startswith("/"):
            answer = who.client.get(answer["Location"])
    finally:
        transaction.savepoint_rollback(undone)
    if answer.status_code >= 500:
        return [str(answer.status_code)]
    return ["it was not escaped"] if "<img src=x" in text_of(answer) else []


def text_of(answer: Any) -> str:
    """What a page says; a download is read to its end."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace")


FORM = "application/x-www-form-urlencoded"


def encoded(form: dict[str, str]) -> bytes:
    """A form as a browser that checks nothing would send it."""
    return "&".join(f"{percent(name)}={percent(value)}" for name, value in form.items()).encode()


def percent(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))
