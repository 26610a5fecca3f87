"""A basket belongs to who holds its id, or to the member; nothing is promised by it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import an_actor
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.tests.factories import CONTACT, a_fair, a_stall

pytestmark = pytest.mark.django_db

GUEST = Actor.guest("sample")


def test_packs_add_up_and_are_quoted_in_the_order_they_came() -> None:
    fair, basket = a_fair(), uuid7()
    other = a_stall(fair.households, fair.station, price_fen=1000)
    actions.add_to_basket(GUEST, basket=basket, offer=fair.stall.offer)
    actions.add_to_basket(GUEST, basket=basket, offer=other.offer, quantity=3)
    actions.add_to_basket(GUEST, basket=basket, offer=fair.stall.offer)
    quote = queries.basket(GUEST, basket=basket)
    assert [(line.offered.offer, line.quantity) for line in quote.lines] == [
        (fair.stall.offer, 2),
        (other.offer, 3),
    ]
    assert quote.goods_fen == 8960
    assert queries.basket_count(GUEST, basket=basket) == 5


def test_a_number_is_set_and_nought_takes_it_out() -> None:
    fair, basket = a_fair(), uuid7()
    actions.set_quantity(GUEST, basket=basket, offer=fair.stall.offer, quantity=7)
    assert queries.basket_count(GUEST, basket=basket) == 7
    actions.set_quantity(GUEST, basket=basket, offer=fair.stall.offer, quantity=0)
    assert queries.basket_count(GUEST, basket=basket) == 0
    with pytest.raises(Invalid):
        actions.add_to_basket(GUEST, basket=basket, offer=fair.stall.offer, quantity=1000)


def test_logging_in_brings_the_guest_s_basket_along() -> None:
    fair, guest, member = a_fair(), uuid7(), an_actor()
    other = a_stall(fair.households, fair.station)
    actions.add_to_basket(member, basket=uuid7(), offer=fair.stall.offer, quantity=2)
    actions.add_to_basket(GUEST, basket=guest, offer=fair.stall.offer, quantity=5)
    actions.add_to_basket(GUEST, basket=guest, offer=other.offer)
    actions.merge_baskets(member, guest=guest)
    assert queries.basket_count(member, basket=None) == 6
    assert scalar("SELECT count(*) FROM orders_basket WHERE id = %s", [guest]) == 0


def test_a_member_s_basket_is_closed_to_who_knows_its_id() -> None:
    fair, member = a_fair(), an_actor()
    actions.add_to_basket(member, basket=uuid7(), offer=fair.stall.offer)
    key = UUID(str(scalar("SELECT id FROM orders_basket WHERE user_id = %s", [member.user_id])))
    actions.add_to_basket(GUEST, basket=key, offer=fair.stall.offer, quantity=5)
    assert queries.basket_count(member, basket=None) == 1
    assert queries.basket_count(GUEST, basket=key) == 0


def test_each_of_these_is_one_statement() -> None:
    fair, member = a_fair(), an_actor()
    for act in (
        lambda: actions.add_to_basket(member, basket=uuid7(), offer=fair.stall.offer),
        lambda: actions.set_quantity(member, basket=uuid7(), offer=fair.stall.offer, quantity=3),
        lambda: actions.merge_baskets(member, guest=uuid7()),
        lambda: queries.basket(member, basket=None),
        lambda: actions.take_out(member, basket=uuid7(), offer=fair.stall.offer),
    ):
        with CaptureQueriesContext(connection) as said:
            act()
        assert len(said) == 1


def test_placing_empties_what_it_took_and_the_same_form_still_gets_its_answer() -> None:
    fair, basket, order = a_fair(), uuid7(), uuid7()
    actions.add_to_basket(GUEST, basket=basket, offer=fair.stall.offer)
    answers = [
        actions.place_order(
            GUEST, order_id=order, county=fair.county, basket=basket, contact=CONTACT, fulfilment="pickup",
            station=fair.station, gateway="sandbox", expected_total_fen=2980,
        )
        for _pressed in range(2)
    ]  # fmt: skip
    assert answers[0] == answers[1]
    assert queries.basket_count(GUEST, basket=basket) == 0
