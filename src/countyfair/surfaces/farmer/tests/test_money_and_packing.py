"""What a household makes ready, and what it was paid and why: only its own, to the fen and the gram."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM, a_household, a_user, an_actor
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries.of_household import boxes
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import pay
from countyfair.trade.settlement.queries.sales import sales
from countyfair.trade.settlement.tests.factories import a_completed_order, a_refund

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(db: None) -> Fair:
    return a_fair()


def user_of(household: UUID) -> UUID:
    """A phone of the household's own."""
    user = a_user()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_household SET user_id = %s WHERE id = %s", [user, household])
    return user


def whose(household: UUID) -> people.HouseholdRow:
    return people.household(SYSTEM, household_id=household)


def test_a_household_sees_only_what_its_own_lots_fill(fair: Fair) -> None:
    placed = place(fair, packs=2)
    assert [boxes(SYSTEM, whose(one)) for one in fair.households] == [[], []], "not paid yet"
    pay(fair, placed)
    drawn = scalar("SELECT sum(lot_amount) FROM orders_share WHERE beneficiary = 'household'")
    found = [box for one in fair.households for box in boxes(SYSTEM, whose(one))]
    assert sum(box.amount for box in found) == drawn
    assert boxes(SYSTEM, whose(a_household())) == []


def test_a_tick_stands_until_it_is_taken_back_and_is_nobody_elses_to_make(fair: Fair) -> None:
    placed = place(fair, packs=2)
    pay(fair, placed)
    household = fair.households[0]
    client, link = client_of(user_of(household)), reverse("farmer:pack", args=[household])
    line = boxes(SYSTEM, whose(household))[0].line
    for _again in range(2):
        client.post(link, {"line": line, "ready": "1"})
    assert boxes(SYSTEM, whose(household))[0].ready
    assert scalar("SELECT count(*) FROM orders_tick") == 1
    client.post(link, {"line": line, "ready": "0"})
    assert not boxes(SYSTEM, whose(household))[0].ready
    for stranger in (an_actor(), an_actor("auditor")):
        with pytest.raises(Forbidden):
            actions.tick_box(stranger, household=household, line=line, ready=True)
    with pytest.raises(Missing):
        actions.tick_box(SYSTEM, household=a_household(), line=line, ready=True)
    with pytest.raises(Missing):
        actions.tick_box(SYSTEM, household=household, line=uuid7(), ready=True)
    assert scalar("SELECT count(*) FROM orders_tick") == 0


def test_what_was_packed_is_not_asked_for_any_more(fair: Fair) -> None:
    placed = place(fair)
    pay(fair, placed)
    actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600)
    assert all(boxes(SYSTEM, whose(one)) == [] for one in fair.households)


def test_everybodys_parts_of_a_sale_sum_to_what_the_buyer_paid(fair: Fair) -> None:
    order = a_completed_order(fair, packs=2)
    a_refund(order, 1000)
    paid = scalar("SELECT sum(amount_fen) FROM orders_line")
    total = 0
    since = now().replace(year=2000)
    for household in fair.households:
        for sale in sales(SYSTEM, whose(household), since=since):
            assert sale.gross_fen == paid
            assert sum(fen for _who, fen in sale.parts) == paid
            assert dict(sale.parts)["mine"] == sale.mine_fen
            total += sale.mine_fen
    assert total == scalar(
        "SELECT sum(amount_fen) FROM settlement_earning WHERE beneficiary = 'household' AND what = 'sale'"
    )


def test_the_page_says_what_came_and_why_and_adds_up(
    fair: Fair, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_completed_order(fair, packs=2)
    household = next(
        one for one in fair.households if sales(SYSTEM, whose(one), since=now().replace(year=2000))
    )
    client = client_of(user_of(household))
    with django_assert_max_num_queries(6):
        body = client.get(reverse("farmer:money", args=[household]), headers={"accept-language": "zh-hans"})
    text = body.content.decode()
    assert "账上也是这么多" in text
    assert "您得到" in text
    stranger = client_of(a_user())
    assert stranger.get(reverse("farmer:money", args=[household])).status_code == 403
