"""A search finds the same as a look at every product would, and reads a bounded number of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.refusal import Invalid
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.models import Word
from countyfair.trade.catalog.queries import managing
from countyfair.trade.catalog.rules.searching import search_names, search_query, search_terms
from countyfair.trade.catalog.tests import factories

MOMENT = datetime(2026, 11, 1, 8, tzinfo=UTC)
#: Rows of the catalogue that one search may read, index entries of the shelf included.
BOUND = 2_800
#: The shelf is read in stretches of powers of two: how many depends on where its numbers stand among them.
STRETCH = 8_192


def many(names: Sequence[str], *, beside: Sequence[str] = ("粮油",), category: str = "grain") -> list[UUID]:
    """Products on the county's shelf, newer than those before."""
    shop, keys = factories.a_shop(), [uuid7() for _name in names]
    with transaction.atomic(), connection.cursor() as cursor:
        codes = [f"M{key.hex[-12:]}" for key in keys]
        terms = [
            search_terms(name_zh=name, name_en="", code=code, others=beside)
            for name, code in zip(names, codes, strict=True)
        ]
        cursor.execute(_PRODUCTS, [shop, COUNTY, category, COUNTY, MOMENT, keys, codes, list(names), terms])
        cursor.execute(_OFFERS, [COUNTY, MOMENT, keys])
        cursor.execute("SELECT catalog_list(%s::uuid[])", [keys])
    return keys


def as_looked_through(text: str, *, category: str = "", limit: int = 48) -> list[UUID]:
    """What a search should find, by way of every product."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ALL, [COUNTY, search_query(text), category, category, text.strip(), search_names(text), limit]
        )
        return [row[0] for row in cursor.fetchall()]


def found(text: str, **said: Any) -> list[UUID]:
    return [card.product for card in queries.search(county=COUNTY, text=text, **said)]


def read_by(text: str, **said: object) -> int:
    """Rows and index entries of the products' table that a search reads."""
    with transaction.atomic():
        before = _read_so_far()
        found(text, **said)
        return _read_so_far() - before


def _read_so_far() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_search_finds_what_a_look_at_every_product_would_in_the_same_order() -> None:
    chance = Random(7)
    many(["老寨红茶"] * 3 + ["古树红茶饼"] * 300, beside=["茶叶", "红岩镇"], category="tea")
    names = [
        chance.choice(("山里", "河边", "云上")) + chance.choice(("黑糯米", "香米", "辣椒酱"))
        for _number in range(900)
    ]
    keys = many(names, beside=["粮油", "红岩镇"])
    many(["糯米酒"] * 5, beside=["酒水饮料", "香米村"], category="drink")
    for key in chance.sample(keys, 100):
        _take_off(key)

    for text in (
        "糯米", "黑糯米", "云上黑糯米", "红茶", "老寨红茶", "古树 红茶", "米", "红", "红岩镇", "粮油",
        "香米", "香米村", "nuomi", "h", "hn", "hong", "m", "lzhc", "红岩 糯米", "茶 红岩", "酒", "没有的东西",
        "糯米酒", "hei 糯米", "yunshangheinuomi",
    ):  # fmt: skip
        for category in ("", "grain", "tea", "drink", "craft"):
            assert found(text, category=category) == as_looked_through(text, category=category), text
        assert found(text, limit=7) == as_looked_through(text, limit=7), text
        assert found(text, limit=300) == as_looked_through(text, limit=300), text


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("begins", [1, 3_300], ids=["well", "awkwardly"])
def test_a_search_reads_no_more_of_a_long_shelf_however_many_products_match(begins: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_AT, [STRETCH, STRETCH, begins])
    many(["老寨红茶"] * 40 + ["云上黑糯米"] * 3_000 + ["河边香米"] * 3_000, beside=["粮油", "红岩镇"])
    many(["山里辣椒酱"] * 400, beside=["粮油", "红岩镇"], category="preserve")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")

    for text in (
        "米", "香米", "糯米", "云上黑糯米", "nuomi", "n", "x", "y", "红岩", "粮油", "红茶", "红岩 糯米",
        "辣椒", "没有的东西", "黑糯米 香米", "l", "m",
    ):  # fmt: skip
        assert read_by(text) <= BOUND, text
        assert read_by(text, category="grain") <= BOUND, text
        assert read_by(text, category="preserve") <= BOUND, text
    assert found("红茶") == as_looked_through("红茶")
    assert found("米") == as_looked_through("米")


@pytest.mark.django_db(transaction=True)
def test_a_newer_offer_brings_a_product_forward_and_an_older_one_not_back() -> None:
    (first,), (second,) = many(["样例甲"]), many(["样例乙"])
    assert found("样例") == [second, first]

    offer = factories.an_offer(pack=factories.a_pack(product=first))
    assert found("样例") == [first, second]

    actions.take_down(SYSTEM, offer=offer)
    assert found("样例") == [first, second]


