"""The basket, as a guest without scripts fills it: what goes in, is changed, refused, and stays one's own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.shop.tests.buying import (
    CHECKOUT,
    ENGLISH,
    found,
    packs_in,
    put_in,
    text_of,
)
from countyfair.trade.orders.tests.factories import Fair, a_fair

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return a_fair()


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
