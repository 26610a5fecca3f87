"""Lots are graded when they are weighed, and a supply draws on the grades that it takes and no other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE, a_household, an_actor
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.tests.factories import TERMS, a_pack, a_product, a_standard, an_offer
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.rules import drawable

pytestmark = pytest.mark.django_db(transaction=True)

FINE = {"diameter": Decimal(65), "sugar": Decimal("12.5")}
PLAIN = {"diameter": Decimal(55), "sugar": Decimal("12.5")}
SMALL = {"diameter": Decimal(40), "sugar": Decimal("12.5")}


def weigh(product: UUID, amount: int = 1000, **said: Any) -> UUID:
    given: dict[str, Any] = {"lot": uuid7(), "household": a_household(), "harvested_on": today()} | said
    return actions.take_in(SYSTEM, product=product, quantity=Quantity(amount, Unit.GRAM), **given).id


def graded(lot: UUID) -> tuple[str, int, int, str]:
    row = queries.lot(SYSTEM, lot=lot)
    return row.grade, row.standard_version, row.factor_milli, row.graded_by


def a_graded_stall(*measured: dict[str, Decimal]) -> tuple[UUID, UUID, list[UUID]]:
    """Its product, its offer in packs of 500 g, and a lot of 1000 g for each that was measured."""
    product = a_product()
    a_standard(product=product)
    offer = an_offer(pack=a_pack(product=product))
    actions.feed(SYSTEM, offer=offer)
    return product, offer, [weigh(product, measured=one) for one in measured]


def test_what_was_measured_makes_the_grade_and_the_lot_keeps_it() -> None:
    product = a_product()
    standard = a_standard(product=product)

    lots = [weigh(product, measured=said) for said in (FINE, PLAIN, SMALL)]

    assert [graded(lot) for lot in lots] == [
        ("first", 1, 1000, "measured"), ("second", 1, 800, "measured"), ("off", 1, 500, "measured"),
    ]  # fmt: skip
    assert queries.lot(SYSTEM, lot=lots[0]).measured == {"diameter": "65", "sugar": "12.5"}
    assert graded(weigh(product, grade="second")) == ("second", 1, 800, "picture")
    finer = replace(TERMS, grades=(replace(TERMS.grades[0], factor_milli=1300), TERMS.grades[1]))
    catalog.set_standard(
        SYSTEM, standard=standard, county=COUNTY, name_zh="样例标准", product=product, terms=finer, believed=1
    )
    assert graded(lots[0]) == ("first", 1, 1000, "measured")
    assert graded(weigh(product, measured=FINE)) == ("first", 2, 1300, "measured")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "grade"), ({"grade": "third"}, "grade"), ({"grade": "一级"}, "grade"),
        ({"measured": {"diameter": Decimal(60)}}, "sugar"),
    ],
)  # fmt: skip
def test_goods_with_a_standard_are_not_taken_in_ungraded(said: dict[str, Any], field: str) -> None:
    product = a_product()
    a_standard(product=product)

    with pytest.raises(Invalid) as refused:
        weigh(product, **said)

    assert refused.value.field == field
    assert scalar("SELECT count(*) FROM stock_lot") == 0


def test_a_weigh_in_sent_again_is_answered_as_it_was_whatever_standard_holds_by_then() -> None:
    product, lot, household = a_product(), uuid7(), a_household()
    said: dict[str, Any] = {"lot": lot, "household": household}
    assert weigh(product, **said) == lot
    a_standard(product=product)
    assert weigh(product, **said) == lot
    assert graded(lot) == ("", 0, 1000, "")
    with pytest.raises(Conflict):
        weigh(product, **said, measured=FINE)


def test_an_offer_counts_and_draws_only_what_its_supply_takes() -> None:
    product, offer, (fine, plain, small) = a_graded_stall(FINE, PLAIN, SMALL)
    assert queries.availability([offer]) == {offer: 6}

    supply = actions.set_grades(SYSTEM, offer=offer, takes=["second", "first"])

    assert supply.takes == ["first", "second"]
    assert queries.availability([offer]) == {offer: 4}
    found = queries.quote([(offer, 4)])[0]
    assert ({lot.id for lot in found.lots}, found.available) == ({fine, plain}, 4)
    assert queries.product_on_sale(product=product)[1] == {offer: 4}
    with pytest.raises(Stale):
        actions.reserve(
            SYSTEM, county=COUNTY, holds=[actions.Hold(uuid7(), supply.id, small, 500, "x")], expires=None
        )
    actions.set_grades(SYSTEM, offer=offer, takes=[])
    assert queries.availability([offer]) == {offer: 6}


def test_a_word_that_sounds_like_a_grade_is_none() -> None:
    product = a_product()
    weigh(product, grade="first")
    a_standard(product=product)
    offer = an_offer(pack=a_pack(product=product))
    actions.feed(SYSTEM, offer=offer)
    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    assert queries.availability([offer]) == {offer: 0}


def test_a_blend_is_kept_by_what_is_shown_and_by_the_database() -> None:
    _product, offer, (fine, plain, _more) = a_graded_stall(FINE, PLAIN, PLAIN)
    supply = actions.set_grades(
        SYSTEM, offer=offer, takes=["first", "second"], blend_grade="first", blend_percent=50
    )
    assert queries.availability([offer]) == {offer: 4}
    found = queries.quote([(offer, 1)])[0]
    assert (found.available, drawable(found.lots, found.blend) >= 500) == (4, True)

    def hold(*parts: tuple[UUID, int]) -> None:
        holds = [actions.Hold(uuid7(), supply.id, lot, amount, "x") for lot, amount in parts]
        actions.reserve(SYSTEM, county=COUNTY, holds=holds, expires=None)

    with pytest.raises(Stale):
        hold((fine, 249), (plain, 251))
    hold((fine, 250), (plain, 250))
    assert queries.availability([offer]) == {offer: 3}


def test_no_path_of_writing_reserves_what_the_supply_does_not_take() -> None:
    _product, offer, (small,) = a_graded_stall(SMALL)
    supply = actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    with pytest.raises(DatabaseError, match="does not feed"):
        scalar(
            "SELECT stock_reserve(%s, %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[], NULL,"
            " %s::timestamptz)::text",
            [COUNTY, [uuid7()], [supply.id], [small], [500], ["x"], now()],
        )


@pytest.mark.parametrize(
    "said",
    [
        {"takes": ["third"]}, {"takes": ["first"], "blend_grade": "second", "blend_percent": 101},
        {"takes": ["first"], "blend_grade": "", "blend_percent": 50},
        {"takes": ["second"], "blend_grade": "first", "blend_percent": 50},
        {"takes": ["first"], "blend_grade": "off", "blend_percent": 50},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused(said: dict[str, Any]) -> None:
    _product, offer, _lots = a_graded_stall()
    with pytest.raises(Invalid):
        actions.set_grades(SYSTEM, offer=offer, **said)


def test_grades_are_set_by_who_offers_on_what_is_fed_and_has_a_standard() -> None:
    _product, offer, _lots = a_graded_stall()
    with pytest.raises(Forbidden):
        actions.set_grades(an_actor("station_agent", place=VILLAGE), offer=offer, takes=["first"])
    other = an_offer()
    with pytest.raises(Missing):
        actions.set_grades(SYSTEM, offer=other, takes=["first"])
    actions.feed(SYSTEM, offer=other)
    with pytest.raises(Invalid):
        actions.set_grades(SYSTEM, offer=other, takes=["first"])
