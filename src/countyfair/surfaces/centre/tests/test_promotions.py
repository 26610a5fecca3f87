"""Promotions at the desk: given out, seen in use, ended; a shop keeper's own and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.formats import local
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders.tests.factories import place
from countyfair.trade.promotions import queries

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
FORM = {
    "code": "desk-5", "name_zh": "样例券", "name_en": "Sample coupon", "off": "5.00", "least": "20",
    "bearer": "household", "closes_at": "2027-06-01T12:00", "limit_each": "1", "public": "1",
}  # fmt: skip


def test_a_coupon_is_given_out_used_and_ended(county: County) -> None:
    staff, once = signed_in("centre_staff"), uuid7()
    answer = staff.post(county.at("promotions/new/"), {**FORM, "once": str(once)})
    assert answer.status_code == 302, answer.content.decode()
    row = queries.promotion(SYSTEM, promotion=once)
    assert (row.code, row.off_fen, row.least_fen, row.limit_each, row.bearer, row.public) == (
        "DESK5", 500, 2000, 1, "household", True,
    )  # fmt: skip
    placed = place(county.fair, coupon="DESK5", expected_total_fen=2480)
    page = staff.get(county.at(f"promotions/{once}/"), headers=ENGLISH).content.decode()
    assert f"/orders/{placed.order}/" in page
    assert "Counts now" in page
    assert "everybody, on the stall" in page
    shown = staff.get(county.at(f"orders/{placed.order}/"), headers=ENGLISH).content.decode()
    assert "Sample coupon" in shown
    assert staff.post(county.at(f"promotions/{once}/end/")).status_code == 302
    assert "Ended" in staff.get(county.at("promotions/"), headers=ENGLISH).content.decode()


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(county: County) -> None:
    staff = signed_in("centre_staff")
    for change, sentence in (
        ({"percent": "10"}, "Take off either a percentage or an amount."),
        ({"code": "!"}, "Write a code of 3 to 20 letters and figures."),
        ({"closes_at": ""}, "Say until when it counts."),
        ({"off": "x"}, "Write the amount as a number"),
    ):
        answer = staff.post(
            county.at("promotions/new/"), {**FORM, **change, "once": str(uuid7())}, headers=ENGLISH
        )
        page = answer.content.decode()
        assert answer.status_code == 422, change
        assert sentence in page
        assert 'value="样例券"' in page


def test_only_who_sets_the_terms_lets_others_than_households_bear_it(county: County) -> None:
    answer = signed_in("centre_staff").post(
        county.at("promotions/new/"), {**FORM, "bearer": "platform", "once": str(uuid7())}
    )
    assert answer.status_code == 403
    answer = signed_in("county_admin").post(
        county.at("promotions/new/"), {**FORM, "bearer": "platform", "once": str(uuid7())}
    )
    assert answer.status_code == 302


def test_a_bundle_is_made_of_a_stall_s_goods_seen_and_ended(county: County) -> None:
    staff, once, offer = signed_in("centre_staff"), uuid7(), county.fair.stall.offer
    page = staff.get(county.at("promotions/bundle/"), headers=ENGLISH).content.decode()
    assert "Make a bundle" in page
    address = county.at(f"promotions/bundle/?shop={_shop(county)}")
    assert f'name="packs-{offer}"' in staff.get(address).content.decode()
    said = {
        "offer": [str(offer)], f"packs-{offer}": "3", "price": "79.90", "name_zh": "三袋装",
        "name_en": "Three",
        "bearer": "household", "opens_at": "2026-01-01T08:00", "closes_at": "2026-12-31T20:00",
        "once": str(once),
    }  # fmt: skip
    for change, sentence in (
        ({"price": "89.40"}, "Together it must cost less than alone"),
        ({f"packs-{offer}": "1"}, "A bundle has two packs at least."),
        ({f"packs-{offer}": "x"}, "Write a whole number."),
        ({"opens_at": ""}, "Say from when it counts."),
    ):
        answer = staff.post(address, {**said, **change}, headers=ENGLISH)
        assert answer.status_code == 422, change
        assert sentence in answer.content.decode()
        assert 'value="三袋装"' in answer.content.decode()
    for _pressed_twice in range(2):
        assert staff.post(address, said).status_code == 302
    placed = place(county.fair, packs=4, expected_total_fen=7990 + 2980)
    page = staff.get(county.at(f"promotions/{once}/"), headers=ENGLISH).content.decode()
    for words in (f"/orders/{placed.order}/", "In one set", "79.90", "89.40"):
        assert words in page
    assert "bundle" in staff.get(county.at("promotions/"), headers=ENGLISH).content.decode()
    assert staff.post(county.at(f"promotions/{once}/end/")).status_code == 302
    place(county.fair, packs=3, expected_total_fen=8940)


def _shop(county: County) -> object:
    product = county.fair.stall.product
    return scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [product])


def test_a_group_is_opened_from_its_offer(county: County) -> None:
    staff, once = signed_in("centre_staff"), uuid7()
    said = {
        "name_zh": "样例拼团", "price": "19.80", "needed": "3", "bearer": "household", "closes_at": "x",
        "once": str(once),
    }  # fmt: skip
    there = county.at(f"offers/{county.fair.stall.offer}/group/")
    assert staff.post(there, said).status_code == 422
    closes = local(now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    dear = staff.post(there, said | {"closes_at": closes, "price": "29.80"}, headers=ENGLISH)
    assert "Together it must cost less than alone" in dear.content.decode()
    answer = staff.post(there, said | {"closes_at": closes})
    assert answer.status_code == 302, answer.content.decode()
    page = staff.get(county.at(f"promotions/{once}/"), headers=ENGLISH).content.decode()
    assert f"/groups/{once}/" in page
    assert "Gathering" in page
