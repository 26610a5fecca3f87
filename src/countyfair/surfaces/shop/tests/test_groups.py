"""A group by its link, without scripts: seen, joined, shared, full; and one that falls through."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.clock import at, now
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.shop.tests.buying import form, found, ordered, text_of
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.tests.factories import a_group

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_a_group_is_seen_and_joined_at_its_price_and_its_link_is_there_to_share(
    client: Client, fair: Fair
) -> None:
    group = a_group(fair.stall.offer, needed=3)
    with CaptureQueriesContext(connection) as said:
        page = text_of(client.get(f"/groups/{group}/", headers=ENGLISH))
    assert len(said) == 1
    assert "0 of 3" in page
    assert "¥19.80" in re.sub(r"<[^>]*>", "", page)
    assert f'/groups/{group}/"' in page
    checkout = text_of(client.get(f"/groups/{group}/join/"))
    assert found(checkout, "expected") == "1980"
    assert 'name="coupon"' not in checkout
    answer = client.post(f"/groups/{group}/join/", form(fair, checkout))
    assert answer.status_code == 302, text_of(answer)
    assert scalar("SELECT total_fen FROM orders_order") == 1980
    assert "1 of 3" in text_of(client.get(f"/groups/{group}/", headers=ENGLISH))
    assert "Sample group took off" in text_of(client.get(ordered(answer), headers=ENGLISH))


def test_nobody_joins_twice_nor_a_full_group_nor_one_that_fell_through(client: Client, fair: Fair) -> None:
    group = a_group(fair.stall.offer)
    checkout = text_of(client.get(f"/groups/{group}/join/"))
    assert client.post(f"/groups/{group}/join/", form(fair, checkout)).status_code == 302
    again = client.post(f"/groups/{group}/join/", form(fair, found_none(checkout)), headers=ENGLISH)
    assert again.status_code == 422
    assert "You have a place in this group already." in text_of(again)
    other = form(fair, found_none(checkout), phone="19900001111")
    assert client.post(f"/groups/{group}/join/", other).status_code == 302
    assert client.get(f"/groups/{group}/join/")["Location"] == f"/groups/{group}/"
    assert "All places are taken" in text_of(client.get(f"/groups/{group}/", headers=ENGLISH))
    with at(now() + timedelta(days=3)):
        assert promotions.close_groups(SYSTEM) == 1
        assert "fell through" in text_of(client.get(f"/groups/{group}/", headers=ENGLISH))


def found_none(page: str) -> str:
    """The same page with a form of another id, as somebody opens it anew."""
    return page.replace('name="once"', 'name="before"')


def test_a_group_that_is_none_is_not_there(client: Client, fair: Fair) -> None:
    assert client.get("/groups/00000000-0000-7000-8000-000000000000/").status_code == 404
