"""The year of a shelf: what is ripe when, by row and township, and what is sold before it is there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.actions.counting import count_shelves
from countyfair.trade.catalog.queries import season
from countyfair.trade.catalog.tests import factories

pytestmark = pytest.mark.django_db


def ripe(name_zh: str, *months: int, category: str = "fruit", place: str = VILLAGE) -> UUID:
    """A product on the shelf that is ripe in these months."""
    said = factories.facts(name_zh=name_zh, category=category, season_months=months, place=place)
    product = factories.a_product(said=said)
    factories.an_offer(pack=factories.a_pack(product=product))
    return product


def in_month(year: season.Year, month: int) -> list[str]:
    return [one.name_zh for one in year.months[month - 1].goods]


def test_a_month_names_what_is_ripe_in_it_and_nothing_that_is_there_all_year() -> None:
    ripe("沙田柚", 10, 11)
    ripe("春茶", 3, 4, category="tea")
    ripe("腊肉", category="meat")
    ripe("米酒", *range(1, 13), category="drink")
    count_shelves(SYSTEM, counties=[COUNTY])
    year = season.year(county=COUNTY)
    assert in_month(year, 10) == in_month(year, 11) == ["沙田柚"]
    assert in_month(year, 3) == ["春茶"]
    assert in_month(year, 7) == []
    assert year.months[9].categories == {"fruit": 1}
    assert year.categories == {"fruit": 1, "tea": 1}
    assert year.townships == {VILLAGE[:9]: 2}


def test_a_name_stands_once_in_a_month_whoever_grows_it() -> None:
    ripe("沙田柚", 10)
    newest = ripe("沙田柚", 10)
    count_shelves(SYSTEM, counties=[COUNTY])
    october = season.year(county=COUNTY).months[9]
    assert [one.product for one in october.goods] == [newest]
    assert october.products == 2


def test_a_year_is_narrowed_by_row_and_township_and_each_counts_within_the_other() -> None:
    elsewhere = VILLAGE[:6] + "999"
    ripe("沙田柚", 10)
    ripe("红茶", 10, category="tea", place=elsewhere)
    count_shelves(SYSTEM, counties=[COUNTY])
    tea = season.year(county=COUNTY, category="tea")
    assert in_month(tea, 10) == ["红茶"]
    assert tea.categories == {"fruit": 1, "tea": 1}
    assert tea.townships == {elsewhere: 1}
    there = season.year(county=COUNTY, township=elsewhere)
    assert in_month(there, 10) == ["红茶"]
    assert there.categories == {"tea": 1}


def test_packs_that_open_later_are_told_until_they_are_open_and_never_once_closed() -> None:
    def put_up(opens: int | None, closes: int | None) -> UUID:
        moment = now()
        return actions.put_up(
            SYSTEM, offer=uuid7(), pack=factories.a_pack(), price=Money(1000),
            opens_at=moment + timedelta(days=opens) if opens is not None else None,
            closes_at=moment + timedelta(days=closes) if closes is not None else None,
        ).product_id  # fmt: skip

    later, sooner = put_up(5, 9), put_up(2, None)
    put_up(None, 3)
    assert [one.product for one in season.ahead(county=COUNTY)] == [sooner, later]
    assert [one.product for one in season.ahead(county=COUNTY, moment=now() + timedelta(days=3))] == [later]
    assert season.ahead(county=COUNTY, moment=now() + timedelta(days=10)) == []
    assert season.ahead(county=COUNTY, category="tea") == []
