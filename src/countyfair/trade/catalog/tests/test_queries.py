"""What buyers find on the shelf and by searching, and in how many statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel.clock import at, now
from countyfair.kernel.money import Money
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.rules import CATEGORIES, category_called, in_season, season_of
from countyfair.trade.catalog.rules.cutting import LONGEST_QUERY
from countyfair.trade.catalog.rules.searching import search_query
from countyfair.trade.catalog.tests import factories


def on_the_shelf(name_zh: str, *, shop: UUID, **said: Any) -> UUID:
    product = factories.a_product(
        shop=shop,
        said=factories.facts(name_zh=name_zh, **said),
    )
    factories.an_offer(pack=factories.a_pack(product=product))
    return product


@pytest.mark.django_db(transaction=True)
def test_the_shelf_shows_the_newest_first_page_by_page_without_gap_or_repeat() -> None:
    shop = factories.a_shop()
    products = []
    for minute in range(7):
        with at(datetime(2026, 11, 1, 8, minute // 2, tzinfo=UTC)):
            products.append(on_the_shelf(f"样例{minute}", shop=shop))

    seen: list[UUID] = []
    page = queries.shelf(county=COUNTY, limit=3)
    while page:
        seen += [card.product for card in page]
        page = queries.shelf(county=COUNTY, limit=3, before=page[-1].cursor)

    assert sorted(seen) == sorted(products)
    assert seen[0] == products[6]
    assert queries.shelf(county=OTHER_COUNTY) == []


@pytest.mark.django_db(transaction=True)
def test_the_shelf_is_narrowed_by_category_season_place_and_shop() -> None:
    shop, other = factories.a_shop(), factories.a_shop()
    rice = on_the_shelf("黑糯米", shop=shop, season_months=(9, 10), place="450225100200")
    tea = on_the_shelf("红茶", shop=shop, category="tea", place="450225204201")
    beef = on_the_shelf("牛肉", shop=other, category="meat", season_months=(1,), place="450225")

    def shown(**narrowed: Any) -> set[UUID]:
        return {card.product for card in queries.shelf(county=COUNTY, **narrowed)}

    assert shown() == {rice, tea, beef}
    assert shown(category="tea") == {tea}
    assert shown(month=10) == {rice, tea}
    assert shown(place="450225204") == {tea}
    assert shown(place="450225") == {rice, tea, beef}
    assert shown(shop=other) == {beef}
    found = queries.facets(county=COUNTY)
    assert set(found.categories) == {"grain", "tea", "meat"}
    assert set(found.townships) == {"450225100", "450225204"}


@pytest.mark.django_db(transaction=True)
def test_a_card_shows_the_cheapest_open_offer_and_how_many_there_are() -> None:
    product = factories.a_product()
    for price in (3000, 1000, 2000):
        offer = factories.an_offer(pack=factories.a_pack(product=product), price_fen=price)
    actions.change_offer(
        SYSTEM,
        offer=offer,
        version=1,
        price=Money(500),
        closes_at=now() - timedelta(minutes=1),
        opens_at=now() - timedelta(hours=1),
    )

    (card,) = queries.shelf(county=COUNTY)

    assert (card.price_fen, card.offer_count) == (1000, 2)
    assert [one.price_fen for one in queries.product_page(product=product).offers] == [1000, 3000]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "text",
    [
        "黑糯米",
        "糯米",
        "黑",
        "heinuomi",
        "HeiNuo",
        "nuomi",
        "hnm",
        "nm",
        "sticky",
        "Black Sticky",
        "stick",
        "黑糯 rice",
        "粮油",
        "ｈｅｉｎｕｏ",
        "样例摊位",
    ],
)
def test_a_product_is_found_as_people_type_it(text: str) -> None:
    shop = factories.a_shop(name_zh="样例摊位")
    rice = on_the_shelf("黑糯米", shop=shop)
    on_the_shelf("高山红茶", shop=factories.a_shop(name_zh="别家"), category="tea", name_en="Tea")

    assert [card.product for card in queries.search(county=COUNTY, text=text)] == [rice]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "text", ["", "  ", "牛肉", "' | !(", "黑糯米'); DROP TABLE x; --", "&&&", "\\", ":*", "😀"]
)
def test_nothing_is_found_by_what_nothing_is_called_and_no_text_breaks_it(text: str) -> None:
    on_the_shelf("黑糯米", shop=factories.a_shop())

    assert queries.search(county=COUNTY, text=text) == []


@pytest.mark.django_db(transaction=True)
def test_the_exact_name_comes_before_a_longer_one() -> None:
    shop = factories.a_shop()
    longer = on_the_shelf("有机黑糯米酒", shop=shop)
    exact = on_the_shelf("黑糯米", shop=shop)
    with at(now() + timedelta(hours=1)):
        on_the_shelf("黑糯米粽子", shop=shop)

    found = [card.product for card in queries.search(county=COUNTY, text="黑糯米")]

    assert found[0] == exact
    assert longer in found


@pytest.mark.django_db(transaction=True)
def test_each_page_of_the_shop_is_one_statement_whatever_it_shows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    shop = factories.a_shop()
    products = [on_the_shelf(f"样例{n}", shop=shop) for n in range(5)]

    with django_assert_num_queries(1):
        assert len(queries.shelf(county=COUNTY)) == 5
    with django_assert_num_queries(1):
        assert len(queries.search(county=COUNTY, text="样例")) == 5
    with django_assert_num_queries(1):
        queries.product_page(product=products[0])
    with django_assert_num_queries(1):
        queries.facets(county=COUNTY)


def test_a_query_is_cut_off_where_nobody_reads_on() -> None:
    assert len(search_query("黑糯米" * 1000)) < LONGEST_QUERY * 8


def test_categories_are_known_by_their_words_and_seasons_by_their_months() -> None:
    assert category_called("香菇") is CATEGORIES["mushroom"]
    assert category_called(" Tea ") is CATEGORIES["tea"]
    assert category_called("武器") is None
    assert [season_of(month).key for month in (2, 3, 8, 11)] == ["winter", "spring", "summer", "autumn"]
    assert in_season((), 5)
    assert not in_season((9,), 5)
