"""Papers: labels, packing lists and receipts, made for real and read back."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from markupsafe import Markup

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import link_token
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County, paid_order
from countyfair.surfaces.ui import printing
from countyfair.surfaces.ui.page import part
from countyfair.surfaces.ui.papers import LABELS, Label, qr
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.tests.factories import CONTACT, marked, place
from countyfair.trade.orders.tests.test_life import pay

pytestmark = pytest.mark.django_db

needs_pango = pytest.mark.skipif(
    printing._library() is None, reason="Pango is missing here: a sentence says so instead of a PDF."
)


def packed(county: County) -> UUID:
    order = paid_order(county.fair)
    row = queries.order(SYSTEM, order_id=order)
    weights = {line.id: line.quantity * line.content_amount for line in row.lines if line.sold_by == "weight"}
    actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=900, weights=weights)
    return order


def opened() -> object:
    return scalar("SELECT count(*) FROM orders_contactread WHERE purpose = 'label'")


def pages(made: bytes) -> int:
    """How many a PDF has; its objects lie packed in streams."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", made, re.S)
    plain = made + b"".join(zlib.decompressobj().decompress(one) for one in packed if one.startswith(b"x"))
    return len(re.findall(rb"/Type /Page\b", plain))


@needs_pango
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_parcels_get_two_labels_and_two_readings_on_record(
    county: County, staff: Client, language: str
) -> None:
    orders = [packed(county), packed(county)]
    staff.cookies["lang"] = language
    answer = staff.post(county.at("orders/labels/"), {"order": [str(key) for key in orders]})
    assert answer["Content-Type"] == "application/pdf"
    assert pages(answer.content) == 2
    assert opened() == 2


def test_an_order_that_is_not_packed_gets_no_label_and_opens_nobody(county: County, staff: Client) -> None:
    ready = packed(county)
    answer = staff.post(
        county.at("orders/labels/"), {"order": [str(ready), str(county.paid)], "asked": "state=paid"}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith("orders/?state=paid")
    assert (
        queries.order(SYSTEM, order_id=county.paid).number in staff.get(answer["Location"]).content.decode()
    )
    assert opened() == 0


def test_without_pango_no_receiver_is_opened(
    county: County, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = packed(county)
    monkeypatch.setattr("countyfair.surfaces.ui.printing._library", lambda: None)
    answer = staff.post(county.at("orders/labels/"), {"order": str(order)})
    assert "Pango" in staff.get(answer["Location"]).content.decode()
    assert opened() == 0


@pytest.mark.parametrize("tail", ["orders/labels/", "orders/packing-list/"])
def test_nothing_ticked_is_told_on_the_list(county: County, staff: Client, tail: str) -> None:
    assert staff.post(county.at(tail), {"order": "nonsense"}).status_code == 302


@needs_pango
def test_a_packing_list_and_a_receipt_are_printed(county: County, staff: Client) -> None:
    listed = staff.post(county.at("orders/packing-list/"), {"order": str(county.paid)})
    assert listed.content.startswith(b"%PDF")
    assert staff.get(county.at(f"orders/{county.paid}/receipt.pdf")).content.startswith(b"%PDF")


@needs_pango
def test_a_buyer_prints_the_receipt_and_a_stranger_does_not(county: County) -> None:
    link = f"/orders/{county.paid}/{link_token(str(county.paid), 'order')}/receipt.pdf"
    assert pages(Client().get(link).content) == 1
    assert signed_in().get(f"/orders/{county.paid}/receipt.pdf").status_code == 404


@needs_pango
def test_a_label_is_one_page_with_the_origin_code_too() -> None:
    label = Label(
        waybill="YT450225000000001", number="450225-1", weight_g=900, goal="", way="样例省 样例市",
        name="样例·买家", phone="19900000000", address="样例路 1 号", note="放门口" * 20, sender="样例站",
        sender_phone="", qr=qr("YT450225000000001"), origin_qr=qr("https://example.org/origin/1"),
    )  # fmt: skip
    made = printing.paper("label", "ui/papers/labels.html", {"labels": [label]}, LABELS)
    assert pages(made.content) == 1


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What papers are set from."""
    kept: list[str] = []

    def keeping(template: str, context: Mapping[str, object]) -> Markup:
        made = part(template, context)
        kept.append(str(made))
        return made

    monkeypatch.setattr(printing, "part", keeping)
    return kept


@needs_pango
def test_labels_and_receipts_name_the_mark_that_goods_were_sold_under(
    county: County, staff: Client, drawn: list[str]
) -> None:
    marked(county.fair, county.fair.stall)
    order = packed(county)
    staff.post(county.at("orders/labels/"), {"order": str(order)})
    staff.get(county.at(f"orders/{order}/receipt.pdf"))
    staff.get(county.at(f"orders/{county.paid}/receipt.pdf"))
    assert ["样例脐橙" in paper for paper in drawn] == [True, True, False]


@needs_pango
def test_a_gift_s_slip_is_opened_on_record_and_its_receipt_says_that_it_stays_out(
    county: County, staff: Client, drawn: list[str]
) -> None:
    given = replace(CONTACT, gift=Gift("样例·奶奶", "", "生日快乐"))
    placed = place(county.fair, contact=given)
    pay(county.fair, placed)
    staff.cookies["lang"] = "en"
    answer = staff.post(county.at(f"orders/{placed.order}/slip/"))
    assert answer["Content-Type"] == "application/pdf"
    assert "生日快乐" in drawn[0]
    assert "¥" not in drawn[0]
    assert CONTACT.name not in drawn[0]
    assert scalar("SELECT string_agg(purpose, ' ') FROM orders_contactread") == "gift_slip"
    staff.get(county.at(f"orders/{placed.order}/receipt.pdf"))
    assert "does not go into the parcel" in drawn[1]
    page = staff.get(county.at(f"orders/{placed.order}/")).content.decode()
    assert "Gift: no prices" in page
    opened_page = staff.post(county.at(f"orders/{placed.order}/receiver/")).content.decode()
    assert "样例·奶奶" in opened_page
    assert CONTACT.name in opened_page
