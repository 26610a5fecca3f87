"""From the stall to the placed order, as a guest without scripts: what is asked, refused, and never lost."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel import clock
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM, a_user
from countyfair.surfaces.shop.tests.buying import (
    CHECKOUT,
    ENGLISH,
    PROVIDER,
    back_of,
    delivery,
    form,
    found,
    order_placed,
    ordered,
    orders,
    packs_in,
    put_in,
    text_of,
)
from countyfair.trade.orders.queries import order as order_row
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_forms_need_their_token(fair: Fair) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert put_in(strict, fair.stall.offer).status_code == 403


def test_a_pick_up_that_costs_no_freight_is_ordered_at_once(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair, packs=2)
    page = text_of(client.get(address, headers=ENGLISH))
    assert "Waiting for payment" in page
    assert "Pay ¥59.60" in page
    assert packs_in(client) == "0"


def test_a_delivery_shows_its_freight_before_it_is_ordered(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    sent = form(fair, page, **delivery())
    second = client.post(CHECKOUT, sent, headers=ENGLISH)
    assert second.status_code == 200
    assert "With freight it comes to ¥35.80" in text_of(second)
    assert 'value="样例路 1 号"' in text_of(second)
    assert orders() == 0
    sent |= {"expected": found(text_of(second), "expected"), "is_total": "1"}
    assert client.post(CHECKOUT, sent).status_code == 302
    assert orders() == 1


def test_the_same_form_sent_twice_orders_once(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)))
    first, second = client.post(CHECKOUT, sent), client.post(CHECKOUT, sent)
    assert intent_of(first["Location"]) == intent_of(second["Location"])
    assert ordered(first) == ordered(second)
    assert orders() == 1


def intent_of(link: str) -> str:
    """What a provider's page asks for: one payment, however often its link is made."""
    return parse_qs(urlsplit(link).query)["intent"][0]


def test_the_button_leads_straight_to_the_provider_and_back_to_the_order(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    answer = client.post(CHECKOUT, form(fair, text_of(client.get(CHECKOUT))))
    link = answer["Location"]
    row = order_row(SYSTEM, order_id=UUID(ordered(answer).split("/")[2]))
    assert link.startswith(f"{PROVIDER}/pay?")
    asked = parse_qs(urlsplit(link).query)
    assert asked["intent"] == [str(row.intent)]
    assert asked["amount_fen"] == [str(row.total_fen)] == ["2980"]
    assert asked["reference"] == [row.number]
    assert row.pay_before is not None
    assert asked["expires"] == [str(int(row.pay_before.timestamp()))]
    assert asked["notify"] == ["http://127.0.0.1:8000/pay/sandbox/notify/"]
    assert back_of(link) == f"http://127.0.0.1:8000{ordered(answer)}?back=1"
    assert client.get(f"{ordered(answer)}?back=1").status_code == 200


def test_the_checkout_s_link_is_the_one_of_paying_later(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    answer = client.post(CHECKOUT, form(fair, text_of(client.get(CHECKOUT))))
    later = client.get(f"{ordered(answer)}pay/")
    one, other = (parse_qs(urlsplit(link["Location"]).query) for link in (answer, later))
    assert {name for name in one if one[name] != other[name]} <= {"timestamp", "nonce", "signature"}
    assert one.keys() == other.keys()


def test_forms_may_lead_to_the_provider_and_nowhere_else(client: Client) -> None:
    policy = client.get("/about/")["Content-Security-Policy"]
    assert f"form-action 'self' {PROVIDER};" in f"{policy};"


def test_cash_leads_to_the_order_s_own_page(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    answer = client.post(CHECKOUT, form(fair, text_of(client.get(CHECKOUT)), gateway="counter"))
    assert answer["Location"].startswith("/orders/")


def test_a_form_sent_again_after_paying_leads_to_the_order(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)))
    first = client.post(CHECKOUT, sent)
    notify(UUID(intent_of(first["Location"])))
    payments.settle_waiting_notices()
    again = client.post(CHECKOUT, sent, headers=ENGLISH)
    assert again["Location"] == ordered(first)
    assert "paid already" in text_of(client.get(again["Location"], headers=ENGLISH))


def test_a_form_sent_again_too_late_to_pay_leads_to_the_order(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)))
    first = client.post(CHECKOUT, sent)
    with clock.at(clock.now() + timedelta(days=3)):
        assert client.post(CHECKOUT, sent)["Location"] == ordered(first)


def test_who_does_not_come_back_finds_the_order_on_their_phone(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    cookie = client.cookies["last_order"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 30 * 24 * 3600
    for page in ("/orders/find/", "/basket/"):
        with CaptureQueriesContext(connection) as asked:
            assert f'href="{address}"' in text_of(client.get(page)), page
        assert len(asked) <= 1
    assert client.get(CHECKOUT)["Location"] == "/basket/"
    assert address not in text_of(Client().get("/orders/find/"))
    put_in(client, fair.stall.offer)
    assert address not in text_of(client.get("/basket/"))


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        ".",
        "x.y",
        "<script>.x",
        "{key}",
        "{key}.",
        "{key}.{token}x",
        "{other}.{token}",
        "{key}-.{token}",
        "9" * 4000,
    ],
)
def test_a_spoilt_link_to_the_last_order_is_none(client: Client, fair: Fair, spoilt: str) -> None:
    address = order_placed(client, fair)
    key, _, token = client.cookies["last_order"].value.partition(".")
    client.cookies["last_order"] = spoilt.format(key=key, token=token, other=uuid7().hex)
    for page in ("/orders/find/", "/basket/"):
        answer = client.get(page, headers=ENGLISH)
        assert answer.status_code == 200
        assert "Your last order" not in text_of(answer)
        assert address not in text_of(answer)


def test_a_member_s_order_is_kept_by_their_log_in_alone(client: Client, fair: Fair) -> None:
    client.force_login(get_user_model().objects.get(pk=a_user()))
    order_placed(client, fair)
    assert "last_order" not in client.cookies


def test_the_same_form_with_other_content_is_refused(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)))
    assert client.post(CHECKOUT, sent).status_code == 302
    assert client.post(CHECKOUT, sent | {"name": "样例·别人"}).status_code == 409
    assert orders() == 1


@pytest.mark.parametrize("lines", [1, 8])
def test_basket_and_checkout_cost_the_same_few_statements(client: Client, fair: Fair, lines: int) -> None:
    put_in(client, fair.stall.offer)
    for _ in range(lines - 1):
        put_in(client, a_stall(fair.households, fair.station).offer)
    for address in ("/basket/", CHECKOUT):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 6, [one["sql"][:80] for one in asked]


@pytest.mark.django_db(transaction=True)
def test_placing_takes_two_statements_and_one_commit(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    put_in(client, a_stall(fair.households, fair.station).offer)
    sent = form(fair, text_of(client.get(CHECKOUT)))
    with CaptureQueriesContext(connection) as asked:
        assert client.post(CHECKOUT, sent).status_code == 302
    assert len(asked) <= 6, [one["sql"][:80] for one in asked]
    assert len(asked) == 2
