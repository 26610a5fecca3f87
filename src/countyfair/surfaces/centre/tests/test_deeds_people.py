"""Staff's deeds with households, stations, roles and terms: done once, seen, refused with a sentence."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client

from countyfair.kernel.audit import Audited
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY, VILLAGE, a_phone, a_role, a_user
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.forms import count, hidden, id_number, terms
from countyfair.surfaces.centre.views.trail import TABLES
from countyfair.surfaces.centre.words import COLUMNS
from countyfair.surfaces.ui.tests.clients import client_of, signed_in

pytestmark = pytest.mark.django_db


# --- households ---
def household_form(**changes: str) -> dict[str, object]:
    return {
        "once": str(uuid7()), "place": VILLAGE, "head_name": "样例·户主", "id_number": id_number(7),
        "phone": "19900007777", "bank_account": "6200 0000 0000 0001", "bank_name": "样例银行",
        "agreed": ["trade"], "how": "paper", **changes,
    }  # fmt: skip


def test_a_household_is_registered_once_and_its_identity_stays_sealed(county: County, staff: Client) -> None:
    form = household_form()
    answer = staff.post(county.at("households/new/"), form)
    assert answer["Location"] == county.at(f"households/{form['once']}/")
    assert staff.post(county.at("households/new/"), form).status_code == 302
    page = staff.get(answer["Location"]).content.decode()
    assert "样例·户主" not in page
    assert str(form["id_number"]) not in page
    twice = staff.post(county.at("households/new/"), household_form(head_name="别人"))
    assert twice.status_code == 409
    assert "别人" in twice.content.decode()


def test_a_household_outside_the_county_is_refused(county: County, staff: Client) -> None:
    answer = staff.post(county.at("households/new/"), household_form(place=f"{OTHER_COUNTY}100200"))
    assert answer.status_code == 422


def test_opening_an_identity_takes_a_purpose_and_leaves_a_line(county: County, staff: Client) -> None:
    tail = f"households/{county.household}/"
    nothing = staff.post(county.at(tail + "identity/"), {"purpose": ""})
    assert nothing.status_code == 422
    assert count("SELECT count(*) FROM people_householdread") == 0
    opened = staff.post(county.at(tail + "identity/"), {"purpose": "trade"})
    assert "样例·农" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert count("SELECT count(*) FROM people_householdread") == 1


def test_a_purpose_needs_its_consent_and_its_power(county: County, staff: Client) -> None:
    tail = f"households/{county.household}/"
    assert staff.post(county.at(tail + "withdraw/"), {"purpose": "trade"}).status_code == 302
    closed = staff.post(county.at(tail + "identity/"), {"purpose": "trade"})
    assert closed.status_code == 403
    assert "样例·农" not in closed.content.decode()
    assert staff.post(county.at(tail + "identity/"), {"purpose": "payout"}).status_code == 403
    assert count("SELECT count(*) FROM people_householdread") == 0
    given = {"purpose": "trade", "how": "voice", "until": ""}
    assert staff.post(county.at(tail + "consent/"), given).status_code == 302
    assert "样例·农" in staff.post(county.at(tail + "identity/"), {"purpose": "trade"}).content.decode()


# --- stations, people, terms ---
def test_a_station_is_opened_given_an_agent_and_closed(county: County, admin: Client) -> None:
    form = {"once": str(uuid7()), "kind": "village", "place": "450225100201", "name": "样例站"}
    assert admin.post(county.at("stations/new/"), form | {"name": ""}).status_code == 422
    address = admin.post(county.at("stations/new/"), form)["Location"]
    phone = a_phone()
    agent = a_user(phone=phone, name="样例·站长")
    assert admin.post(f"{address}appoint/", {"phone": "199"}).status_code == 422
    assert admin.post(f"{address}appoint/", {"phone": phone}).status_code == 302
    assert "样例·站长" in admin.get(address).content.decode()
    assert admin.post(f"{address}dismiss/", {"user": str(agent)}).status_code == 302
    assert admin.post(f"{address}close/").status_code == 302
    assert scalar("SELECT is_open FROM stations_station WHERE id = %s", [form["once"]]) is False


def test_a_role_is_given_and_ended(county: County, admin: Client) -> None:
    phone = a_phone()
    form = {
        "phone": phone,
        "name": "",
        "role": "centre_staff",
        "place": county.code,
        "since": "",
        "until": "",
    }
    unknown = admin.post(county.at("people/grant/"), form)
    assert unknown.status_code == 422
    assert phone in unknown.content.decode().replace("&#43;", "+")
    assert admin.post(county.at("people/grant/"), form | {"name": "样例·新人"}).status_code == 302
    page = admin.get(county.at("people/")).content.decode()
    assert "样例·新人" in page
    role = scalar(
        "SELECT r.id FROM people_roleheld r JOIN people_user u ON u.id = r.user_id WHERE u.phone = %s",
        [phone],
    )
    assert admin.get(county.at(f"people/{role}/end/")).status_code == 200
    assert admin.post(county.at(f"people/{role}/end/")).status_code == 302
    assert count("SELECT count(*) FROM people_roleheld WHERE id = %s AND until IS NULL", role) == 0


def test_nobody_gives_a_role_beyond_their_own_or_to_themselves(county: County) -> None:
    phone = a_phone()
    user = a_user(phone=phone)
    a_role(user, "county_admin")
    own = client_of(user)
    form = {"phone": phone, "role": "centre_finance", "place": county.code, "since": "", "until": ""}
    assert own.post(county.at("people/grant/"), form).status_code == 403
    assert (
        own.post(
            county.at("people/grant/"), form | {"phone": a_phone(), "name": "甲", "role": "auditor"}
        ).status_code
        == 403
    )
    elsewhere = own.post(county.at("people/grant/"), form | {"place": OTHER_COUNTY})
    assert elsewhere.status_code == 422
    assert count("SELECT count(*) FROM people_roleheld WHERE user_id = %s", user) == 1


def test_share_terms_change_by_a_new_version(county: County, admin: Client) -> None:
    form = {
        "household": "82",
        "station": "6",
        "centre": "7",
        "platform": "5",
        "return_window_days": "7",
        "weight_tolerance": "10",
        "claim_window_days": "14",
        "believed": "1",
    }
    wrong = admin.post(county.at("shares/"), form | {"platform": "6"})
    assert wrong.status_code == 422
    assert 'value="82"' in wrong.content.decode()
    assert admin.post(county.at("shares/"), form).status_code == 302
    assert admin.post(county.at("shares/"), form | {"platform": "4", "centre": "8"}).status_code == 409
    assert count("SELECT count(*) FROM orders_shareterms WHERE county = %s", county.code) == 2
    assert signed_in("auditor").post(county.at("shares/"), form).status_code == 403


def test_the_freight_table_is_replaced_as_a_whole(county: County, admin: Client) -> None:
    address = county.at("freight/")
    page = admin.get(address).content
    fields = dict(re.findall(r'name="([a-z_]+_\d+)" value="([^"]*)"', page.decode()))
    form = {name: value for name, value in fields.items() if not name.startswith(("refused", "drop"))}
    ways = {f"fulfilment_{n}": "delivery" for n in range(int(hidden(page, "rows")))}
    form |= ways | {"believed": hidden(page, "believed"), "rows": hidden(page, "rows"), "first_0": "13.00"}
    broken = admin.post(address, form | {"first_0": "x"})
    assert broken.status_code == 422
    assert 'value="x"' in broken.content.decode()
    assert admin.post(address, form).status_code == 302
    assert (
        count("SELECT first_fen FROM logistics_freightrule WHERE until IS NULL AND destination = ''") == 1300
    )
    assert admin.post(address, form).status_code == 409


def test_what_the_trail_has_words_for_are_columns_of_what_it_lists() -> None:
    recorded = [model for model in apps.get_models() if model._meta.db_table in TABLES]
    assert len(recorded) == len(TABLES)
    assert set(COLUMNS) <= {field.column for model in recorded for field in model._meta.fields}


def test_the_trail_has_a_word_for_every_table_whose_changes_are_recorded() -> None:
    recorded = {
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(trigger, Audited) for trigger in getattr(model._meta, "triggers", ()))
    }
    assert recorded == set(TABLES)


def test_the_trail_says_who_changed_what(county: County, staff: Client) -> None:
    staff.post(county.at(f"offers/{county.fair.stall.offer}/change/"), terms("1", "35.00"))
    page = signed_in("auditor").get(county.at("trail/?table=catalog_offer")).content.decode()
    assert ">价格</span>" in page
    assert "<code>price_fen</code>" not in page
    assert "¥29.80" in page
    assert "¥35.00" in page
    assert "样例·甲" in page
