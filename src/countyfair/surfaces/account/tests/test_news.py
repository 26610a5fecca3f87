"""One's news is read, marked, and muted by the ways one chooses."""

from __future__ import annotations

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.registers.notices import actions, queries
from countyfair.registers.notices.actions import News
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_user
from countyfair.surfaces.ui.tests.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_news_is_counted_read_and_counted_no_more(language: str) -> None:
    me = a_user()
    browser = client_of(me)
    browser.cookies["lang"] = language
    order = uuid7()
    facts = {"number": "261123-1", "total": "12.00"}
    actions.tell(SYSTEM, news=[News("order.paid", COUNTY, str(order), f"order:{order}", me, facts)])
    assert ">1<" in browser.get("/account/news/unread/").content.decode()
    page = browser.get("/account/news/").content.decode()
    assert "261123-1" in page
    assert f"/orders/{order}/" in page
    assert browser.post("/account/news/read/").status_code == 302
    assert browser.get("/account/news/unread/").content.decode().strip() == ""


def test_the_bell_of_a_page_whose_session_ended_is_given_nothing_to_draw() -> None:
    browser = client_of(a_user())
    browser.logout()
    asked = browser.get("/account/news/unread/", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.content) == (204, b"")
    assert browser.get("/account/news/unread/").status_code == 302


@pytest.mark.parametrize(
    ("kind", "facts", "page"),
    [
        ("claim.asked", {"number": "1"}, f"/centre/{COUNTY}/claims/%s/"),
        ("claim.refunded", {"number": "1", "amount": "2.00"}, "/orders/%s/"),
        ("group.failed", {"number": "1", "amount": "2.00"}, "/orders/%s/"),
        ("webhook.given_up", {"address": "https://example.org/"}, f"/centre/{COUNTY}/webhooks/%s/"),
        ("harvest.ordered", {"amount": "1", "product": "x", "day": "1"}, ""),
    ],
)
def test_news_leads_to_the_page_of_what_it_is_about(kind: str, facts: dict[str, str], page: str) -> None:
    me, key = a_user(), uuid7()
    browser = client_of(me)
    actions.tell(SYSTEM, news=[News(kind, COUNTY, f"{key}:{uuid7()}", f"user:{me}", me, facts)])
    shown = browser.get("/account/news/").content.decode()
    assert page % key in shown if page else f"{key}" not in shown


def test_what_is_not_ticked_is_muted() -> None:
    me = a_user()
    browser = client_of(me)
    assert browser.post("/account/news/choose/", {"told": ["orders.sms", "nonsense"]}).status_code == 302
    muted = queries.muted(Actor(f"user:{me}", me))
    assert muted == {("orders", "email"), ("money", "sms"), ("work", "sms"), ("work", "email")}
    assert browser.get("/account/news/").status_code == 200
