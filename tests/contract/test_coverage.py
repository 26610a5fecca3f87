"""What a page takes from a person an endpoint takes from a program, or the table says why not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings

from countyfair.surfaces.api.document import document
from countyfair.surfaces.api.endpoints import api
from tests.denial.doors import DOORS

TABLE = settings.ROOT / "docs" / "api-coverage.md"
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.M)
#: Says of a page which endpoints do the same.
ENDPOINTS = re.compile(r"^`\w+`(, `\w+`)*$")


def covered() -> dict[str, str]:
    """What the table says, by page."""
    return dict(ROW.findall(TABLE.read_text(encoding="utf-8")))


def wrong(pages: Iterable[str], table: dict[str, str], operations: set[str]) -> list[str]:
    """What is wrong with a table of pages and endpoints, a sentence each."""
    found = [f"{page} takes something and stands nowhere" for page in pages if page not in table]
    found += [f"{page} is no page that takes something" for page in table if page not in set(pages)]
    for page, said in table.items():
        if not ENDPOINTS.match(said):
            found += [f"{page} says no reason"] if "`" in said or len(said.split()) < 5 else []
        else:
            named = re.findall(r"\w+", said)
            found += [f"{page}: no endpoint {one}" for one in named if one not in operations]
    return found


def test_what_a_page_takes_an_endpoint_takes_or_it_is_said_why_not() -> None:
    pages = [name for name, door in DOORS.items() if door.takes is not None]
    assert wrong(pages, covered(), _operations()) == []


def test_a_new_page_without_an_endpoint_is_noticed() -> None:
    table = dict.fromkeys(("shop:old", "shop:gone"), "`place_order`")
    table |= {"shop:bad": "`no_such`", "shop:mute": "-"}
    assert wrong(["shop:old", "shop:bad", "shop:mute", "shop:new"], table, {"place_order"}) == [
        "shop:new takes something and stands nowhere",
        "shop:gone is no page that takes something",
        "shop:bad: no endpoint no_such",
        "shop:mute says no reason",
    ]


def _operations() -> set[str]:
    paths = document(api)["paths"]
    return {one["operationId"] for methods in paths.values() for one in methods.values()}
