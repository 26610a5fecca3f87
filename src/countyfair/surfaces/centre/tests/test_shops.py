"""Organisations and shops are opened at the desk; who keeps a shop works for it and for nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    a_household,
    a_phone,
    a_role,
    a_user,
    an_organisation,
)
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.catalog.tests.factories import a_product, a_shop
from countyfair.trade.orders.tests.factories import place
from countyfair.trade.orders.tests.test_life import pay

pytestmark = pytest.mark.django_db

NUMBER = "91350100M000100Y43"


def keeper_of(organisation: UUID) -> Client:
    user = a_user()
    a_role(user, "shop_keeper", organisation=organisation)
    return client_of(user)


def test_an_organisation_is_registered_once_changed_and_closed(county: County, staff: Client) -> None:
    form = {
        "once": str(uuid7()),
        "kind": "firm",
        "name": "样例茶业",
        "registration_number": "1",
        "place": COUNTY,
    }
    refused = staff.post(county.at("organisations/new/"), form)
    assert (refused.status_code, "样例茶业" in refused.content.decode()) == (422, True)
    form["registration_number"] = NUMBER
    for _pressed in range(2):
        assert staff.post(county.at("organisations/new/"), form).status_code == 302
    assert scalar("SELECT count(*) FROM people_organisation WHERE name = '样例茶业'") == 1
    assert NUMBER in staff.get(county.at("organisations/")).content.decode()
    key, changed = form["once"], {"name": "样例茶社", "registration_number": NUMBER}
    assert staff.post(county.at(f"organisations/{key}/change/"), changed).status_code == 302
    assert staff.post(county.at(f"organisations/{key}/close/")).status_code == 302
    assert "样例茶社" not in staff.get(county.at("organisations/")).content.decode()
    assert "样例茶社" in staff.get(county.at("organisations/"), {"closed": "1"}).content.decode()
    assert staff.post(county.at(f"organisations/{county.organisation}/close/")).status_code == 409
    far = an_organisation(place=OTHER_COUNTY)
    assert staff.post(county.at(f"organisations/{far}/change/"), changed).status_code == 404


def test_a_shop_is_opened_for_either_kind_of_operator_changed_and_closed(
    county: County, staff: Client
) -> None:
    form = {
        "once": str(uuid7()), "run_by": "organisation", "organisation": str(county.organisation),
        "name_zh": "苗山茶铺", "opened_on": "2026-03-01",
    }  # fmt: skip
    for _pressed in range(2):
        assert staff.post(county.at("shops/new/"), form)["Location"] == county.at(f"shops/{form['once']}/")
    page = staff.get(county.at(f"shops/{form['once']}/")).content.decode()
    assert f"/stalls/{COUNTY}/miao-shan-cha-pu/" in page or "miao-shan-cha-pu" in page
    household = {**form, "once": str(uuid7()), "run_by": "household", "household": "没有", "name_zh": "农家"}
    refused = staff.post(county.at("shops/new/"), household)
    assert (refused.status_code, 'value="没有"' in refused.content.decode()) == (422, True)
    household["household"] = people.household(SYSTEM, household_id=a_household(agreed=())).number
    assert staff.post(county.at("shops/new/"), household).status_code == 422
    household["household"] = county.household_number
    assert staff.post(county.at("shops/new/"), household).status_code == 302
    address = county.at(f"shops/{form['once']}/")
    changed = {"name_zh": "苗山茶行", "licence_number": "L-9", "opened_on": "2026-04-01"}
    assert staff.post(f"{address}change/", {**changed, "name_zh": ""}).status_code == 422
    assert staff.post(f"{address}change/", changed).status_code == 302
    assert "L-9" in staff.get(address).content.decode()
    assert staff.post(f"{address}close/").status_code == 302
    assert "苗山茶行" not in staff.get(county.at("shops/")).content.decode()
    assert staff.post(county.at(f"shops/{county.shop}/close/")).status_code == 409


def test_a_role_at_an_organisation_is_given_at_the_desk_to_shop_keepers_only(
    county: County, admin: Client
) -> None:
    form = {"phone": a_phone(), "name": "样例·店", "organisation": str(county.organisation)}
    assert admin.post(county.at("people/grant/"), {**form, "role": "shop_keeper"}).status_code == 302
    assert scalar("SELECT organisation_id FROM people_roleheld WHERE role = 'shop_keeper'") is not None
    without = {**form, "role": "shop_keeper", "organisation": ""}
    assert admin.post(county.at("people/grant/"), without).status_code == 422
    far = {**form, "role": "shop_keeper", "organisation": str(an_organisation(place=OTHER_COUNTY))}
    assert admin.post(county.at("people/grant/"), far).status_code == 422
    assert admin.post(county.at("people/grant/"), {**form, "role": "courier"}).status_code == 302
    assert scalar("SELECT place FROM people_roleheld WHERE role = 'courier'") == COUNTY


def test_a_shop_keeper_sees_and_changes_what_is_theirs(county: County) -> None:
    browser, other = keeper_of(county.organisation), a_shop(name_zh="邻家铺")
    foreign = a_product(shop=other)
    assert browser.get("/centre/")["Location"] == county.at("products/")
    product = county.fair.stall.product
    listed = browser.get(county.at("products/")).content.decode()
    assert (str(product) in listed, str(foreign) in listed) == (True, False)
    assert browser.get(county.at(f"products/{product}/")).status_code == 200
    assert browser.get(county.at(f"products/{foreign}/")).status_code == 404
    assert str(county.fair.stall.offer) in browser.get(county.at("offers/")).content.decode()
    offer = county.at(f"offers/{county.fair.stall.offer}/")
    change = {"version": "1", "price": "31.00", "most_per_order": "9"}
    assert browser.post(f"{offer}change/", change).status_code == 302
    shops = browser.get(county.at("products/new/")).content.decode()
    assert (str(county.shop) in shops, str(other) in shops) == (True, False)
    assert browser.get(county.at(f"shops/{county.shop}/change/")).status_code == 200
    assert browser.get(county.at(f"shops/{other}/change/")).status_code == 404
    for tail in ("", "orders/", "lots/", "households/", "people/", "organisations/", "shops/new/"):
        assert browser.get(county.at(tail)).status_code == 403, tail


def test_a_shop_keeper_reads_what_was_sold_and_nothing_of_who_bought(county: County, staff: Client) -> None:
    number = str(scalar("SELECT number FROM orders_order WHERE id = %s", [county.paid]))
    unpaid = str(scalar("SELECT number FROM orders_order WHERE id = %s", [county.unpaid]))
    page = keeper_of(county.organisation).get(county.at("sales/")).content.decode()
    assert (number in page, unpaid in page, "29.80" in page) == (True, False, True)
    assert [said for said in ("样例·买家", "19900008888", "样例路") if said in page] == []
    assert number not in keeper_of(an_organisation()).get(county.at("sales/")).content.decode()
    assert staff.get(county.at("sales/")).status_code == 403
    assert keeper_of(an_organisation(place=OTHER_COUNTY)).get(county.at("sales/")).status_code == 403


def test_what_was_sold_goes_on_page_by_page(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = [place(county.fair) for _again in range(2)]
    for one in placed:
        pay(county.fair, one)
    keeper = keeper_of(county.organisation)
    whole = keeper.get(county.at("sales/")).content.decode()
    wanted = [part.partition("<")[0] for part in whole.split('<th scope="row">')[1:]]
    assert wanted[:2] == [one.number for one in reversed(placed)]
    monkeypatch.setattr("countyfair.surfaces.centre.views.shops.ROWS", 1)
    monkeypatch.setattr("countyfair.surfaces.centre.pages.leaf.__kwdefaults__", {"rows": 1, "path": ""})
    assert every_row(keeper, county.at("sales/")) == wanted
    assert keeper.get(county.at("sales/"), {"after": "x~y"}).status_code == 200


def test_organisations_and_shops_are_narrowed_and_go_on_page_by_page(
    county: County, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["样例~甲", "样例~乙", "样例~乙", "Tea_Co 丙", "Tea%Co 丁"]
    for name in names:
        a_shop(organisation=an_organisation(name=name), name_zh=name)
    for views in ("organisations", "shops"):
        monkeypatch.setattr(f"countyfair.surfaces.centre.views.{views}.ROWS", 1)
    monkeypatch.setattr("countyfair.surfaces.centre.pages.leaf.__kwdefaults__", {"rows": 1, "path": ""})
    for tail in ("organisations/", "shops/"):
        seen = every_row(staff, county.at(tail))
        assert sorted(set(seen) & set(names)) == sorted(set(names))
        assert seen.count("样例~乙") == 2
        assert sorted(every_row(staff, county.at(f"{tail}?q=样例~"))) == sorted(names[:3])
        assert every_row(staff, county.at(f"{tail}?q=TEA_co")) == ["Tea_Co 丙"]
        with CaptureQueriesContext(connection) as said:
            staff.get(county.at(tail))
        table = {"organisations/": "people_organisation", "shops/": "catalog_shop"}[tail]
        listed = [one["sql"] for one in said if f"FROM {table}" in one["sql"] and "ORDER BY" in one["sql"]]
        assert [sql.partition("LIMIT ")[2] for sql in listed] == ["2::int"]


def every_row(browser: Client, address: str) -> list[str]:
    """What the rows of a list are called, from its first page to its last."""
    seen: list[str] = []
    while address:
        page = browser.get(address).content.decode()
        for part in page.split('<th scope="row">')[1:]:
            called = part.partition("</th>")[0]
            seen.append(called.partition(">")[2].partition("<")[0] if called.startswith("<") else called)
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    return seen
