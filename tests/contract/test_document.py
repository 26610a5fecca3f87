"""The API keeps to its committed description, and what would break callers is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from countyfair.surfaces.api.shapes import Given
from tests.contract.breaking import breaking
from tests.contract.here import current
from tests.contract.write import FILE

Document = dict[str, Any]


def committed() -> Document:
    found: Document = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_nothing_breaks_callers_of_the_committed_document() -> None:
    assert breaking(committed(), json.loads(current())) == []


def test_the_committed_document_is_what_the_api_answers_by() -> None:
    assert FILE.read_text(encoding="utf-8") == current(), "run `make openapi` and commit docs/openapi.json"


def test_no_two_bodies_share_a_name() -> None:
    names = [kind.__name__ for kind in _below(Given)]
    assert len(names) == len(set(names)), sorted(names)


def test_every_operation_is_described() -> None:
    for path, methods in committed()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], f"{method} {path}"
            assert operation["security"] or "Open to everybody" in operation["description"], path
            if method != "get":
                assert any(one["name"] == "Idempotency-Key" for one in operation["parameters"]), path


def _offer(document: Document) -> Document:
    schema: Document = document["components"]["schemas"]["Offer"]
    return schema


CHANGES: dict[str, tuple[Callable[[Document], object], str]] = {
    "a path": (lambda new: new["paths"].pop("/api/v1/counties"), "GET /api/v1/counties is removed"),
    "a field": (lambda new: _offer(new)["properties"].pop("outlet"), "/outlet is removed"),
    "another type": (
        lambda new: _offer(new)["properties"].update(outlet={"type": "integer"}),
        "/outlet is told as another type",
    ),
    "no longer sure": (lambda new: _offer(new)["required"].remove("outlet"), "/outlet may be missing now"),
    "a demand": (
        lambda new: new["components"]["schemas"]["Terms"]["required"].append("opens_at"),
        "/opens_at is demanded now",
    ),
    "a narrower number": (
        lambda new: new["components"]["schemas"]["LineWanted"]["properties"]["quantity"].update(maximum=5),
        "/quantity is narrower: maximum",
    ),
    "an answer": (
        lambda new: new["paths"]["/api/v1/orders"]["get"]["responses"].pop("200"),
        "GET /api/v1/orders does not answer 200 any more",
    ),
    "another scope": (
        lambda new: new["paths"]["/api/v1/orders"]["get"].update(security=[{"token": ["orders.read"]}]),
        "GET /api/v1/orders asks for another scope",
    ),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_breaking_change_is_named(name: str) -> None:
    change, sentence = CHANGES[name]
    new = copy.deepcopy(committed())
    change(new)
    found = breaking(committed(), new)
    assert any(sentence in one for one in found), found


def test_what_is_added_breaks_nobody() -> None:
    new = copy.deepcopy(committed())
    new["paths"]["/api/v1/more"] = {"get": {"responses": {}, "parameters": []}}
    _offer(new)["properties"]["more"] = {"type": "string"}
    new["components"]["schemas"]["Terms"]["properties"]["more"] = {"type": "string"}
    assert breaking(committed(), new) == []


def _below(kind: type[Given]) -> list[type[Given]]:
    found: list[type[Given]] = []
    for child in kind.__subclasses__():
        found += [child, *_below(child)]
    return found
