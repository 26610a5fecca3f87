"""Opening a household's shop at the counter."""

from __future__ import annotations

import pytest
from django.urls import reverse

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.queries import has_agreed
from countyfair.registers.people.tests.factories import OTHER_COUNTY, OTHER_VILLAGE, a_household
from countyfair.surfaces.station.tests.conftest import Counter

pytestmark = pytest.mark.django_db


def test_one_page_opens_the_shop_and_the_stall_says_who_keeps_it(counter: Counter) -> None:
    household = a_household(agreed=())
    assert str(household) in counter.get("shops")[1]
    address = counter.link("shop", household)
    form = {"once": str(uuid7()), "name_zh": "样例小店", "background": "veteran", "how": "voice"}
    answer = counter.client.post(address, form)
    assert answer.status_code == 422, "nobody said how it agreed to the background"
    assert 'value="样例小店"' in answer.content.decode()
    assert scalar("SELECT count(*) FROM catalog_shop WHERE household_id = %s", [household]) == 0
    assert not has_agreed(household, "trade"), "nothing of it is kept"
    form["background_how"] = "voice"
    for _again in range(2):
        assert counter.client.post(address, form).status_code == 302
    slug = scalar("SELECT slug FROM catalog_shop WHERE household_id = %s", [household])
    stall = reverse("shop:stall", args=[counter.at.county, slug])
    seen = counter.client.get(stall).content.decode()
    assert "Run by a farming household" in seen
    assert "Veteran" in seen
    assert "E-commerce Law" in seen
    counter.client.post(counter.link("shop_background", household), {"background": ""})
    assert "Veteran" not in counter.client.get(stall).content.decode()


def test_what_is_left_out_is_asked_for_at_its_field(counter: Counter) -> None:
    household = a_household(agreed=())
    address = counter.link("shop", household)
    answer = counter.client.post(address, {"once": str(uuid7())})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "#f-name_zh" in told
    assert "Choose how the household said yes." in told
    assert scalar("SELECT count(*) FROM catalog_shop WHERE household_id = %s", [household]) == 0


def test_a_household_of_another_county_is_not_here(counter: Counter) -> None:
    far = a_household(place=OTHER_VILLAGE)
    assert OTHER_COUNTY not in counter.get("shops")[1]
    assert counter.get("shop", far)[0] in (403, 404)
