"""A coupon at the checkout, without scripts: used, refused in words, right to the fen on the order."""

from __future__ import annotations

import pytest
from django.test import Client

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.shop.tests.buying import delivery, form, found, ordered, put_in, text_of
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.promotions.tests.factories import a_coupon

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
CHECKOUT = f"/checkout/{COUNTY}/"


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_the_price_is_seen_before_it_is_ordered_and_stands_on_the_order(client: Client, fair: Fair) -> None:
    a_coupon(off_fen=500)
    put_in(client, fair.stall.offer, 2)
    plain = text_of(client.get(CHECKOUT))
    used = client.post(CHECKOUT, form(fair, plain, coupon=" autumn 10", apply="1", name=""), headers=ENGLISH)
    page = text_of(used)
    assert used.status_code == 200
    assert "Autumn coupon" in page
    assert (found(plain, "expected"), found(page, "expected")) == ("5960", "5460")
    answer = client.post(CHECKOUT, form(fair, page, coupon="autumn 10"))
    assert answer.status_code == 302, text_of(answer)
    assert scalar("SELECT total_fen FROM orders_order") == 5460
    shown = text_of(client.get(ordered(answer), headers=ENGLISH))
    assert "Autumn coupon took off ¥5.00" in shown
    assert "¥54.60" in shown


def test_a_code_typed_and_not_yet_used_is_shown_with_its_total_first(client: Client, fair: Fair) -> None:
    a_coupon(off_fen=500)
    put_in(client, fair.stall.offer)
    plain = text_of(client.get(CHECKOUT))
    answer = client.post(CHECKOUT, form(fair, plain, coupon="AUTUMN10"), headers=ENGLISH)
    assert scalar("SELECT count(*) FROM orders_order") == 0
    assert found(text_of(answer), "expected") == "2480"


def test_what_is_refused_leaves_the_freight_in_the_total(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    plain = text_of(client.get(CHECKOUT))
    for wrong in ({"coupon": "NOSUCH", "apply": "1"}, {"name": ""}):
        page = text_of(client.post(CHECKOUT, form(fair, plain, **delivery(**wrong)), headers=ENGLISH))
        assert "Freight" in page
        assert found(page, "is_total") == "1", wrong
        assert int(found(page, "expected")) > 2980, wrong
    lost = text_of(client.post(CHECKOUT, form(fair, plain, **delivery(place_3="", name="")), headers=ENGLISH))
    assert (found(lost, "is_total"), found(lost, "expected")) == ("", "2980")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("NOSUCH", "There is no such coupon here"),
        ("DEAR1", "counts from goods for 100.00 yuan on"),
        ("<b>x</b>", "There is no such coupon here"),
    ],
)
def test_a_code_that_takes_nothing_off_is_told_at_its_field(
    client: Client, fair: Fair, code: str, sentence: str
) -> None:
    a_coupon(code="DEAR1", least_fen=10_000)
    put_in(client, fair.stall.offer)
    plain = text_of(client.get(CHECKOUT))
    for pressed in ({"apply": "1"}, {}):
        answer = client.post(CHECKOUT, form(fair, plain, coupon=code, **pressed), headers=ENGLISH)
        page = text_of(answer)
        assert sentence in page
        assert "<b>x</b>" not in page
        assert 'value="样例·买家"' in page
    assert scalar("SELECT count(*) FROM orders_order") == 0
