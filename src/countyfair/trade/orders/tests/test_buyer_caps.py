"""So many packs of an offer go to one buyer in all, however they are ordered."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.quote import Trouble
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_concurrency import all_at_once
from countyfair.trade.orders.tests.test_discounts import paid

OTHER = Contact("样例·另一位", "19900007777", "样例路 2 号")


def capped(fair: Fair, most: int | None = 3, **terms: Any) -> None:
    version = scalar("SELECT version FROM catalog_offer WHERE id = %s", [fair.stall.offer])
    catalog.change_offer(
        SYSTEM, offer=fair.stall.offer, version=int(str(version)), price=Money(2980), most_per_buyer=most,
        **terms,
    )  # fmt: skip


def left(refused: Invalid) -> list[tuple[object, object]]:
    """(wanted, left) of the lines that a refusal tells."""
    assert refused.code == "buyer_cap"
    lines = refused.details["lines"]
    assert isinstance(lines, list)
    return [(line["wanted"], line["left"]) for line in lines]


@pytest.mark.django_db
def test_what_was_bought_before_counts_and_the_line_says_how_many_more() -> None:
    fair = a_fair()
    capped(fair)
    place(fair, packs=2)
    with pytest.raises(Invalid) as refused:
        place(fair, packs=2, actor=Actor.guest("another browser, the same phone"))
    assert left(refused.value) == [(2, 1)]
    place(fair, packs=1)
    place(fair, packs=3, contact=OTHER)


@pytest.mark.django_db
def test_a_member_is_known_by_the_account_whatever_the_phone() -> None:
    fair = a_fair()
    capped(fair)
    member = an_actor()
    place(fair, packs=3, actor=member)
    with pytest.raises(Invalid) as refused:
        place(fair, packs=1, actor=member, contact=OTHER)
    assert left(refused.value) == [(1, 0)]


@pytest.mark.django_db
def test_more_than_the_cap_at_once_is_said_in_the_basket() -> None:
    fair = a_fair()
    capped(fair)
    line = queries.quote(SYSTEM, county=fair.county, lines=[(fair.stall.offer, 4)]).lines[0]
    assert (line.trouble, line.left) == (Trouble.BUYER_CAP, 3)
    with pytest.raises(Invalid) as refused:
        place(fair, packs=4)
    assert left(refused.value) == [(4, 3)]


@pytest.mark.django_db
def test_what_was_called_off_or_not_paid_in_time_is_given_back() -> None:
    fair = a_fair()
    capped(fair)
    first = place(fair, packs=2)
    second = place(fair, packs=1, gateway="sandbox")
    actions.cancel(SYSTEM, order_id=first.order, reason="样例")
    with pytest.raises(Invalid):
        place(fair, packs=3)
    with at(now() + timedelta(hours=1)):
        assert actions.expire_unpaid(SYSTEM) == 1
        assert queries.order(SYSTEM, order_id=second.order).state == "cancelled"
        place(fair, packs=3)


@pytest.mark.django_db
@pytest.mark.parametrize(("meanwhile", "state"), [(3, "cancelled"), (2, "paid")])
def test_money_that_comes_late_goes_back_where_the_buyer_has_had_enough_since(
    meanwhile: int, state: str
) -> None:
    fair = a_fair()
    capped(fair)
    late = place(fair, gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        assert actions.expire_unpaid(SYSTEM) == 1
        place(fair, packs=meanwhile)
        paid(late)
    assert queries.order(SYSTEM, order_id=late.order).state == state


@pytest.mark.django_db
def test_the_same_form_sent_again_is_answered_as_the_first_time() -> None:
    fair = a_fair()
    capped(fair)
    order = uuid7()
    first = place(fair, packs=3, order_id=order)
    assert place(fair, packs=3, order_id=order) == first


@pytest.mark.django_db
def test_each_time_it_opens_counts_anew() -> None:
    fair = a_fair()
    capped(fair)
    place(fair, packs=3)
    with at(now() + timedelta(days=7)):
        capped(fair, opens_at=now())
        place(fair, packs=3)
        with pytest.raises(Invalid):
            place(fair)


@pytest.mark.django_db
def test_an_order_without_caps_asks_for_nothing_more_and_one_with_them_neither() -> None:
    fair = a_fair()
    counted = []
    for most in (None, 3):
        capped(fair, most)
        with CaptureQueriesContext(connection) as ran:
            place(fair)
        counted.append(len([q for q in ran if "SAVEPOINT" not in q["sql"]]))
    assert counted == [2, 2]


@pytest.mark.django_db
@pytest.mark.parametrize("most", [0, -1, 10_000])
def test_a_cap_that_cannot_be_is_told_at_its_field(most: int) -> None:
    with pytest.raises(Invalid) as refused:
        capped(a_fair(), most)
    assert refused.value.field == "most_per_buyer"


@pytest.mark.django_db(transaction=True)
def test_a_buyer_who_orders_many_times_at_once_gets_no_more_than_the_cap() -> None:
    fair = a_fair()
    capped(fair)

    def buy(phone: str) -> str:
        try:
            place(fair, contact=Contact("样例", phone, ""), gateway="sandbox")
        except Invalid:
            return "refused"
        return phone

    phones = ["19900001111", "19900002222"]
    outcomes = all_at_once([partial(buy, phones[number % 2]) for number in range(16)])
    assert outcomes == Counter({phones[0]: 3, phones[1]: 3, "refused": 10})
