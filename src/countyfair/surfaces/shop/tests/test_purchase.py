"""From the stall to the placed order, as a guest without scripts: what is asked, refused, and never lost."""

from __future__ import annotations

import re
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
from countyfair.kernel.money import Money
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_user
from countyfair.surfaces.shop.tests.buying import (
    PROVIDER,
    back_of,
    delivery,
    form,
    found,
    order_placed,
    ordered,
    put_in,
    text_of,
)
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.orders.queries import order as order_row
from countyfair.trade.orders.tests.factories import NEAR, Fair, a_fair, a_stall
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
CHECKOUT = f"/checkout/{COUNTY}/"


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def orders() -> int:
    return int(str(scalar("SELECT count(*) FROM orders_order")))


def packs_in(client: Client) -> str:
    return str(client.cookies["basket"].value).rpartition(".")[2]


def test_packs_go_into_the_basket_and_the_head_counts_them(client: Client, fair: Fair) -> None:
    answer = put_in(client, fair.stall.offer, 2)
    assert (answer.status_code, answer["Location"]) == (302, "/basket/")
    page = text_of(client.get("/basket/", headers=ENGLISH))
    assert 'value="2"' in page
    assert packs_in(client) == "2"
    assert "¥<" in page or "59<span" in page


def test_scripts_get_a_piece_that_counts_the_basket_and_leads_to_the_checkout(
    client: Client, fair: Fair
) -> None:
    put_in(client, fair.stall.offer, 2)
    page = text_of(client.get(f"/goods/{fair.stall.product}/"))
    assert found(page, "county") == COUNTY
    with CaptureQueriesContext(connection) as asked:
        answer = put_in(client, fair.stall.offer, 3, county=COUNTY, scripts=True)
    alone = [one["sql"][:80] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        put_in(client, fair.stall.offer, 1)
    assert len(alone) == len(asked)
    piece = text_of(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert 'data-packs="5"' in piece
    assert "In the basket: 5 packs" in piece
    assert f'href="{CHECKOUT}"' in piece
    assert "<html" not in piece
    assert packs_in(client) == "6"


@pytest.mark.parametrize("county", ["", "45", "４５０２２５", "../../x", "45022<"])
def test_a_piece_leads_to_no_checkout_of_a_county_that_is_none(
    client: Client, fair: Fair, county: str
) -> None:
    piece = text_of(put_in(client, fair.stall.offer, county=county, scripts=True))
    assert "/checkout/" not in piece
    assert 'href="/basket/"' in piece


@pytest.mark.parametrize("quantity", ["0", "many"])
def test_scripts_are_refused_as_everybody_is(client: Client, fair: Fair, quantity: str) -> None:
    sent = {"offer": str(fair.stall.offer), "quantity": quantity}
    assert client.post("/basket/add/", sent, headers={"X-Part": "1"}).status_code == 422


def test_a_basket_is_changed_and_emptied(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    offer = str(fair.stall.offer)
    client.post("/basket/change/", {"offer": offer, "quantity": "5"})
    client.get("/basket/")
    assert packs_in(client) == "5"
    client.post("/basket/change/", {"offer": offer, "quantity": "5", "remove": "1"})
    assert "Your basket is empty" in text_of(client.get("/basket/", headers=ENGLISH))


@pytest.mark.parametrize("quantity", ["0", "-1", "1000", "many", "1e3", "９"])
def test_a_number_of_packs_that_is_none_is_refused(client: Client, fair: Fair, quantity: str) -> None:
    answer = client.post("/basket/add/", {"offer": str(fair.stall.offer), "quantity": quantity})
    assert answer.status_code == 422


def test_no_pack_chosen_is_refused(client: Client, fair: Fair) -> None:
    assert client.post("/basket/add/", {"offer": "", "quantity": "1"}).status_code == 422


@pytest.mark.django_db(transaction=True)  # the database refuses it at the commit
def test_an_offer_that_is_none_is_refused(client: Client) -> None:
    assert put_in(client, uuid7()).status_code == 404


def test_a_spoilt_cookie_is_an_empty_basket(client: Client, fair: Fair) -> None:
    client.cookies["basket"] = "nonsense.99999999"
    assert client.get("/basket/").status_code == 200
    assert put_in(client, fair.stall.offer).status_code == 302


def test_somebody_else_s_basket_is_not_shown(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    assert "Your basket is empty" in text_of(Client().get("/basket/", headers=ENGLISH))


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


def test_what_is_missing_is_told_all_at_once_and_nothing_typed_is_lost(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    sent = form(fair, page, fulfilment="delivery", station="", name="样例·买家", phone="", address="")
    answer = client.post(CHECKOUT, sent, headers=ENGLISH)
    again = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#f-phone"' in again
    assert 'href="#f-place"' in again
    assert 'value="样例·买家"' in again
    assert found(again, "once") == sent["once"]
    assert orders() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"phone": "nonsense"}, "phone"),
        ({"name": "样" * 61}, "name"),
        ({"station": str(uuid7())}, "station"),
        ({"gateway": "nobody"}, "gateway"),
    ],
)
def test_a_wrong_field_is_told_at_the_field(
    client: Client, fair: Fair, changed: dict[str, str], field: str
) -> None:
    put_in(client, fair.stall.offer)
    answer = client.post(CHECKOUT, form(fair, text_of(client.get(CHECKOUT)), **changed))
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in text_of(answer)
    assert orders() == 0


def test_cash_is_not_taken_at_the_door(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)), **delivery(gateway="counter"))
    assert client.post(CHECKOUT, sent).status_code == 422