@pytest.mark.django_db(transaction=True)
def test_another_countys_shelf_is_not_searched() -> None:
    many(["样例甲"])
    assert queries.search(county=OTHER_COUNTY, text="样例") == []


@pytest.mark.django_db(transaction=True)
def test_the_desk_finds_many_and_few_in_the_order_of_codes() -> None:
    many([*["云上黑糯米"] * 1_200, "老寨红茶"])

    rice = managing.managed_products(SYSTEM, county=COUNTY, text="糯米", limit=30)
    assert len(rice) == 30
    assert [row.code for row in rice] == sorted(row.code for row in rice)
    rest = managing.managed_products(SYSTEM, county=COUNTY, text="糯米", after=rice[9].code, limit=20)
    assert rest == rice[10:]
    (tea,) = managing.managed_products(SYSTEM, county=COUNTY, text="hongcha")
    assert tea.name_zh == "老寨红茶"
    assert managing.managed_products(SYSTEM, county=COUNTY, text="糯米", after="~") == []


def _take_off(product: UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_offer SET state = 'off' WHERE product_id = %s", [product])
        cursor.execute("SELECT catalog_list(ARRAY[%s]::uuid[])", [product])


_PRODUCTS = """
INSERT INTO catalog_product (id, shop_id, county, code, name_zh, name_en, kind, category, place,
                             season_months, story_zh, story_en, unit, icon, search_terms, created_at)
SELECT w.id, %s, %s, w.code, w.name, '', 'goods', %s, %s, '{}', '', '', 'g', '', w.terms::tsvector, %s
  FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS w (id, code, name, terms)
"""
_OFFERS = """
WITH packed AS (
    INSERT INTO catalog_pack (id, product_id, county, code, label_zh, label_en, content_amount, sold_by,
                              tare_g)
    SELECT kernel_uuid7(), d.id, d.county, d.code, '一袋', '', 500, 'piece', 0 FROM catalog_product d
     WHERE d.county = %s AND NOT EXISTS (SELECT 1 FROM catalog_pack k WHERE k.product_id = d.id)
    RETURNING id, product_id, county)
INSERT INTO catalog_offer (id, pack_id, product_id, county, outlet, price_fen, currency, state, version,
                           most_per_order, put_up_at)
SELECT kernel_uuid7(), p.id, p.product_id, p.county, 'shop', 900, 'CNY', 'on', 1, 99, %s FROM packed p
 WHERE p.product_id = ANY (%s::uuid[])
"""
_ALL = """
SELECT d.id FROM catalog_product d
 WHERE d.county = %s AND d.listed_at IS NOT NULL AND d.search_terms @@ %s::tsquery
   AND (%s = '' OR d.category = %s)
 ORDER BY d.name_zh = %s DESC, d.search_terms @@ %s::tsquery DESC, d.shelf_no DESC LIMIT %s
"""
_BEGIN_AT = """
SELECT setval('catalog_shelf_no', (last_value / %s::int + 1) * %s::int + %s::int) FROM catalog_shelf_no
"""
_READ = """
SELECT sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid))
  FROM pg_class c
 WHERE c.oid = 'catalog_product'::regclass
    OR c.relname IN ('product_shelf', 'product_called', 'product_called_in_row', 'product_listed',
                     'product_category')
"""


@pytest.mark.django_db(transaction=True)
def test_goods_are_found_by_what_their_shop_is_called_now_and_else_known_as() -> None:
    shop = factories.a_shop()
    product = factories.a_product(shop=shop)
    factories.an_offer(pack=factories.a_pack(product=product))
    assert found("李家寨") == []
    rename = partial(actions.change_shop, SYSTEM, shop=shop, name_zh="高山小店", opened_on=MOMENT.date())
    rename(known_as="老李家， 李家寨;老李家")
    assert queries.shop_whole(SYSTEM, shop=shop).known_as == "老李家、李家寨"
    deliver_everything()
    assert [found(text) for text in ("李家寨", "laolijia", "高山小店")] == [[product]] * 3
    assert [one.word for one in Word.objects.filter(county=COUNTY, word="李家寨")] == ["李家寨"]
    rename()
    deliver_everything()
    assert (found("李家寨"), found("高山小店")) == ([], [product])


@pytest.mark.django_db
@pytest.mark.parametrize("known_as", ["一、二、三、四、五、六", "太长的名字太长的名字太长的名字"])
def test_names_that_are_too_many_or_too_long_are_refused_at_their_field(known_as: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.change_shop(
            SYSTEM, shop=factories.a_shop(), name_zh="样例", known_as=known_as, opened_on=MOMENT.date()
        )
    assert refused.value.field == "known_as"
