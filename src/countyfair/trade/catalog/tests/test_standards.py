"""Standards are set by version, and what was measured makes the grade."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM, VILLAGE, an_actor
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.standards import standard, standard_for, standards, versions
from countyfair.trade.catalog.rules.grading import (
    Grade,
    Limit,
    StandardTerms,
    checked,
    from_json,
    grade_of,
    percent,
    to_json,
)
from countyfair.trade.catalog.tests.factories import TERMS, a_product, a_standard, facts

database = pytest.mark.django_db(transaction=True)
PAGE = (Path(__file__).parents[5] / "docs" / "grades.md").read_text(encoding="utf-8")
FINER = replace(TERMS, grades=(replace(TERMS.grades[0], factor_milli=1200), TERMS.grades[1]))


def measured(diameter: str, sugar: str) -> dict[str, Decimal]:
    return {"diameter": Decimal(diameter), "sugar": Decimal(sugar)}


def test_the_rows_of_the_page_are_graded_as_it_says() -> None:
    limits = re.findall(r"^\| (\w+) \| (\d+) % \| ≥ (\d+) \| ≥ (\d+) \|$", PAGE, re.M)
    rows = re.findall(r"^\| ([\d.]+) \| ([\d.]+) \| (\w+) \|$", PAGE, re.M)

    assert [
        (
            one.key,
            percent(one.factor_milli),
            str(one.limits["diameter"].least),
            str(one.limits["sugar"].least),
        )
        for one in TERMS.grades
    ] == limits
    assert len(rows) == 4
    for diameter, sugar, grade in rows:
        assert grade_of(TERMS, measured(diameter, sugar)) == grade


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "diameter"), ({"diameter": Decimal(60)}, "sugar"), (measured("60", "101"), "sugar"),
        (measured("60.05", "12"), "diameter"), (measured("-1", "12"), "diameter"),
    ],
)  # fmt: skip
def test_what_was_not_measured_or_cannot_be_is_told_at_its_field(
    said: dict[str, Decimal], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        grade_of(TERMS, said)
    assert refused.value.field == field


FIRST, SECOND = TERMS.grades


@pytest.mark.parametrize(
    "terms",
    [
        StandardTerms((), 500),
        StandardTerms((SECOND, FIRST), 500),
        StandardTerms((FIRST, SECOND), 900),
        StandardTerms((FIRST,), 0),
        StandardTerms((replace(FIRST, factor_milli=10_001),), 500),
        StandardTerms((replace(FIRST, limits={}),), 500),
        StandardTerms((replace(FIRST, limits={"colour": Limit(Decimal(1))}),), 500),
        StandardTerms((replace(FIRST, limits={"sugar": Limit(Decimal(13), Decimal(12))}),), 500),
        StandardTerms((replace(FIRST, limits={"sugar": Limit(Decimal("12.05"))}),), 500),
        StandardTerms((replace(FIRST, limits={"sugar": Limit()}),), 500),
        StandardTerms((Grade("best", 1000, FIRST.limits),), 500),
    ],
)
def test_a_standard_that_cannot_be_is_refused(terms: StandardTerms) -> None:
    with pytest.raises(Invalid):
        checked(terms)


@given(some.decimals(0, 100, places=1), some.decimals(0, 100, places=1))
def test_a_better_measure_never_makes_a_lower_grade(sugar: Decimal, more: Decimal) -> None:
    order = TERMS.keys
    low, high = sorted((sugar, more))
    worse = grade_of(TERMS, {"diameter": Decimal(70), "sugar": low})
    better = grade_of(TERMS, {"diameter": Decimal(70), "sugar": high})
    assert order.index(better) <= order.index(worse)


def test_terms_come_back_as_they_were_kept() -> None:
    assert from_json(to_json(TERMS)) == TERMS


@database
def test_a_version_follows_the_one_that_was_seen_and_none_is_edited() -> None:
    key = a_standard(category="fruit")
    same: dict[str, Any] = {"standard": key, "county": COUNTY, "name_zh": "样例标准", "category": "fruit"}
    assert actions.set_standard(SYSTEM, **same, terms=TERMS, believed=0).version == 1
    assert actions.set_standard(SYSTEM, **same, terms=FINER, believed=1).version == 2
    assert actions.set_standard(SYSTEM, **same, terms=FINER, believed=1).version == 2
    with pytest.raises(Stale):
        actions.set_standard(SYSTEM, **same, terms=TERMS, believed=1)
    seen = standard(SYSTEM, standard=key)
    assert [(one.version, one.terms) for one in versions(SYSTEM, seen)] == [(2, FINER), (1, TERMS)]
    with pytest.raises(Conflict):
        a_standard(category="fruit")


@database
def test_a_products_own_standard_goes_before_its_categorys() -> None:
    product = a_product(said=facts(category="fruit"))
    assert standard_for(product) is None
    common = a_standard(category="fruit")
    own = a_standard(product=product, terms=FINER)
    found = standard_for(product)
    assert found is not None
    assert (found.id, found.terms) == (own, FINER)
    actions.end_standard(SYSTEM, standard=own)
    found = standard_for(product)
    assert found is not None
    assert found.id == common
    with pytest.raises(Conflict):
        actions.set_standard(
            SYSTEM, standard=own, county=COUNTY, name_zh="新", product=product, terms=TERMS, believed=1
        )


@database
def test_who_does_not_manage_the_countys_catalogue_sets_and_sees_none() -> None:
    key = a_standard(category="fruit")
    for stranger in (an_actor("centre_staff", place=OTHER_COUNTY), an_actor("station_agent", place=VILLAGE)):
        with pytest.raises(Forbidden):
            actions.end_standard(stranger, standard=key)
    with pytest.raises(Forbidden):
        standards(an_actor("centre_staff", place=OTHER_COUNTY), county=COUNTY)
    assert [row.id for row in standards(an_actor("auditor"), county=COUNTY)] == [key]


@database
def test_the_guide_shows_a_grade_in_four_pictures_at_most(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    key = a_standard(category="fruit")
    pictures = [uuid7() for _each in range(4)]
    for number, one in enumerate(pictures):
        for _again in range(2):
            actions.add_grade_picture(SYSTEM, picture=one, standard=key, grade="first", data=_picture(number))
    with pytest.raises(Conflict):
        actions.add_grade_picture(SYSTEM, picture=uuid7(), standard=key, grade="first", data=_picture(9))
    with pytest.raises(Invalid):
        actions.add_grade_picture(SYSTEM, picture=uuid7(), standard=key, grade="best", data=_picture(9))
    actions.withdraw_grade_picture(SYSTEM, picture=pictures[0])
    assert {one.id for one in standard(SYSTEM, standard=key).guide} == set(pictures[1:])
    assert scalar("SELECT count(*) FROM catalog_gradepicture") == 4


def _picture(shade: int) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (400, 300), (200, 120, 20 * shade)).save(drawn, "JPEG")
    return drawn.getvalue()
