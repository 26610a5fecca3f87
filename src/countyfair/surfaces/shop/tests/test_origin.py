"""Whoever scans a label sees where the parcel comes from, and nothing of who bought it."""

from __future__ import annotations

import json

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders.tests.factories import CONTACT, a_fair
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.rules.numbers import sscc
from countyfair.trade.trace.tests.factories import delivered, numbered, recalled, waybill_of

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_a_label_leads_to_lots_villages_and_what_the_household_gets(client: Client) -> None:
    fair = a_fair()
    numbered(fair)
    order = delivered(fair)

    page = client.get(f"/parcels/{waybill_of(order)}", headers=ENGLISH)

    said = page.content.decode()
    assert page.status_code == 200
    assert "Black sticky rice" in said
    assert "¥47.68" in said
    assert "Harvested on" in said
    for secret in (CONTACT.name, CONTACT.address, "1990000", str(order), str(fair.households[0])):
        assert secret not in said


@override_settings(COUNTYFAIR_GS1_PREFIXES={"450225": "6912345"})
def test_an_sscc_opens_the_same_page_and_its_document(client: Client) -> None:
    fair = a_fair()
    numbered(fair)
    waybill = waybill_of(delivered(fair))
    address = f"/00/{sscc(waybill, '6912345')}"

    assert waybill in client.get(address).content.decode()
    document = client.get(address, headers={"accept": "application/ld+json"})
    assert document["Content-Type"] == "application/ld+json"
    assert document["Vary"].count("Accept")
    events = json.loads(document.content)["epcisBody"]["eventList"]
    assert address in json.dumps(events)
    assert client.get("/00/012345678901234560").status_code == 404


def test_a_lot_s_digital_link_opens_its_page_and_a_wrong_one_does_not(client: Client) -> None:
    fair = a_fair()
    numbered(fair)
    lot = queries.history(SYSTEM, lot=fair.stall.lots[0])
    address = f"/01/02450225000015/10/{lot.number}"

    assert lot.number in client.get(address).content.decode()
    assert client.get(f"{address}?linkType=gs1:epcis")["Content-Type"] == "application/ld+json"
    for wrong in (f"/01/02450225000016/10/{lot.number}", "/01/02450225000015/10/x", "/01/1/10/%00"):
        assert client.get(wrong).status_code == 404


def test_a_recalled_lot_says_so_on_its_parcel_and_on_the_order(client: Client) -> None:
    fair = a_fair()
    numbered(fair)
    order = delivered(fair)
    recalled(fair.stall.lots[0])
    actions.tell_buyers()

    assert "Do not eat it" in client.get(f"/parcels/{waybill_of(order)}", headers=ENGLISH).content.decode()


def test_the_page_costs_three_statements(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fair = a_fair(lots=(600, 10_000))
    numbered(fair)
    address = f"/parcels/{waybill_of(delivered(fair, packs=2))}"
    client.get(address)

    with django_assert_max_num_queries(3):
        assert client.get(address).status_code == 200
