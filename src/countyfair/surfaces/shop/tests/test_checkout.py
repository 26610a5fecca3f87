"""The form of the checkout: what is missing or wrong, too dear or gone is told, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.shop.tests.buying import (
    CHECKOUT,
    ENGLISH,
    delivery,
    form,
    found,
    ordered,
    orders,
    put_in,
    text_of,
)
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.orders.tests.factories import NEAR, Fair, a_fair, a_stall

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return a_fair()


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
