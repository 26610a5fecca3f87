"""Staff's deeds with lots, products and offers: done once, seen, refused with a sentence."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.forms import count, hidden, product_form, terms

pytestmark = pytest.mark.django_db


# --- lots ---
def test_a_lot_is_corrected_once_however_often_the_button_is_pressed(county: County, staff: Client) -> None:
    lot = county.fair.stall.lots[1]
    form = {"counted": "9.5", "reason": "再称一次", "once": str(uuid7())}
    address = county.at(f"lots/{lot}/correct/")
    assert staff.post(address, form).status_code == 302
    assert staff.post(address, form).status_code == 302
    assert count("SELECT on_hand FROM stock_lot WHERE id = %s", lot) == 9500
    assert count("SELECT count(*) FROM stock_movement WHERE lot_id = %s AND kind = 'correct'", lot) == 1
    assert "再称一次" in staff.get(county.at(f"lots/{lot}/")).content.decode()


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(county: County, staff: Client) -> None:
    lot = county.fair.stall.lots[0]
    form = {"counted": "abc", "reason": "理由留着", "once": str(uuid7())}
    answer = staff.post(county.at(f"lots/{lot}/correct/"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="abc"' in page
    assert "理由留着" in page
    assert form["once"] in page
    assert 'id="e-counted"' in page
    assert 'href="#f-counted"' in page


def test_a_lot_below_its_promises_is_refused_until_they_are_released(county: County, staff: Client) -> None:
    lot = county.fair.stall.lots[0]
    address = county.at(f"lots/{lot}/correct/")
    form = {"counted": "0", "reason": "鼠害", "once": str(uuid7())}
    refused = staff.post(address, form)
    assert refused.status_code == 409
    assert 'name="release"' in refused.content.decode()
    assert count("SELECT on_hand FROM stock_lot WHERE id = %s", lot) == 10_000
    assert staff.post(address, {**form, "release": "1"}).status_code == 302
    assert count("SELECT on_hand FROM stock_lot WHERE id = %s", lot) == 0
    assert count("SELECT count(*) FROM stock_reservation WHERE lot_id = %s AND state = 'held'", lot) == 0


def test_what_is_spoilt_is_written_off(county: County, staff: Client) -> None:
    lot = county.fair.stall.lots[1]
    form = {"amount": "500 g", "reason": "受潮", "once": str(uuid7())}
    assert staff.post(county.at(f"lots/{lot}/write-off/"), form).status_code == 302
    assert count("SELECT on_hand FROM stock_lot WHERE id = %s", lot) == 9500


# --- products and offers ---
def test_a_product_is_added_given_a_pack_and_put_up_at_two_outlets(county: County, staff: Client) -> None:
    form = product_form(county)
    assert staff.post(county.at("products/new/"), form)["Location"] == county.at(f"products/{form['once']}/")
    assert staff.post(county.at("products/new/"), form).status_code == 302
    assert count("SELECT count(*) FROM catalog_product WHERE code = 'XG-1'") == 1
    pack = {"once": str(uuid7()), "code": "XG-1-500", "label_zh": "500克装", "content_amount": "500 g",
            "sold_by": "piece"}  # fmt: skip
    assert staff.post(county.at(f"products/{form['once']}/packs/new/"), pack).status_code == 302
    address = county.at(f"products/{form['once']}/packs/{pack['once']}/offer/")
    page = staff.get(address).content
    offer = {
        "price": "29.80", "outlets": ["shop", "station"], "cap_shop": "2", "cap_station": "",
        "most_per_order": "9", "offer_shop": hidden(page, "offer_shop"),
        "offer_station": hidden(page, "offer_station"),
    }  # fmt: skip
    assert staff.post(address, offer).status_code == 302
    assert staff.post(address, offer).status_code == 302
    assert count("SELECT count(*) FROM catalog_offer WHERE pack_id = %s AND state = 'on'", pack["once"]) == 2
    assert count("SELECT cap_amount FROM stock_supply WHERE offer_id = %s", offer["offer_shop"]) == 2000


def test_a_product_that_cannot_be_is_refused_with_all_that_was_typed(county: County, staff: Client) -> None:
    answer = staff.post(county.at("products/new/"), product_form(county, name_zh="", code="QQ"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="QQ"' in page
    assert "山里的" in page
    assert 'id="e-name_zh"' in page
    assert count("SELECT count(*) FROM catalog_product WHERE code = 'QQ'") == 0


def test_a_product_is_changed_and_withdrawn_once_its_offers_are_down(county: County, staff: Client) -> None:
    product = county.fair.stall.product
    form = product_form(county, code="NEW-9", category="grain")
    assert staff.post(county.at(f"products/{product}/change/"), form).status_code == 302
    assert scalar("SELECT code FROM catalog_product WHERE id = %s", [product]) == "NEW-9"
    assert staff.post(county.at(f"products/{product}/withdraw/")).status_code == 409
    assert staff.post(county.at(f"offers/{county.fair.stall.offer}/take-down/")).status_code == 302
    assert staff.post(county.at(f"products/{product}/withdraw/")).status_code == 302


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "tan").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rice.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("rice.jpg", b"no picture at all"),
        ("empty.jpg", b""),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    county: County, staff: Client, name: str, data: bytes
) -> None:
    file = io.BytesIO(data)
    file.name = name
    form = {"once": str(uuid7()), "photo": file, "alt_zh": "一碗米"}
    answer = staff.post(county.at(f"products/{county.fair.stall.product}/photos/new/"), form)
    assert answer.status_code == 422
    assert 'id="e-photo"' in answer.content.decode()
    assert "一碗米" in answer.content.decode()
    assert count("SELECT count(*) FROM catalog_photo") == 0


def test_a_photo_is_shown_and_taken_away(
    county: County, staff: Client, settings: object, tmp_path: object
) -> None:
    setattr(settings, "MEDIA_ROOT", str(tmp_path))  # noqa: B010  (pytest-django's settings are untyped)
    product = county.fair.stall.product
    file = io.BytesIO(picture())
    file.name = "rice.jpg"
    form = {"once": str(uuid7()), "photo": file, "alt_zh": "一碗米"}
    assert staff.post(county.at(f"products/{product}/photos/new/"), form).status_code == 302
    assert "一碗米" in staff.get(county.at(f"products/{product}/")).content.decode()
    address = county.at(f"products/{product}/photos/withdraw/")
    assert staff.post(address, {"photo": form["once"]}).status_code == 302
    assert "一碗米" not in staff.get(county.at(f"products/{product}/")).content.decode()


def test_a_price_changed_meanwhile_shows_both_versions(county: County, staff: Client) -> None:
    offer = county.fair.stall.offer
    address = county.at(f"offers/{offer}/change/")
    version = hidden(staff.get(county.at(f"offers/{offer}/")).content, "version")
    assert staff.post(address, terms(version, "31.00")).status_code == 302
    late = staff.post(address, terms(version, "28.00"))
    page = late.content.decode()
    assert late.status_code == 409
    assert "31.00" in page
    assert "28.00" in page
    assert count("SELECT price_fen FROM catalog_offer WHERE id = %s", offer) == 3100
    assert staff.post(address, terms(hidden(late.content, "version"), "28.00")).status_code == 302
    assert count("SELECT price_fen FROM catalog_offer WHERE id = %s", offer) == 2800


def test_a_cap_below_what_is_used_is_refused(county: County, staff: Client) -> None:
    offer = county.fair.stall.offer
    address = county.at(f"offers/{offer}/cap/")
    low = staff.post(address, {"fed": "1", "believed": "", "cap": "0.1"})
    assert low.status_code == 409
    assert 'value="0.1"' in low.content.decode()
    assert staff.post(address, {"fed": "1", "believed": "", "cap": "5"}).status_code == 302
    assert count("SELECT cap_amount FROM stock_supply WHERE offer_id = %s", offer) == 5000