def test_an_address_that_nothing_is_sent_to_is_told(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    steps = {f"place_{at}": "" for at in range(3, 6)}
    far = delivery(place_1="81", place_2="8100", **steps) | {"place_3": "810000"}
    answer = client.post(CHECKOUT, form(fair, text_of(client.get(CHECKOUT)), **far))
    assert answer.status_code == 422
    assert 'href="#f-place"' in text_of(answer)


def test_the_next_step_of_the_place_is_shown_without_scripts(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(
        fair, text_of(client.get(CHECKOUT)), fulfilment="delivery", place_1="45", place_next="1", name=""
    )
    assert client.post(CHECKOUT, sent).status_code == 200


def test_a_price_that_rose_meanwhile_is_shown_and_asked_about(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    row = queries.product_page(product=fair.stall.product).offers[0]
    catalog.change_offer(SYSTEM, offer=row.id, version=row.version, price=Money(3500))
    answer = client.post(CHECKOUT, form(fair, page, is_total="1"), headers=ENGLISH)
    assert answer.status_code == 409
    assert "It is ¥35.00 now" in text_of(answer)
    assert found(text_of(answer), "expected") == "3500"
    assert orders() == 0


def test_who_comes_too_late_sees_what_is_left_and_keeps_the_basket(client: Client, fair: Fair) -> None:
    few = a_stall(fair.households, fair.station, lots=(1000,))
    put_in(client, few.offer, 2)
    page = text_of(client.get(CHECKOUT))
    other = Client()
    put_in(other, few.offer, 1)
    assert other.post(CHECKOUT, form(fair, text_of(other.get(CHECKOUT)))).status_code == 302
    answer = client.post(CHECKOUT, form(fair, page), headers=ENGLISH)
    late = text_of(answer)
    assert answer.status_code == 409
    assert "Sold out" in late
    assert '<td class="number">1</td>' in late
    assert "Change the basket" in late
    assert "Only 1 pack left" in text_of(client.get("/basket/", headers=ENGLISH))


def test_something_taken_off_the_stall_is_told_before_ordering(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    catalog.take_down(SYSTEM, offer=fair.stall.offer)
    assert client.post(CHECKOUT, form(fair, page)).status_code == 409
    assert "No longer on sale" in text_of(client.get("/basket/", headers=ENGLISH))


def test_an_empty_basket_has_no_checkout(client: Client, fair: Fair) -> None:
    answer = client.get(CHECKOUT)
    assert (answer.status_code, answer["Location"]) == (302, "/basket/")


def test_hostile_words_in_the_form_come_back_as_text(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    sent = form(fair, text_of(client.get(CHECKOUT)), name="<script>alert(1)</script>", phone="")
    assert "<script>alert" not in text_of(client.post(CHECKOUT, sent))


def totals(page: str) -> dict[str, dict[str, str]]:
    """What a checkout brings for scripts, by destination: kind, expected, freight, total."""
    return {
        to: dict(re.findall(r'data-(\w+)="?([^">]*)"?', said))
        for whole, said in re.findall(r'<data hidden value="?([^">]*?)"?( data-kind[^>]*)>', page)
        for to in whole.split(" ")
    }


def without_totals(page: str) -> str:
    """What is shown before a script does anything."""
    return re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)


def test_the_checkout_brings_the_total_of_every_destination(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT, headers=ENGLISH))
    known = totals(page)
    goods = int(found(page, "expected"))
    assert (known[""]["kind"], known[""]["expected"]) == ("asked", str(goods))
    there = known["pickup:"]
    assert (there["kind"], there["expected"], there["freight"]) == ("known", str(goods), "free")
    near = known[max((to for to in known if f"delivery:{NEAR}".startswith(to)), key=len)]
    fen = int(near["expected"])
    assert (near["kind"], fen > goods) == ("known", True)
    assert (near["freight"], near["total"]) == (f"¥{(fen - goods) / 100:.2f}", f"¥{fen / 100:.2f}")
    sent = form(fair, page, **delivery(), expected=str(fen), is_total="1")
    answer = client.post(CHECKOUT, sent)
    assert (answer.status_code, ordered(answer).startswith("/orders/")) == (302, True)


def test_a_destination_to_which_nothing_is_sent_says_so(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT, headers=ENGLISH))
    goods = found(page, "expected")
    there = totals(page)["delivery:81"]
    assert (there["kind"], there["expected"], there["freight"]) == ("refused", goods, "")
    (piece,) = re.findall(r'<template data-kind="?refused"?>(.*?)</template>', page, re.DOTALL)
    assert "We cannot send parcels to this place yet" in piece
    assert "We cannot send parcels" not in without_totals(page)


def test_stations_come_once_pick_up_is_chosen_and_keep_what_was_typed(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    assert str(fair.station) not in page
    assert 'name="stations"' in page
    sent = form(fair, page, stations="1", station="", name="样例·赶集人")
    listed = client.post(CHECKOUT, sent)
    assert listed.status_code == 200
    assert f'value="{fair.station}"' in text_of(listed)
    assert "样例·赶集人" in text_of(listed)
    assert 'role="alert"' not in without_totals(text_of(listed))


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
