"""Staff's deeds with orders: done once, seen, refused with a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.sms.console import last_code
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.forms import count
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.orders import actions as orders

pytestmark = pytest.mark.django_db


def test_an_order_is_cancelled_with_a_reason(county: County, staff: Client) -> None:
    address = county.at(f"orders/{county.paid}/cancel/")
    assert staff.post(address, {"reason": "", "goods_are_back": "1"}).status_code == 422
    assert scalar("SELECT state FROM orders_order WHERE id = %s", [county.paid]) == "paid"
    assert staff.post(address, {"reason": "买家来电", "goods_are_back": "1"}).status_code == 302
    assert scalar("SELECT state FROM orders_order WHERE id = %s", [county.paid]) == "cancelled"
    page = staff.get(county.at(f"orders/{county.paid}/")).content.decode()
    assert "买家来电" in page
    assert 'cancel/"' not in page


def test_an_order_goes_from_packing_to_a_refund_of_part(county: County, staff: Client) -> None:
    tail = f"orders/{county.paid}/"
    once = str(uuid7())
    assert staff.post(county.at(tail + "pack/"), {"once": once, "weight": "x"}).status_code == 422
    assert staff.post(county.at(tail + "pack/"), {"once": once, "weight": "0.6"}).status_code == 302
    assert staff.post(county.at(tail + "hand-over/")).status_code == 302
    assert staff.post(county.at(tail + "deliver/"), {"evidence": "本人签收"}).status_code == 302
    line = scalar("SELECT id FROM orders_line WHERE order_id = %s", [county.paid])
    too_much = {"once": str(uuid7()), f"amount_{line}": "999", "reason": "坏了一包"}
    refused = staff.post(county.at(tail + "refund/"), too_much)
    assert refused.status_code == 422
    assert 'value="999"' in refused.content.decode()
    form = too_much | {f"amount_{line}": "9.80"}
    assert staff.post(county.at(tail + "refund/"), form).status_code == 302
    assert staff.post(county.at(tail + "refund/"), form).status_code == 302
    assert count("SELECT sum(amount_fen) FROM orders_refund WHERE order_id = %s", county.paid) == 980
    page = staff.get(county.at(tail)).content.decode()
    assert "20.00" in page
    assert "本人签收" in page


def test_the_shares_of_an_order_sum_on_its_page(county: County, staff: Client) -> None:
    page = staff.get(county.at(f"orders/{county.paid}/")).content.decode()
    table = page.split("</caption>")[2].split("</table>")[0]
    cells = [
        int(cell.replace(".", "")) for cell in re.findall(r'class="number">(?:<strong>)?(\d+\.\d\d)', table)
    ]
    assert sum(cells[:-1]) == cells[-1] == 2980


def test_the_receiver_is_opened_by_who_packs_on_record_and_by_no_auditor(
    county: County, staff: Client
) -> None:
    address, auditor = county.at(f"orders/{county.paid}/"), signed_in("auditor")
    for browser in (staff, auditor):
        assert "样例路 1 号" not in browser.get(address).content.decode()
    assert auditor.post(f"{address}receiver/").status_code == 403
    assert count("SELECT count(*) FROM orders_contactread") == 0
    opened = staff.post(f"{address}receiver/")
    assert (opened.status_code, "样例路 1 号" in opened.content.decode()) == (200, True)
    assert count("SELECT count(*) FROM orders_contactread WHERE purpose = 'desk'") == 1
    assert "与买家联系" in auditor.get(address).content.decode()
    assert "与买家联系" not in staff.get(address).content.decode()


def test_the_code_goes_to_the_buyer_again_and_not_too_often(
    county: County, staff: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    address = county.at(f"orders/{county.paid}/")
    assert f"{address}code/" not in staff.get(address).content.decode()
    assert staff.post(f"{address}code/").status_code == 409
    code = orders.pack(SYSTEM, order_id=county.paid, parcel=uuid7(), weight_g=600).pickup_code
    page = staff.get(address).content.decode()
    assert f"{address}code/" in page
    assert code not in page
    assert staff.post(f"{address}code/").status_code == 302
    assert last_code("+8619900008888") == code
    again = staff.post(f"{address}code/")
    assert (again.status_code, code in again.content.decode()) == (409, False)
    assert count("SELECT count(*) FROM orders_contactread WHERE purpose = 'tell_code'") == 1


def came_in_vain(county: County) -> None:
    """The parcel lies at its station, and nobody comes for it."""
    parcel = UUID(str(scalar("SELECT id FROM logistics_parcel WHERE reference = %s", [str(county.paid)])))
    logistics.arrive(SYSTEM, parcel=parcel, station=county.fair.station)
    orders.fail_delivery(SYSTEM, order_id=county.paid, reason="uncollected", note="样例：下雨")


def test_what_was_tried_in_vain_goes_out_again_and_then_comes_back(county: County, staff: Client) -> None:
    orders.pack(SYSTEM, order_id=county.paid, parcel=uuid7(), weight_g=600)
    orders.hand_over(SYSTEM, order_id=county.paid)
    address = county.at(f"orders/{county.paid}/")
    assert f"{address}again/" not in staff.get(address).content.decode()
    assert staff.get(f"{address}returned/").status_code == 404
    came_in_vain(county)
    page = staff.get(address).content.decode()
    assert "没有人来取 · 样例：下雨" in page
    assert f"{address}again/" in page
    assert f"{address}returned/" in page
    assert staff.post(f"{address}again/").status_code == 302
    assert staff.post(f"{address}again/").status_code == 409
    came_in_vain(county)
    refused = staff.post(f"{address}returned/", {"reason": "理由留着"})
    assert (refused.status_code, "理由留着" in refused.content.decode()) == (422, True)
    assert staff.post(f"{address}returned/", {"reason": "不要了", "fate": "spoilt"}).status_code == 302
    assert scalar("SELECT state FROM orders_order WHERE id = %s", [county.paid]) == "cancelled"
    assert count("SELECT count(*) FROM stock_movement WHERE kind = 'write_off'") == 1
    assert count("SELECT sum(amount_fen)::bigint FROM payments_refund") == 2980
