"""What the tests of the desk's deeds count, fill into its forms and read off them."""

from __future__ import annotations

import re

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.rules import check_digit
from countyfair.registers.people.tests.factories import VILLAGE
from countyfair.surfaces.centre.tests.conftest import County


def count(sql: str, *params: object) -> int:
    return int(str(scalar(sql, params)))


def id_number(serial: int = 1) -> str:
    body = f"990225195001{serial % 28 + 1:02d}{serial:03d}"
    return body + check_digit(body)


def hidden(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.decode())
    assert found, name
    return found[1]


def terms(version: str, price: str) -> dict[str, str]:
    return {"version": version, "price": price, "most_per_order": "99", "opens_at": "", "closes_at": ""}


def product_form(county: County, **changes: str) -> dict[str, str]:
    shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [county.fair.stall.product])
    return {
        "once": str(uuid7()), "shop": str(shop), "code": "XG-1", "name_zh": "香菇", "name_en": "Shiitake",
        "category": "mushroom", "place": VILLAGE, "unit": "g", "kind": "goods", "season_months": "3",
        "story_zh": "山里的", **changes,
    }  # fmt: skip
