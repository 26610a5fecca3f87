"""The year at the fair: its months, its links, what is ordered before the harvest, in few statements."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.clock import today
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE, a_household
from countyfair.surfaces.shop.tests.buying import text_of
from countyfair.trade.catalog.actions.counting import count_shelves
from countyfair.trade.catalog.tests import factories
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest

pytestmark = pytest.mark.django_db
ADDRESS = f"/season/?place={COUNTY}"


def english(client: Client, address: str) -> str:
    return text_of(client.get(address, headers={"accept-language": "en"}))


def a_ripe_one(*months: int, category: str = "fruit") -> str:
    product = factories.a_product(said=factories.facts(category=category, season_months=months))
    factories.an_offer(pack=factories.a_pack(product=product))
    return str(product)


def leaves(page: str) -> dict[int, str]:
    """The months of the page by number, in the order in which they stand."""
    parts = re.split(r'id="month-(\d+)">', page)[1:]
    return {int(number): leaf for number, leaf in zip(parts[::2], parts[1::2], strict=True)}


def test_the_year_begins_this_month_and_names_what_is_ripe_in_each() -> None:
    client, this = Client(), today().month
    following = this % 12 + 1
    product = a_ripe_one(this)
    other = a_ripe_one(following, category="tea")
    count_shelves(SYSTEM, counties=[COUNTY])
    page = english(client, ADDRESS)
    found = leaves(page)
    assert list(found) == [(this - 1 + step) % 12 + 1 for step in range(12)]
    assert f"/goods/{product}/" in found[this]
    assert f"/goods/{other}/" not in found[this]
    assert f"/goods/{other}/" in found[following]
    assert ">now<" in found[this].replace("</svg>", ">")
    link = re.search(r'href="(/goods/\?[^"]*category=fruit[^"]*)"', found[this])
    assert link
    assert product in english(client, unescape(link[1]))


def test_the_year_is_narrowed_by_row_and_each_choice_leads_back() -> None:
    client, this = Client(), today().month
    product, other = a_ripe_one(this), a_ripe_one(this, category="tea")
    count_shelves(SYSTEM, counties=[COUNTY])
    page = english(client, f"{ADDRESS}&category=tea")
    assert other in page
    assert product not in page
    assert f'href="?place={COUNTY}" aria-current="true"' in page


def test_a_harvest_that_is_sold_ahead_stands_above_the_months() -> None:
    product = factories.a_product()
    a_cycle([a_harvest(a_household(), product)], factories.a_pack(product=product))
    page = english(Client(), ADDRESS)
    assert "Order before the harvest" in page
    assert f"/goods/{product}/" in page.split("Order before the harvest")[1].split("Twelve months")[0]


def test_an_empty_fair_has_a_year_too() -> None:
    assert Client().get("/season/").status_code == 200
    assert Client().get("/season/?place=000000&category=nonsense&month=99").status_code == 200


def test_the_year_costs_few_statements_and_is_led_to() -> None:
    client = Client()
    for month in range(1, 13):
        a_ripe_one(month)
    count_shelves(SYSTEM, counties=[COUNTY])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/season/?place={VILLAGE[:9]}").status_code == 200
    assert len(asked) <= 4, [one["sql"][:80] for one in asked]
    assert f'href="{ADDRESS}"' in english(client, "/")
    assert f"{ADDRESS}</loc>" in client.get("/sitemap/fair.xml").content.decode()
