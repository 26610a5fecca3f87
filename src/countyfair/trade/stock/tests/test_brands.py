"""What feeds an offer with a mark keeps to the brand's grades: in the verbs, and in the database."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid, Missing, Stale
from countyfair.kernel.rows import run, scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries as shelf
from countyfair.trade.catalog.tests.factories import a_brand, a_pack, a_product, an_offer, licensed
from countyfair.trade.catalog.tests.factories import a_standard as standard_of
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.actions import Hold
from countyfair.trade.stock.tests.test_grades import FINE, PLAIN, SMALL, graded, weigh

PAGE = (Path(__file__).parents[5] / "docs" / "grades.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.django_db(transaction=True)


def a_licensed_stall() -> tuple[UUID, UUID, list[UUID]]:
    """An offer in packs of 500 g, a brand its shop may bear, and lots of first, second and off-grade."""
    product = a_product()
    mark, _licence = licensed(product, standard=standard_of(product=product))
    offer = an_offer(pack=a_pack(product=product))
    actions.feed(SYSTEM, offer=offer)
    return offer, mark, [weigh(product, measured=said) for said in (FINE, PLAIN, SMALL)]


def marked(offer: UUID) -> object:
    return scalar("SELECT brand_id FROM catalog_offer WHERE id = %s", [offer])


def test_an_offer_bears_the_mark_once_it_takes_no_grade_below_it() -> None:
    offer, mark, _lots = a_licensed_stall()
    for takes in ([], ["first", "second"], ["second", "off"], ["off"]):
        actions.set_grades(SYSTEM, offer=offer, takes=takes)
        with pytest.raises(Invalid) as refused:
            actions.bear_brand(SYSTEM, offer=offer, brand=mark)
        assert refused.value.field in ("brand", "takes")
        assert marked(offer) is None

    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    supply = actions.bear_brand(SYSTEM, offer=offer, brand=mark)
    assert actions.bear_brand(SYSTEM, offer=offer, brand=mark).id == supply.id

    assert marked(offer) == mark
    assert supply.brand_grades == ["special", "first"]
    assert queries.availability([offer])[offer] == 2
    assert shelf.shelf(county=COUNTY)[0].mark is not None


def test_grades_below_the_brands_are_refused_while_the_mark_is_borne() -> None:
    offer, mark, _lots = a_licensed_stall()
    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    actions.bear_brand(SYSTEM, offer=offer, brand=mark)

    for takes in ([], ["first", "off"], ["second"]):
        with pytest.raises(Invalid) as refused:
            actions.set_grades(SYSTEM, offer=offer, takes=takes)
        assert refused.value.field == "takes"
    assert queries.availability([offer])[offer] == 2

    actions.bear_brand(SYSTEM, offer=offer, brand=None)
    actions.set_grades(SYSTEM, offer=offer, takes=["second", "off"])
    assert marked(offer) is None
    assert queries.availability([offer])[offer] == 4


def test_an_off_grade_lot_does_not_feed_a_mark_by_any_way_into_the_database() -> None:
    offer, mark, (fine, plain, off) = a_licensed_stall()
    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    supply = actions.bear_brand(SYSTEM, offer=offer, brand=mark).id

    for lot in (plain, off):
        with pytest.raises(Stale):
            actions.reserve(SYSTEM, county=COUNTY, holds=[Hold(uuid7(), supply, lot, 500, "x")], expires=None)
    actions.reserve(SYSTEM, county=COUNTY, holds=[Hold(uuid7(), supply, fine, 500, "y")], expires=None)
    for change in (
        "takes = '{off}'", "takes = '{first,off}'", "takes = '{}', standard_id = NULL", "standard_id = NULL",
        "takes = '{off}', brand_grades = '{off}'", "brand_grades = '{}'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            run(f"UPDATE stock_supply SET {change} WHERE id = %s", [supply])
    assert [proof.name for proof in queries.proofs() if proof.broken] == []


def test_the_worked_example_of_the_document() -> None:
    text = PAGE.split("## Brands", 1)[1].split("\n## ", 1)[0]
    told = re.findall(r"\| ([\d.]+) mm, ([\d.]+) °Brix \| (\w+) \| ([\d,]+) \|", text)
    assert len(told) == 3
    product = a_product()
    mark, _licence = licensed(product, standard=standard_of(product=product), least="second")
    offer = an_offer(pack=a_pack(product=product))
    actions.feed(SYSTEM, offer=offer)
    for diameter, sugar, grade, grams in told:
        said = {"diameter": Decimal(diameter), "sugar": Decimal(sugar)}
        assert graded(weigh(product, int(grams.replace(",", "")), measured=said))[0] == grade
    actions.set_grades(SYSTEM, offer=offer, takes=["first", "second"])
    actions.bear_brand(SYSTEM, offer=offer, brand=mark)
    with_mark = queries.availability([offer])[offer]
    with pytest.raises(Invalid):
        actions.set_grades(SYSTEM, offer=offer, takes=["first", "second", "off"])
    actions.bear_brand(SYSTEM, offer=offer, brand=None)
    actions.set_grades(SYSTEM, offer=offer, takes=["first", "second", "off"])

    assert [with_mark, queries.availability([offer])[offer]] == [
        int(packs) for packs in re.findall(r"g[^.:]*: (\d+) packs", text)
    ]


def test_a_mark_needs_its_own_standard_a_licence_and_something_that_feeds_it() -> None:
    offer, mark, _lots = a_licensed_stall()
    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    product = UUID(str(scalar("SELECT product_id FROM catalog_offer WHERE id = %s", [offer])))
    others, _licence = licensed(product, standard=standard_of(category="fruit"))

    for brand in (a_brand(), others):
        with pytest.raises(Invalid) as refused:
            actions.bear_brand(SYSTEM, offer=offer, brand=brand)
        assert refused.value.field == "brand"
    unfed = an_offer(pack=a_pack(product=product, content_amount=900))
    for what in (unfed, uuid7()):
        with pytest.raises(Missing):
            actions.bear_brand(SYSTEM, offer=what, brand=mark)
    assert (marked(offer), marked(unfed)) == (None, None)
    for actor in (an_actor("courier", place=COUNTY), an_actor("county_admin", place="621227")):
        with pytest.raises(Forbidden):
            actions.bear_brand(actor, offer=offer, brand=mark)


def test_after_a_withdrawal_the_grades_stay_and_only_a_new_licence_brings_the_mark_back() -> None:
    offer, mark, _lots = a_licensed_stall()
    actions.set_grades(SYSTEM, offer=offer, takes=["first"])
    actions.bear_brand(SYSTEM, offer=offer, brand=mark)
    licence = UUID(str(scalar("SELECT id FROM catalog_brandlicence WHERE brand_id = %s", [mark])))

    catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")

    assert shelf.shelf(county=COUNTY)[0].mark is None
    with pytest.raises(Invalid):
        actions.set_grades(SYSTEM, offer=offer, takes=["off"])
    assert [proof.name for proof in queries.proofs() if proof.broken] == []
