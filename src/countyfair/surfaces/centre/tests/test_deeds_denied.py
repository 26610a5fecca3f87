"""Deeds of those who may not, or not there, change nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.forms import count, product_form, terms
from countyfair.surfaces.ui.tests.clients import signed_in

pytestmark = pytest.mark.django_db


def test_an_auditor_s_deeds_change_nothing(county: County) -> None:
    auditor = signed_in("auditor")
    stall = county.fair.stall
    before = scalar("SELECT count(*) FROM kernel_change")
    once = str(uuid7())
    for tail, form in {
        f"orders/{county.paid}/hand-over/": {},
        f"orders/{county.paid}/refund/": {"once": once, "reason": "x"},
        f"orders/{county.paid}/deliver/": {"evidence": "x"},
        f"products/{stall.product}/withdraw/": {},
        f"products/{stall.product}/photos/withdraw/": {"photo": once},
        f"offers/{stall.offer}/change/": terms("1", "1.00"),
        f"offers/{stall.offer}/cap/": {"cap": "1"},
        f"offers/{stall.offer}/take-down/": {},
        "payouts/prepare/": {"once": once},
        f"refunds/{once}/again/": {},
        f"households/{county.household}/consent/": {"purpose": "trade", "how": "paper"},
        f"households/{county.household}/withdraw/": {"purpose": "trade"},
        f"stations/{county.fair.station}/appoint/": {"phone": "19900000001"},
        f"stations/{county.fair.station}/dismiss/": {"user": str(county.fair.agent.user_id)},
        f"people/{once}/end/": {},
        "freight/": {"believed": "1", "rows": "0"},
    }.items():
        assert auditor.post(county.at(tail), form).status_code == 403, tail
    assert scalar("SELECT count(*) FROM kernel_change") == before


def test_deeds_on_another_county_s_things_change_nothing(county: County) -> None:
    elsewhere = signed_in("county_admin", place="")
    before = scalar("SELECT count(*) FROM kernel_change")
    stall = county.fair.stall
    for tail, form in {
        f"orders/{county.paid}/cancel/": {"reason": "x"},
        f"orders/{county.paid}/hand-over/": {},
        f"offers/{stall.offer}/take-down/": {},
        f"offers/{stall.offer}/change/": terms("1", "1.00"),
        f"lots/{stall.lots[0]}/correct/": {"counted": "1", "reason": "x", "once": str(uuid7())},
        f"products/{stall.product}/withdraw/": {},
        f"households/{county.household}/withdraw/": {"purpose": "trade"},
        f"households/{county.household}/identity/": {"purpose": "trade"},
        f"stations/{county.fair.station}/close/": {},
    }.items():
        assert elsewhere.post(f"/centre/{OTHER_COUNTY}/{tail}", form).status_code == 404, tail
    assert scalar("SELECT count(*) FROM kernel_change") == before
    assert count("SELECT count(*) FROM people_householdread") == 0


def test_a_form_without_its_id_is_sent_back(county: County, staff: Client) -> None:
    answer = staff.post(county.at("products/new/"), product_form(county) | {"once": ""})
    assert answer.status_code == 422


def test_hostile_words_stay_words(county: County, staff: Client) -> None:
    hostile = "<script>alert(1)</script>"
    form = product_form(county, name_zh=hostile, code="H-1")
    page = staff.post(county.at("products/new/"), form, follow=True).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page
