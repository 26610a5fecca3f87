"""Filters are kept by name, by the person, and lead back to the same list."""

from __future__ import annotations

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.tests.clients import signed_in

pytestmark = pytest.mark.django_db


def form(**fields: str) -> dict[str, str]:
    return {
        "once": str(uuid7()),
        "list": "orders",
        "query": "state=paid&after=x",
        "name": "今日打包",
        **fields,
    }


def test_a_filter_is_kept_once_found_again_and_forgotten(county: County, staff: Client) -> None:
    sent = form()
    for _pressed_twice in range(2):
        assert staff.post(county.at("filters/"), sent).status_code == 302
    page = staff.get(county.at("filters/")).content.decode()
    assert "今日打包" in page
    assert 'orders/?state=paid"' in page
    assert "今日打包" not in signed_in("centre_staff").get(county.at("filters/")).content.decode()
    key = scalar("SELECT id FROM people_savedfilter")
    signed_in("centre_staff").post(county.at(f"filters/{key}/drop/"))
    assert scalar("SELECT count(*) FROM people_savedfilter") == 1
    staff.post(county.at(f"filters/{key}/drop/"))
    assert scalar("SELECT count(*) FROM people_savedfilter") == 0


def test_the_same_name_is_given_the_new_filter(county: County, staff: Client) -> None:
    staff.post(county.at("filters/"), form())
    staff.post(county.at("filters/"), form(query="state=packed"))
    assert scalar("SELECT string_agg(query, ',') FROM people_savedfilter") == "state=packed"


@pytest.mark.parametrize(
    "fields", [{"name": " "}, {"name": "字" * 61}, {"query": "q=" + "x" * 600}, {"list": "x"}]
)
def test_what_cannot_be_kept_is_told_and_stays_typed(
    county: County, staff: Client, fields: dict[str, str]
) -> None:
    answer = staff.post(county.at("filters/"), form(**fields))
    assert answer.status_code == 422
    assert scalar("SELECT count(*) FROM people_savedfilter") == 0


def test_each_list_leads_to_its_filters(county: County, staff: Client) -> None:
    page = staff.get(county.at("orders/?state=paid")).content.decode()
    assert "filters/?list=orders&amp;query=state%3Dpaid" in page
