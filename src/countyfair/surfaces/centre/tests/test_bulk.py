"""The desk's lists: many offers changed at once and back, and two people at one offer."""

from __future__ import annotations

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.tests.clients import signed_in

pytestmark = pytest.mark.django_db


def price(county: County) -> object:
    return scalar("SELECT price_fen FROM catalog_offer WHERE id = %s", [county.fair.stall.offer])


def ticked(county: County, **fields: str) -> dict[str, str]:
    version = scalar("SELECT version FROM catalog_offer WHERE id = %s", [county.fair.stall.offer])
    return {"once": str(uuid7()), "offer": f"{county.fair.stall.offer}:{version}", **fields}


def test_ticked_offers_get_dearer_and_the_summary_takes_it_back(county: County, staff: Client) -> None:
    form = ticked(county, what="price", percent="10")
    for _pressed_twice in range(2):
        answer = staff.post(county.at("offers/edit/"), form)
        assert answer.status_code == 302
        assert price(county) == 3278
    summary = staff.get(answer["Location"]).content.decode()
    assert "29.80" in summary
    assert "32.78" in summary
    undone = staff.post(answer["Location"] + "undo/", {"once": str(uuid7())})
    assert undone.status_code == 302
    assert price(county) == 2980
    again = staff.post(answer["Location"] + "undo/", {"once": str(uuid7())})
    assert again.status_code == 409


def test_a_mistake_keeps_the_ticks_and_what_was_typed(county: County, staff: Client) -> None:
    for fields in ({"what": "price", "percent": "much"}, {"what": "price", "percent": "-95"}):
        answer = staff.post(county.at("offers/edit/?state=on"), ticked(county, **fields))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'value="{fields["percent"]}"' in page
        assert " checked" in page
    assert staff.post(county.at("offers/edit/"), {"once": str(uuid7()), "what": "down"}).status_code == 422
    assert price(county) == 2980


def test_an_offer_that_moved_is_shown_with_both_prices(county: County, staff: Client) -> None:
    stale = ticked(county, what="price", percent="10")
    staff.post(county.at("offers/edit/"), ticked(county, what="price", percent="-50"))
    answer = staff.post(county.at("offers/edit/"), stale)
    assert answer.status_code == 409
    assert "¥16.39" in answer.content.decode()
    assert price(county) == 1490


def test_two_people_at_one_offer_see_both_versions_and_the_second_chooses(
    county: County, staff: Client
) -> None:
    address = county.at(f"offers/{county.fair.stall.offer}/")
    version = ticked(county)["offer"].partition(":")[2]
    first = {"version": version, "price": "31.00", "opens_at": "", "closes_at": "", "most_per_order": "99"}
    second = {**first, "price": "32.00", "most_per_order": "5"}
    assert signed_in("centre_staff").post(address + "change/", first).status_code == 302
    refused = staff.post(address + "change/", second)
    page = refused.content.decode()
    assert refused.status_code == 409
    for said in ("¥31.00", "¥32.00", 'name="price" value="32.00"'):
        assert said in page
    assert price(county) == 3100
    newer = str(int(version) + 1)
    assert staff.post(address + "change/", {**second, "version": newer}).status_code == 302
    assert price(county) == 3200


@pytest.mark.parametrize("tail", ["offers/edit/", "offers/changes/{key}/undo/"])
def test_an_auditor_changes_nothing(county: County, tail: str) -> None:
    answer = signed_in("auditor").post(county.at(tail.format(key=uuid7())), ticked(county, what="down"))
    assert answer.status_code == 403
