"""Narrowing lists and searches: what is left is what bears all of it, and the counts add up to it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import clock
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.rows import Columns, rows, scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.actions.listing import list_products
from countyfair.trade.catalog.queries.facets import BrandCounted, Counts
from countyfair.trade.catalog.queries.searching import COUNTED, counted_search
from countyfair.trade.catalog.rules.facets import BANDS, BORNE_GRADES, EDGES, band_of
from countyfair.trade.catalog.tests import factories
from countyfair.trade.catalog.tests.test_searching import BOUND, many, read_by

TOWNSHIPS = ("450225101", "450225102", "450225103")
VILLAGE = "450225101201"
BRANDS = (uuid7(), uuid7())
NARROWINGS: tuple[dict[str, Any], ...] = (
    {},
    {"place": TOWNSHIPS[0]},
    {"place": VILLAGE},
    {"month": 3},
    {"band": 1},
    {"band": 5},
    {"category": "tea"},
    {"place": TOWNSHIPS[1], "month": 7},
    {"month": 11, "band": 3},
    {"category": "grain", "place": TOWNSHIPS[0], "month": 4, "band": 4},
    {"category": "tea", "place": TOWNSHIPS[2], "band": 2},
    {"certified": "organic"},
    {"certified": "origin", "place": TOWNSHIPS[0], "month": 3},
    {"certified": "organic", "category": "tea", "band": 3},
    {"certified": "green"},
    {"brand": BRANDS[0]},
    {"brand": BRANDS[1], "month": 5},
    {"grade": "special"},
    {"grade": "second", "category": "grain"},
    {"certified": "organic", "brand": BRANDS[0], "grade": "first", "place": TOWNSHIPS[1]},
    {"brand": uuid7()},
)


def a_mixed_shelf(products: int) -> None:
    """Goods of three townships, two rows, every season and every price, so many of each row."""
    chance = Random(5)
    names = [chance.choice(("样例黑糯米", "样例香米", "样例红茶")) for _number in range(products)]
    keys = many(names, category="grain") + many(names, category="tea")
    for key in keys:
        place = chance.choice((*TOWNSHIPS, VILLAGE))
        months = [] if chance.random() < 0.3 else sorted(chance.sample(range(1, 13), 3))
        for kind in ("organic", "origin"):
            if chance.random() < 0.3:
                factories.a_certificate(key, kind=kind)
        _set(key, place, months, chance.choice((300, 490, 500, 1499, 1500, 2900, 3000, 5999, 6000, 9000)))
    _brand(keys[0], keys[-1])
    with connection.cursor() as cursor:
        for key in keys:
            bears = chance.choice((*BRANDS, None)), chance.choice(("", "special", "first", "third", "off"))
            cursor.execute(_BEAR, [*bears, key])
    list_products(keys)
    actions.count_shelves(SYSTEM, counties=[COUNTY])


def _brand(one: UUID, other: UUID) -> None:
    """Two brands: the first may be borne by the shops of both products, the second by that of one."""
    standard = factories.a_standard(category="grain")
    for number, brand in enumerate(BRANDS):
        actions.set_brand(
            SYSTEM, brand=brand, county=COUNTY, name_zh=f"样例品牌{number}", holder="样例协会",
            standard=standard, least="first",
        )  # fmt: skip
        for product in (one, other)[number:]:
            shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [product])
            factories.a_licence(brand=brand, shop=UUID(str(shop)), number=str(product))


def _set(product: UUID, place: str, months: list[int], price_fen: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_product SET place = %s, season_months = %s::smallint[], unit = %s WHERE id = %s",
            [place, months, "piece" if price_fen == 300 else "g", product],
        )
        cursor.execute("UPDATE catalog_offer SET price_fen = %s WHERE product_id = %s", [price_fen, product])


def looked_through(**wanted: Any) -> list[Any]:
    """What is left, by a look at every product: columns of `_ALL`."""
    return [
        row
        for row in rows(_ALL, [COUNTY], into=Columns)
        if wanted.get("category", row[1]) == row[1]
        and row[2].startswith(wanted.get("place", ""))
        and wanted.get("month", 0) in (0, *(row[3] or range(1, 13)))
        and wanted.get("band", row[4]) == row[4]
        and wanted.get("certified", "") in ("", *row[5])
        and wanted.get("brand", row[6]) == row[6]
        and wanted.get("grade", "") in ("", *_grades(row[7]))
    ]


def _grades(least: str) -> list[str]:
    """The grades that all of an offer is of, or better, when it is `least` at least."""
    keys = list(BORNE_GRADES)
    return keys[keys.index(least) :] if least in keys else []


def counted(left: list[Any]) -> Counts:
    """The counts of what is left."""
    found = Counts(len(left))
    brands: dict[UUID, int] = {}
    for _key, category, place, months, band, certificates, brand, grade in left:
        _one_more(found.categories, category)
        _one_more(found.townships, place[:9])
        for month in months or range(1, 13):
            _one_more(found.months, month)
        if band:
            _one_more(found.bands, band)
        for kind in certificates:
            _one_more(found.certificates, kind)
        for each in _grades(grade):
            _one_more(found.grades, each)
        if brand:
            _one_more(brands, brand)
    for brand, goods in brands.items():
        found.brands[brand] = BrandCounted(f"样例品牌{BRANDS.index(brand)}", "", goods)
    return found


def _one_more(counts: dict[Any, int], value: Any) -> None:
    counts[value] = counts.get(value, 0) + 1


@pytest.mark.django_db
@pytest.mark.parametrize("narrowed", NARROWINGS)
def test_a_narrowed_list_holds_what_bears_all_of_it_and_its_counts_add_up(narrowed: dict[str, Any]) -> None:
    a_mixed_shelf(60)
    left = looked_through(**narrowed)
    keys = [row[0] for row in left]

    for few in (False, True):
        cards = queries.shelf(county=COUNTY, limit=200, few=few, **narrowed)
        assert {card.product for card in cards} == set(keys)
        page = queries.shelf(county=COUNTY, limit=5, few=few, **narrowed)
        assert [card.product for card in page] == [card.product for card in cards[:5]]
    if narrowed.get("place") != VILLAGE:
        assert queries.shelf_counts(county=COUNTY, **narrowed) == counted(left)


@pytest.mark.django_db
@pytest.mark.parametrize("narrowed", NARROWINGS)
def test_a_narrowed_search_finds_what_matches_and_bears_all_of_it(narrowed: dict[str, Any]) -> None:
    a_mixed_shelf(60)
    matching = {card.product for card in queries.search(county=COUNTY, text="糯米", limit=1000)}
    left = [row for row in looked_through(**narrowed) if row[0] in matching]

    found = counted_search(county=COUNTY, text="糯米", limit=48, **narrowed)
    assert {card.product for card in found.cards} <= {row[0] for row in left}
    assert len(found.cards) == min(48, len(left))
    assert found.counts == counted(left)
    plain = queries.search(county=COUNTY, text="糯米", **narrowed)
    assert [card.product for card in found.cards] == [card.product for card in plain]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_narrowed_search_of_a_long_shelf_counts_the_first_and_reads_no_more_than_it_needs() -> None:
    a_mixed_shelf(1_500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
    for text in ("米", "红茶", "样例", "x"):
        for narrowed in ({"month": 4}, {"band": 3}, {"place": TOWNSHIPS[0]}, {"place": VILLAGE, "band": 5}):
            assert read_by(text, **narrowed) <= BOUND, (text, narrowed)
    found = counted_search(county=COUNTY, text="样例")
    assert found.counts.total == COUNTED
    assert found.counts.at_least
    assert len(found.cards) == 48


@pytest.mark.django_db
def test_the_database_s_bands_are_the_rules_bands() -> None:
    prices = [1, *(edge + step for edge in EDGES for step in (-1, 0, 1)), 10**9]
    found = rows("SELECT catalog_band(p) FROM unnest(%s::bigint[]) AS p", [prices], into=Columns)
    assert [row[0] for row in found] == [band_of(price) for price in prices]
    assert {band_of(price) for price in prices} == set(BANDS)


@pytest.mark.django_db(transaction=True)
def test_a_changed_price_moves_goods_to_another_band_and_counts_follow() -> None:
    pack = factories.a_pack()
    offer = factories.an_offer(pack=pack, price_fen=400)
    row = queries.shelf(county=COUNTY)[0]
    deliver_everything()
    before = queries.shelf_counts(county=COUNTY)
    was = band_of(row.price_fen * 1000 // row.content_amount)
    assert before.bands == {was: 1}

    actions.change_offer(SYSTEM, offer=offer, version=row.version, price=Money(40_000))
    assert queries.shelf(county=COUNTY, band=max(BANDS), few=True)
    assert queries.shelf(county=COUNTY, band=was) == []
    deliver_everything()
    assert queries.shelf_counts(county=COUNTY).bands == {max(BANDS): 1}

    actions.take_down(SYSTEM, offer=offer)
    deliver_everything()
    assert queries.shelf_counts(county=COUNTY) == Counts()


@pytest.mark.django_db(transaction=True)
def test_a_search_that_is_read_anew_is_narrowed_too() -> None:
    product = factories.a_product(said=factories.facts(name_zh="黑糯米", category="grain"))
    factories.an_offer(pack=factories.a_pack(product=product))
    deliver_everything()
    assert queries.find(county=COUNTY, text="heinoumi", category="grain").counts.categories == {"grain": 1}
    assert not queries.find(county=COUNTY, text="heinoumi", category="tea").cards


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "糯米"])
def test_what_is_certified_no_longer_is_not_found_by_it_from_midnight_on(text: str) -> None:
    product = factories.a_product(said=factories.facts(name_zh="黑糯米", category="grain"))
    factories.an_offer(pack=factories.a_pack(product=product))
    factories.a_certificate(product, until=clock.today())
    actions.count_shelves(SYSTEM, counties=[COUNTY])

    def found() -> list[UUID]:
        if text:
            return [
                card.product for card in counted_search(county=COUNTY, text=text, certified="organic").cards
            ]
        return [card.product for card in queries.shelf(county=COUNTY, certified="organic")]

    assert found() == [product]
    assert queries.shelf_counts(county=COUNTY).certificates == {"organic": 1}
    midnight = clock.now().astimezone(clock.COUNTY_ZONE).replace(hour=0, minute=0, second=0)
    with clock.at(midnight + timedelta(days=1)):
        assert found() == []
        actions.turn_days(SYSTEM)
        assert queries.shelf_counts(county=COUNTY).certificates == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["", "糯米"])
def test_what_begins_or_ends_is_counted_when_it_is_heard_of(text: str) -> None:
    product = factories.a_product(said=factories.facts(name_zh="黑糯米", category="grain"))
    offer = factories.an_offer(pack=factories.a_pack(product=product))
    brand, licence = factories.licensed(product, standard=factories.a_standard(product=product))
    actions.bear_mark(SYSTEM, offer=offer, brand=brand)
    tomorrow = clock.today() + timedelta(days=1)
    certificate = factories.a_certificate(product, since=tomorrow)

    def left() -> tuple[int, int]:
        """Goods left when narrowed to the brand, and to the certificate."""
        deliver_everything()
        if text:
            counts = counted_search(county=COUNTY, text=text).counts
        else:
            counts = queries.shelf_counts(county=COUNTY)
        return sum(one.products for one in counts.brands.values()), counts.certificates.get("organic", 0)

    assert left() == (1, 0)
    with clock.at(clock.now() + timedelta(days=1)):
        actions.turn_days(SYSTEM)
        assert left() == (1, 1)
        actions.withdraw_licence(SYSTEM, licence=licence, reason="样例")
        assert not queries.shelf(county=COUNTY, brand=brand)
        assert left() == (0, 1)
        actions.withdraw_certificate(SYSTEM, certificate=certificate)
        assert left() == (0, 0)


@pytest.mark.django_db
def test_nothing_asked_for_counts_nothing() -> None:
    factories.an_offer(pack=factories.a_pack(product=factories.a_product()))
    assert counted_search(county=COUNTY, text="!").counts == Counts()


_BEAR = "UPDATE catalog_offer SET brand_id = %s, least_grade = %s WHERE product_id = %s"
_ALL = """
SELECT id, category, place, season_months, coalesce(catalog_band(kilo_fen), 0),
       ARRAY(SELECT c.kind::text FROM catalog_certificate c WHERE c.product_id = d.id),
       (SELECT o.brand_id FROM catalog_offer o
         WHERE o.product_id = d.id AND EXISTS (SELECT 1 FROM catalog_brandlicence c
                                                WHERE c.brand_id = o.brand_id AND c.shop_id = d.shop_id)),
       (SELECT o.least_grade FROM catalog_offer o WHERE o.product_id = d.id)
  FROM catalog_product d WHERE county = %s AND listed_at IS NOT NULL
"""
