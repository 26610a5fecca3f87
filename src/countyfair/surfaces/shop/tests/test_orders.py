"""Orders after they were placed: who may see them, paying, the awaited notice, calling off, finding."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_user
from countyfair.surfaces.shop.limits import FOR_NUMBER, FROM_ADDRESS
from countyfair.surfaces.shop.tests.buying import (
    PHONE,
    delivery,
    form,
    found,
    order_placed,
    ordered,
    put_in,
    text_of,
)
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.tests.factories import Fair, a_fair, marked
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as payment_queries
from countyfair.trade.payments.tests.factories import notify

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def fair() -> Fair:
    cache.clear()
    return a_fair()


def key_of(address: str) -> UUID:
    return UUID(address.split("/")[2])


def without_token(address: str) -> str:
    return "/".join(address.split("/")[:3]) + "/"


def seen(client: Client, address: str) -> str:
    return text_of(client.get(address, headers=ENGLISH))


def member() -> Client:
    """Somebody who signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=a_user()))
    return client


def take_money(address: str) -> None:
    """The provider's notice comes in and is settled; the order has not heard of it yet."""
    notify(queries.order(SYSTEM, order_id=key_of(address)).intent)
    payments.settle_waiting_notices()


def tell_order(address: str) -> None:
    """The order hears that its money came."""
    order = queries.order(SYSTEM, order_id=key_of(address))
    capture = payment_queries.captures_of([str(order.id)])[0]
    money = actions.Money(order.id, order.intent, capture.id, capture.amount_fen, surplus=False)
    actions.mark_paid(SYSTEM, captured=[money])


