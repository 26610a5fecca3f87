"""From the stall to the placed order, as a guest without scripts: what is asked, refused, and never lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.shop.tests.buying import delivery, form, found, order_placed, put_in, text_of
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall

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
    assert first["Location"] == second["Location"]
    assert orders() == 1


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


def test_scripts_learn_the_total_as_soon_as_the_place_is_chosen(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    goods = int(found(page, "expected"))
    assert found(page, "is_total") == ""
    where = {name: value for name, value in delivery().items() if name != "address"}
    with CaptureQueriesContext(connection) as asked:
        piece = text_of(client.get(f"{CHECKOUT}total/", where))
    assert len(asked) == 1
    assert int(found(piece, "expected")) > goods
    assert found(piece, "is_total") == "1"
    sent = form(fair, page, **delivery(), expected=found(piece, "expected"), is_total="1")
    answer = client.post(CHECKOUT, sent)
    assert (answer.status_code, "/orders/" in answer["Location"]) == (302, True)


def test_a_total_that_cannot_be_told_says_why_and_shows_the_goods(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    goods = found(text_of(client.get(CHECKOUT)), "expected")
    for where in ({}, {"fulfilment": "delivery", "place_1": "45"}, {"fulfilment": "pickup"}):
        piece = text_of(client.get(f"{CHECKOUT}total/", where))
        assert (found(piece, "expected"), found(piece, "is_total")) == (goods, "")
    unknown = {"fulfilment": "pickup", "station": str(uuid7())}
    piece = text_of(client.get(f"{CHECKOUT}total/", unknown, headers={"accept-language": "en"}))
    assert "This station is closed" in piece
    assert found(piece, "expected") == goods


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
    assert 'role="alert"' not in text_of(listed)


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
