"""Brands at the desk: entered, licensed, borne by an offer, withdrawn; and what buyers see of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.test_shops import keeper_of
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog.queries.brands import brand, brands, licences
from countyfair.trade.catalog.tests.factories import a_brand, a_licence, a_standard
from countyfair.trade.stock import actions as stock

pytestmark = pytest.mark.django_db

NAME = "样例山黑米"


@pytest.fixture
def staff() -> Client:
    return signed_in("centre_staff")


def entered(county: County, staff: Client, **changes: str) -> tuple[int, str, UUID]:
    standard, once = a_standard(product=county.fair.stall.product), uuid7()
    form = {
        "name_zh": NAME, "name_en": "Sample Hill black rice", "holder": "样例协会", "standard": str(standard),
        "least": "first", "once": str(once),
    }  # fmt: skip
    answer = staff.post(county.at("brands/new/"), form | changes)
    return answer.status_code, answer.content.decode(), once


def test_a_brand_goes_from_the_desk_to_the_buyer_and_off_again(county: County, staff: Client) -> None:
    status, body, key = entered(county, staff)
    assert status == 302, body[-500:]
    granted = {
        "shop": str(county.shop), "number": "样例-1", "since": today().isoformat(),
        "until": (today() + timedelta(days=30)).isoformat(), "once": str(uuid7()),
    }  # fmt: skip
    assert staff.post(county.at(f"brands/{key}/licences/"), granted).status_code == 302
    (licence,) = licences(SYSTEM, county=county.code, brand=key)
    assert "样例-1" in staff.get(county.at("brands/")).content.decode()

    offer = county.fair.stall.offer
    refused = staff.post(county.at(f"offers/{offer}/brand/"), {"brand": str(key)})
    assert refused.status_code == 422
    assert staff.post(county.at(f"offers/{offer}/grades/"), {"takes": ["first"]}).status_code == 302
    assert staff.post(county.at(f"offers/{offer}/brand/"), {"brand": str(key)}).status_code == 302
    below = staff.post(county.at(f"offers/{offer}/grades/"), {"takes": ["first", "off"]})
    assert below.status_code == 422
    assert 'id="e-takes"' in below.content.decode()

    seen = [f"/goods/{county.fair.stall.product}/", f"/goods/?place={county.code}"]
    for address in seen:
        assert NAME in Client().get(address).content.decode(), address

    address = county.at(f"licences/{licence.id}/withdraw/")
    assert staff.post(address, {"reason": " "}).status_code == 422
    assert staff.post(address, {"reason": "样例：抽检不合格"}).status_code == 302
    assert "样例：抽检不合格" in staff.get(county.at(f"brands/{key}/")).content.decode()
    for address in seen:
        assert NAME not in Client().get(address).content.decode(), address
    assert staff.post(county.at(f"offers/{offer}/brand/"), {"brand": ""}).status_code == 302
    assert staff.post(county.at(f"brands/{key}/end/")).status_code == 302
    assert brand(SYSTEM, brand=key).ended_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"standard": ""}, "standard"), ({"least": ""}, "least"), ({"least": "third"}, "least"),
        ({"holder": ""}, "holder"), ({"name_zh": ""}, "name_zh"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    county: County, staff: Client, changes: dict[str, str], field: str
) -> None:
    status, body, _key = entered(county, staff, **changes)
    assert status == 422, body[-500:]
    assert f'id="e-{field}"' in body
    assert "Sample Hill black rice" in body
    assert brands(SYSTEM, county=county.code) == []


def test_two_at_one_brand_the_second_is_told(county: County, staff: Client) -> None:
    _status, _body, key = entered(county, staff)
    form = {"name_zh": "样例河黑米", "holder": "样例协会", "believed": "1"}
    assert staff.post(county.at(f"brands/{key}/change/"), form).status_code == 302
    late = staff.post(county.at(f"brands/{key}/change/"), form | {"name_zh": "样例湖黑米"})
    assert late.status_code == 409
    assert "样例湖黑米" in late.content.decode()
    assert (brand(SYSTEM, brand=key).version, brand(SYSTEM, brand=key).name_zh) == (2, "样例河黑米")


def test_brands_of_another_county_are_not_told_apart_from_none(county: County, staff: Client) -> None:
    shown = county.at("brands/").replace(county.code, "621227")
    assert staff.get(shown).status_code == 403
    licence = uuid7()
    for address in (f"brands/{licence}/", f"licences/{licence}/withdraw/"):
        assert staff.get(county.at(address)).status_code == 404


def test_a_shop_keeper_bears_the_mark_that_the_desk_licensed_and_licenses_none(county: County) -> None:
    mark = a_brand(standard=a_standard(product=county.fair.stall.product))
    stock.set_grades(SYSTEM, offer=county.fair.stall.offer, takes=["first"])
    licence = a_licence(brand=mark, shop=county.shop)
    organisation = scalar("SELECT organisation_id FROM catalog_shop WHERE id = %s", [county.shop])
    keeper = keeper_of(UUID(str(organisation)))
    address = county.at(f"offers/{county.fair.stall.offer}/brand/")

    assert keeper.post(address, {"brand": str(mark)}).status_code == 302
    assert keeper.post(county.at(f"licences/{licence}/withdraw/"), {"reason": "x"}).status_code == 403
    assert keeper.get(county.at("brands/")).status_code == 403