def test_the_link_opens_the_order_and_a_wrong_token_opens_nothing(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    assert client.get(address).status_code == 200
    for wrong in (
        without_token(address),
        address[:-3] + "xx/",
        without_token(address) + "x/",
        f"{address}pay/"[:-8] + "zz/pay/",
    ):
        for tail in ("", "cancel/"):
            assert Client().get(wrong + tail).status_code == 404, wrong + tail
    assert Client().post(without_token(address) + "cancel/").status_code in (403, 404)
    assert queries.order(SYSTEM, order_id=key_of(address)).state == "placed"


def test_somebody_else_s_order_is_not_there(client: Client, fair: Fair) -> None:
    mine, other = member(), member()
    address = without_token(order_placed(mine, fair))
    assert mine.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert other.get(address + "pay/").status_code == 404
    assert other.post(address + "cancel/").status_code in (403, 404)
    assert address in text_of(mine.get("/orders/"))
    assert address not in text_of(other.get("/orders/"))


def test_the_page_shows_what_was_ordered_who_gets_what_and_hides_the_phone(
    client: Client, fair: Fair
) -> None:
    page = seen(client, order_placed(client, fair, packs=2))
    assert "¥59.60" in page
    assert "47.68" in page
    assert "样例·买家" in page
    assert PHONE not in page
    assert "noindex" in page


def test_paying_leads_to_the_provider_and_back_here(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    answer = client.get(f"{address}pay/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://127.0.0.1:")
    assert "back%3D1" in answer["Location"] or "back=" in answer["Location"]


def test_whoever_comes_back_is_told_honestly_that_the_notice_is_awaited(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    page = seen(client, f"{address}?back=1")
    assert "Waiting for the payment provider to confirm" in page
    assert f"url={address}?back=2" in page
    assert "Pay now" not in page
    late = seen(client, f"{address}?back=21")
    assert "Still no confirmation" in late
    assert "http-equiv" not in late


def test_money_that_came_is_told_before_the_order_has_heard_of_it(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    take_money(address)
    page = seen(client, address)
    assert "Your payment has arrived" in page
    assert "Pay now" not in page
    tell_order(address)
    assert "Paid, to be packed" in seen(client, address)


def test_nobody_pays_twice(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    take_money(address)
    tell_order(address)
    answer = client.get(f"{address}pay/", headers=ENGLISH)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "paid already" in seen(client, address)


def test_cash_is_announced_with_the_station_and_needs_no_page_to_pay(client: Client, fair: Fair) -> None:
    page = seen(client, order_placed(client, fair, gateway="counter"))
    assert "Pay ¥29.80 in cash" in page
    assert "Pay now" not in page


def test_an_order_is_called_off_after_being_asked_once(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    assert "Cancel order" in seen(client, f"{address}cancel/")
    assert queries.order(SYSTEM, order_id=key_of(address)).state == "placed"
    assert client.post(f"{address}cancel/").status_code == 302
    assert "Cancelled" in seen(client, address)
    assert client.post(f"{address}cancel/").status_code == 302


def test_what_was_paid_and_called_off_is_given_back(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    take_money(address)
    tell_order(address)
    assert "given back" in seen(client, f"{address}cancel/")
    client.post(f"{address}cancel/")
    assert "Being given back" in seen(client, address)


def test_a_packed_order_is_no_longer_called_off_here(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    take_money(address)
    tell_order(address)
    actions.pack(SYSTEM, order_id=key_of(address), parcel=uuid7(), weight_g=600)
    assert client.get(f"{address}cancel/").status_code == 302
    assert client.post(f"{address}cancel/").status_code in (403, 409)
    page = seen(client, address)
    assert "Your pick-up code" in page
    assert "Cancel the order" not in page


def test_an_order_is_found_by_number_and_phone(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    number = queries.order(SYSTEM, order_id=key_of(address)).number
    answer = Client().post("/orders/find/", {"number": f" {number} ", "phone": "199 0000 8888"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    wrong = Client().post("/orders/find/", {"number": number, "phone": "19900007777"}, headers=ENGLISH)
    assert wrong.status_code == 404
    assert "No order has this number and this phone" in text_of(wrong)
    assert f'value="{number}"' in text_of(wrong)


def test_guessing_a_phone_for_a_number_is_stopped(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    number = queries.order(SYSTEM, order_id=key_of(address)).number
    for _ in range(FOR_NUMBER):
        assert client.post("/orders/find/", {"number": number, "phone": "19900007777"}).status_code == 404
    assert client.post("/orders/find/", {"number": number, "phone": PHONE}).status_code == 429


def test_behind_a_proxy_a_guesser_is_stopped_and_their_neighbours_are_not(fair: Fair, settings: Any) -> None:
    settings.COUNTYFAIR_BEHIND_PROXY = True
    tries = [guess(f"6.6.6.{made_up}, 203.0.113.9") for made_up in range(FROM_ADDRESS + 1)]
    assert tries == [404] * FROM_ADDRESS + [429]
    assert guess("203.0.113.10") == 404
    settings.COUNTYFAIR_BEHIND_PROXY = False
    assert {guess(f"198.51.100.{made_up}") for made_up in range(FROM_ADDRESS + 1)} == {404, 429}


def guess(forwarded: str) -> int:
    """Somebody looks for an order that is not there; each time another one."""
    said = {"number": str(uuid7()), "phone": PHONE}
    return Client().post("/orders/find/", said, headers={"X-Forwarded-For": forwarded}).status_code


def test_a_guest_is_asked_for_number_and_phone(client: Client) -> None:
    answer = client.get("/orders/")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/find/")
    assert client.get("/orders/find/").status_code == 200


def test_what_a_guest_put_in_is_there_after_signing_in(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer, 3)
    client.force_login(get_user_model().objects.get(pk=a_user()))
    assert 'value="3"' in text_of(client.get("/basket/"))
    assert client.cookies["basket"].value.endswith(".3")
    assert 'value="3"' in text_of(client.get("/basket/"))


def test_who_signs_in_on_the_way_orders_what_was_put_in(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer, 3)
    client.force_login(get_user_model().objects.get(pk=a_user()))
    checkout = f"/checkout/{COUNTY}/"
    page = client.get(checkout)
    assert page.status_code == 200
    assert head_counts(client) == 3
    assert client.post(checkout, form(fair, text_of(page))).status_code == 302
    assert scalar("SELECT quantity FROM orders_line") == 3
    assert head_counts(client) == 0


def test_what_a_guest_put_in_stays_when_more_is_put_in_after_signing_in(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer, 3)
    client.force_login(get_user_model().objects.get(pk=a_user()))
    put_in(client, fair.stall.offer, 2)
    assert head_counts(client) == 5
    assert 'value="5"' in text_of(client.get("/basket/"))


def test_nobody_after_a_member_sees_the_count_of_their_basket(client: Client, fair: Fair) -> None:
    client.force_login(get_user_model().objects.get(pk=a_user()))
    put_in(client, fair.stall.offer, 3)
    assert head_counts(client) == 3
    kept = client.cookies["basket"].value
    client.post("/account/sign-out/")
    assert head_counts(client) == 0
    client.force_login(get_user_model().objects.get(pk=a_user()))
    assert client.cookies["basket"].value == kept
    assert head_counts(client) == 0


def head_counts(client: Client) -> int:
    """The packs that the head of a page says are in the basket."""
    found = re.search(r'class="count"[^>]*>\s*(\d+)', text_of(client.get("/about/")))
    return int(found[1]) if found else 0


def test_a_delivery_s_page_names_its_address(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    first = client.post(f"/checkout/{COUNTY}/", form(fair, **delivery(), is_total="1"))
    sent = form(fair, text_of(first), **delivery(), is_total="1")
    answer = client.post(f"/checkout/{COUNTY}/", sent)
    assert "样例路 1 号" in seen(client, ordered(answer))
    assert found(text_of(first), "expected") == "3580"


def test_an_order_s_page_names_the_mark_as_it_was_and_one_without_asks_for_none(
    client: Client, fair: Fair
) -> None:
    plain = order_placed(client, fair)
    brand, licence = marked(fair, fair.stall)
    borne = order_placed(client, fair)
    catalog.set_brand(
        SYSTEM, brand=brand, county=COUNTY, name_zh="样例新名", holder="样例协会",
        standard=UUID(str(scalar("SELECT standard_id FROM catalog_brand"))), least="first", believed=1,
    )  # fmt: skip
    catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")
    page = seen(client, borne)
    assert "Sold under the mark" in page
    assert "Sample navel orange" in page
    assert "样例新名" not in page
    with CaptureQueriesContext(connection) as asked:
        assert "Sold under the mark" not in seen(client, plain)
    assert not [one for one in asked if "catalog_brandversion" in one["sql"]]


def test_an_order_s_page_costs_few_statements(client: Client, fair: Fair) -> None:
    address, mine = order_placed(client, fair), member()
    own = without_token(order_placed(mine, fair))
    for who, page in ((client, address), (mine, own), (mine, "/orders/")):
        with CaptureQueriesContext(connection) as asked:
            assert who.get(page).status_code == 200
        assert len(asked) <= 6, [one["sql"][:80] for one in asked]


def test_nothing_of_the_buyer_is_in_the_log_of_changes(client: Client, fair: Fair) -> None:
    order_placed(client, fair)
    kept = scalar("SELECT count(*) FROM kernel_change WHERE changes::text LIKE '%%样例·买家%%'")
    assert kept == 0


def test_a_buyer_is_told_in_their_language_why_the_house_gives_money_back(client: Client, fair: Fair) -> None:
    address = order_placed(client, fair)
    take_money(address)
    tell_order(address)
    order = queries.order(SYSTEM, order_id=key_of(address))
    actions.cancel_short(SYSTEM, lines=[line.id for line in order.lines])
    assert "The goods are not there any more" in seen(client, address)
    chinese = text_of(client.get(address, headers={"accept-language": "zh-hans"}))
    assert "货品已经没有了" in chinese
    assert "the goods are not there" not in chinese
