"""How a misspelt search is read, and that the tables of docs/search.md are what happens."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.queries import subtree
from countyfair.registers.places.tests.shipped import SHIPPED
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.actions.words import gather_words
from countyfair.trade.catalog.rules.cutting import cut, singular
from countyfair.trade.catalog.rules.words import Word, distance, neighbourhood, read, sound_of, words_of
from countyfair.trade.catalog.tests import factories

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "search.md"


def tables() -> list[list[dict[str, str]]]:
    found = re.findall(r"```csv\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return [list(csv.DictReader(text.splitlines())) for text in found]


def on_sale(*, name_zh: str, variety_zh: str = "", category: str = "grain", place: str = COUNTY) -> None:
    said = factories.facts(name_zh=name_zh, name_en="", variety_zh=variety_zh, category=category, place=place)
    factories.an_offer(pack=factories.a_pack(product=factories.a_product(said=said)))


@pytest.mark.parametrize("row", tables()[2], ids=lambda row: row["typed"])
def test_the_document_says_how_a_search_is_read(row: dict[str, str]) -> None:
    known = [Word(word, sound_of(word)) for word in row["known"].split()]
    assert read(row["typed"], known) == row["read as"]


@pytest.mark.django_db
def test_the_document_says_what_is_found_in_which_order() -> None:
    load_divisions(SYSTEM, folder=SHIPPED, counties=[COUNTY])
    codes = {
        place.name: place.code for place in subtree(COUNTY) if place.name in ("四荣乡", "安太乡", "香粉乡")
    }
    for row in reversed(tables()[0]):
        on_sale(
            name_zh=row["name"],
            variety_zh=row["variety"],
            category=row["category"],
            place=codes[row["place"]],
        )
    for row in tables()[1]:
        found = queries.find(county=COUNTY, text=row["query"])
        assert [card.name_zh for card in found.cards] == row["finds"].split(), row["query"]
        assert found.meant == ""


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("mi", "mi", 0), ("hetao", "hetoa", 1), ("hetao", "heta", 1), ("hetao", "hettao", 1), ("ab", "cd", 2)],
)
def test_a_swap_counts_as_one_mistake(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


@given(st.text(alphabet="abcxyz", min_size=5, max_size=12), st.data())
def test_one_wrong_letter_leaves_an_entry_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    for typed in (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + "q" + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ):
        assert neighbourhood(typed) & neighbourhood(word), typed


def test_a_run_is_cut_into_words_of_two_characters_and_more() -> None:
    assert cut("融水黑糯米") == ["融水", "黑糯米"]
    assert cut("土鸡蛋") == ["土鸡蛋"]
    assert all(len(word) > 1 for word in cut("安太乡寨怀村的香鸭"))


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("eggs", "egg"),
        ("berries", "berry"),
        ("peaches", "peach"),
        ("tomatoes", "tomato"),
        ("moss", ""),
        ("x9s", ""),
    ],
)
def test_a_plural_is_looked_for_as_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_words_are_those_one_may_ask_for() -> None:
    assert words_of(["秦岭香菇", "Wood ears, 250 g"]) == {"秦岭", "香菇", "秦岭香菇", "wood", "ears", "ear"}


@pytest.mark.django_db(transaction=True)
def test_a_search_that_finds_nothing_is_read_in_words_of_what_is_on_offer_here() -> None:
    on_sale(name_zh="黑糯米", variety_zh="墨米")
    assert queries.find(county=COUNTY, text="黑糥米").meant == ""
    deliver_everything()
    deliver_everything()
    found = queries.find(county=COUNTY, text="heinoumi")
    assert (found.meant, [card.name_zh for card in found.cards]) == ("黑糯米", ["黑糯米"])
    assert queries.find(county=COUNTY, text="绣花鞋") == queries.Found([], "")
    assert queries.find(county=OTHER_COUNTY, text="heinoumi") == queries.Found([], "")


@pytest.mark.django_db(transaction=True)
def test_a_new_variety_is_known_once_its_product_is_said_otherwise() -> None:
    product = factories.a_product(said=factories.facts(name_zh="样例米", code="V-1"))
    factories.an_offer(pack=factories.a_pack(product=product))
    said = factories.facts(name_zh="样例米", code="V-1", variety_zh="墨米")
    actions.change_product(SYSTEM, product=product, facts=said)
    deliver_everything()
    assert [card.name_zh for card in queries.find(county=COUNTY, text="墨米").cards] == ["样例米"]
    assert queries.find(county=COUNTY, text="默米").meant == "墨米"


@pytest.mark.django_db(transaction=True)
def test_a_reading_is_not_shown_when_its_goods_are_gone() -> None:
    on_sale(name_zh="黑糯米")
    deliver_everything()
    (offer,) = queries.offers(SYSTEM, county=COUNTY, state="on")
    actions.take_down(SYSTEM, offer=offer.id)
    assert queries.find(county=COUNTY, text="黑糥米") == queries.Found([], "")


@pytest.mark.django_db
def test_a_search_costs_one_statement_and_one_that_is_read_anew_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    on_sale(name_zh="黑糯米")
    gather_words(SYSTEM, products=[row.id for row in queries.managed_products(SYSTEM, county=COUNTY)])
    with django_assert_num_queries(1):
        assert queries.find(county=COUNTY, text="糯米").cards
    with django_assert_num_queries(3):
        assert queries.find(county=COUNTY, text="黑糥米").cards


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "'", "\\", "& | !", "a" * 500, "米" * 500, "q" * 60, "𠮷" * 60, "~^:*", "' | 'x"]
)
def test_nothing_that_is_typed_breaks_a_search(text: str) -> None:
    on_sale(name_zh="黑糯米")
    assert list(queries.find(county=COUNTY, text=text).cards) == []


@pytest.mark.django_db(transaction=True)
def test_reading_anew_looks_at_few_of_many_words() -> None:
    many = [f"{one}{two}米" for one in "东南西北山河云风" for two in "寨村岭坡冲坪坳垌塘湾"]
    with connection.cursor() as cursor:
        for name in many:
            cursor.execute(
                _KNOWN, [COUNTY, name, sound_of(name), [COUNTY + near for near in neighbourhood(name)]]
            )
        cursor.execute("ANALYZE catalog_word")
    with transaction.atomic():
        before = _words_read()
        assert queries.read_as(county=COUNTY, text="东寨棱米南岭坡米西坳塘米") != ""
        assert _words_read() - before < len(many)


def _words_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('catalog_word'::regclass)")
        return int(cursor.fetchone()[0])


_KNOWN = """
INSERT INTO catalog_word (id, county, word, sound, near) VALUES (kernel_uuid7(), %s, %s, %s, %s::text[])
"""
