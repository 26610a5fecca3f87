"""Certificates at the desk: typed in, seen by buyers, taken back; what was typed wrong stays typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.surfaces.centre.tests.conftest import County, body
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog.queries.showing import product_page
from countyfair.trade.stock.queries import product_on_sale

pytestmark = pytest.mark.django_db


def test_a_certificate_is_entered_seen_and_taken_back(county: County) -> None:
    product = county.fair.stall.product
    browser = signed_in("centre_staff")
    browser.cookies["lang"] = "en"
    address = county.at(f"products/{product}/certificates/new/")
    typed = {
        "once": str(uuid7()), "kind": "organic", "number": "样例-7", "issuer": "样例认证机构",
        "since": today().isoformat(), "until": (today() - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert 'value="样例-7"' in body(refused).decode()
    typed["until"] = (today() + timedelta(days=30)).isoformat()
    assert browser.post(address, typed).status_code == 302

    page = browser.get(f"/goods/{product}/").content.decode()
    assert "Organic" in page
    assert "样例-7" in page
    assert '"@type":"Certification"' in page
    shown, _left = product_on_sale(product=product)
    assert shown.certificates == product_page(product=product).certificates

    desk = body(browser.get(county.at(f"products/{product}/"))).decode()
    assert "Ends soon" in desk
    key = desk.split('name="certificate" value="')[1].split('"')[0]
    back = county.at(f"products/{product}/certificates/withdraw/")
    assert browser.post(back, {"certificate": str(uuid7())}).status_code == 404
    assert browser.post(back, {"certificate": key}).status_code == 302
    assert "样例-7" not in browser.get(f"/goods/{product}/").content.decode()
