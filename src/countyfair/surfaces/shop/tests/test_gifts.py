"""A gift at the checkout, without scripts: nothing lost when it is refused, told on the order's page."""

from __future__ import annotations

import pytest
from django.test import Client

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.shop.tests.buying import form, ordered, put_in, text_of
from countyfair.trade.orders.tests.factories import Fair, a_fair

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
CHECKOUT = f"/checkout/{COUNTY}/"
GIFT = {"gift_name": "样例·奶奶", "gift_phone": "199 0000 6666", "greeting": "生日快乐"}


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_the_order_s_page_tells_whom_it_goes_to(client: Client, fair: Fair) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    answer = client.post(CHECKOUT, form(fair, page, **GIFT))
    assert answer.status_code == 302, text_of(answer)
    assert scalar("SELECT gift FROM orders_order") is True
    shown = text_of(client.get(ordered(answer), headers=ENGLISH))
    for said in ("A gift for", "样例·奶奶", "199 **** 6666", "生日快乐"):
        assert said in shown
    assert "199 **** 8888" not in shown


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"gift_name": ""}, "Write the name of who gets the gift"),
        ({"gift_phone": "12"}, "phone number"),
        ({"greeting": "好" * 121}, "The greeting is too long"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    client: Client, fair: Fair, changed: dict[str, str], sentence: str
) -> None:
    put_in(client, fair.stall.offer)
    page = text_of(client.get(CHECKOUT))
    refused = client.post(CHECKOUT, form(fair, page, **(GIFT | changed)), headers=ENGLISH)
    shown = text_of(refused)
    assert refused.status_code == 422
    assert sentence in shown
    assert 'aria-invalid="true"' in shown
    for kept in (GIFT | changed).values():
        assert kept in shown
    assert scalar("SELECT count(*) FROM orders_order") == 0
