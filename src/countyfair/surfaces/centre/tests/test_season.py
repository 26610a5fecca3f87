"""The season calendar of the desk: announced harvests, pre-orders, offers, month by month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.registers.people.tests.factories import SYSTEM, a_household
from countyfair.surfaces.centre.tests.conftest import County, body
from countyfair.surfaces.centre.views.season import moved
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.tests import factories
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest

pytestmark = pytest.mark.django_db


def test_a_month_tells_harvests_of_several_households_at_once_and_what_opens_and_closes(
    county: County,
) -> None:
    product = factories.a_product(said=factories.facts(name_en="Sample pomelo"))
    for jin in (3, 5):
        a_harvest(a_household(), product, jin=jin)
    ahead = factories.a_product(said=factories.facts(name_en="Sample bamboo shoots"))
    a_cycle([a_harvest(a_household(), ahead)], factories.a_pack(product=ahead))
    later = factories.a_pack(product=factories.a_product(said=factories.facts(name_en="Sample spring tea")))
    moment = now() + timedelta(days=40)
    catalog.put_up(SYSTEM, offer=uuid7(), pack=later, price=Money(900), opens_at=moment)

    browser = signed_in("centre_staff")
    browser.cookies["lang"] = "en"
    page = body(browser.get(county.at("season/"))).decode()
    row = page.split("Sample pomelo")[1].split("</tr>")[0]
    assert "4 kg" in row.replace("\u00a0", " ")
    assert ">2<" in row
    assert page.count("Sample bamboo shoots") == 3  # its harvest, its opening, its close
    assert "Pre-order closes" in page
    assert "Offer opens" in page.split("Sample spring tea")[0].rsplit("<tr>", 1)[1]


def test_the_calendar_begins_where_the_address_says_and_goes_on(county: County) -> None:
    browser = signed_in("auditor")
    following = moved(today().replace(day=1), 12)
    a_harvest(a_household(), factories.a_product(said=factories.facts(name_zh="样例笋")))
    assert "样例笋" in body(browser.get(county.at("season/"))).decode()
    assert "样例笋" not in body(browser.get(county.at(f"season/?from={following:%Y-%m}"))).decode()
    for nonsense in ("2026-13", "x", "0001-01", "9999-12", "²"):
        assert browser.get(county.at(f"season/?from={nonsense}")).status_code == 422
