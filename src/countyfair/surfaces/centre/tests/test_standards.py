"""Standards at the desk: set, shown by pictures, set anew; and the grades that an offer takes."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog.queries.standards import standard, standards
from countyfair.trade.catalog.rules.grading import grade_of
from countyfair.trade.catalog.tests.factories import a_standard

pytestmark = pytest.mark.django_db

FORM = {
    "name_zh": "样例标准", "name_en": "Sample", "category": "grain", "factor_first": "100",
    "first_moisture_most": "14.5", "factor_second": "８０", "second_moisture_most": "16", "factor_off": "50",
}  # fmt: skip


@pytest.fixture
def staff() -> Client:
    return signed_in("centre_staff")


def sent(county: County, staff: Client, **changes: str) -> tuple[int, str, UUID]:
    once = uuid7()
    answer = staff.post(county.at("standards/new/"), {**FORM, "once": str(once), **changes})
    return answer.status_code, answer.content.decode(), once


def test_a_standard_is_set_and_its_next_version_follows_what_was_seen(county: County, staff: Client) -> None:
    status, _body, key = sent(county, staff)
    assert status == 302
    shown = staff.get(county.at(f"standards/{key}/")).content.decode()
    assert "≤ 14.5" in shown
    form = staff.get(county.at(f"standards/{key}/change/")).content.decode()
    assert 'value="14.5"' in form
    address, next_ = county.at(f"standards/{key}/change/"), {**FORM, "first_moisture_most": "13"}
    assert staff.post(address, {**next_, "believed": "1"}).status_code == 302
    late = staff.post(address, {**FORM, "first_moisture_most": "12", "believed": "1"})
    assert late.status_code == 409
    assert 'value="12"' in late.content.decode()
    seen = standard(SYSTEM, standard=key)
    assert (seen.version, grade_of(seen.terms, {"moisture": Decimal(13)})) == (2, "first")
    assert staff.post(county.at(f"standards/{key}/end/")).status_code == 302
    assert standard(SYSTEM, standard=key).ended_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": ""}, "category"),
        ({"factor_first": "70"}, "factor_first"), ({"name_zh": ""}, "name_zh"),
        ({"first_moisture_most": "wet"}, "first_moisture_most"), ({"factor_off": ""}, "factor_off"),
        ({"factor_first": "12.34"}, "factor_first"), ({"first_moisture_most": ""}, "factor_first"),
        ({"first_moisture_least": "15"}, "first_moisture_least"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    county: County, staff: Client, changes: dict[str, str], field: str
) -> None:
    status, body, _key = sent(county, staff, **changes)
    assert status == 422, body[-500:]
    assert f'id="e-{field}"' in body
    assert 'value="16"' in body
    assert standards(SYSTEM, county=county.code) == []


def test_a_picture_shows_a_grade_and_is_taken_away(
    county: County, staff: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    key = a_standard(category="grain")
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "tan").save(file, "JPEG")
    file.seek(0)
    file.name = "first.jpg"
    form = {"once": str(uuid7()), "photo": file, "grade": "first"}
    assert staff.post(county.at(f"standards/{key}/pictures/"), form).status_code == 302
    (one,) = standard(SYSTEM, standard=key).guide
    assert one.digest in staff.get(county.at(f"standards/{key}/")).content.decode()
    assert staff.post(county.at(f"standards/{key}/pictures/"), {"once": str(uuid7())}).status_code == 422
    address = county.at(f"standards/{key}/pictures/withdraw/")
    assert staff.post(address, {"picture": str(uuid7())}).status_code == 404
    assert staff.post(address, {"picture": str(one.id)}).status_code == 302
    assert standard(SYSTEM, standard=key).guide == ()


def test_an_offer_takes_the_grades_that_are_ticked(county: County, staff: Client) -> None:
    stall = county.fair.stall
    a_standard(product=stall.product)
    address = county.at(f"offers/{stall.offer}/grades/")
    assert 'id="grades"' in staff.get(county.at(f"offers/{stall.offer}/")).content.decode()
    form = {"takes": ["first", "second"], "blend_grade": "first", "blend_percent": "60"}
    assert staff.post(address, form).status_code == 302
    found = scalar(
        "SELECT (takes, blend_of, blend_percent)::text FROM stock_supply WHERE offer_id = %s", [stall.offer]
    )
    assert found == '("{first,second}",{first},60)'
    refused = staff.post(address, {"takes": ["first"], "blend_grade": "first", "blend_percent": "160"})
    assert (refused.status_code, 'value="160"' in refused.content.decode()) == (422, True)
    assert staff.post(address, {}).status_code == 302
    assert scalar("SELECT standard_id::text FROM stock_supply WHERE offer_id = %s", [stall.offer]) is None


@pytest.mark.parametrize("role", ["auditor", "courier", "station_agent"])
@pytest.mark.parametrize(
    "tail",
    [
        lambda key, offer: "standards/new/", lambda key, offer: f"standards/{key}/change/",
        lambda key, offer: f"standards/{key}/end/", lambda key, offer: f"standards/{key}/pictures/",
        lambda key, offer: f"standards/{key}/pictures/withdraw/",
        lambda key, offer: f"offers/{offer}/grades/",
    ],
)  # fmt: skip
def test_who_does_not_keep_the_catalogue_changes_nothing(
    county: County, role: str, tail: Callable[[UUID, UUID], str]
) -> None:
    key = a_standard(category="grain")
    if role == "station_agent":
        stranger = signed_in("station_agent", place=county.code + "100200")
    else:
        stranger = signed_in(role)
    before = scalar("SELECT count(*) FROM kernel_change")
    assert stranger.post(county.at(tail(key, county.fair.stall.offer)), FORM).status_code in (403, 404)
    assert scalar("SELECT count(*) FROM kernel_change") == before
