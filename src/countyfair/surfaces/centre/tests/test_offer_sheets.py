"""Offers as a sheet: out, changed, brought back, looked through, taken over once, and undone."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County, body
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog.actions.offer_sheets import work_sheets

pytestmark = pytest.mark.django_db


def price(county: County) -> object:
    return scalar("SELECT price_fen FROM catalog_offer WHERE id = %s", [county.fair.stall.offer])


def exported(county: County, staff: Client, kind: str = "csv") -> bytes:
    return body(staff.get(county.at(f"offers.{kind}")))


def changed(sheet: bytes, **cells: str) -> bytes:
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    for name, value in cells.items():
        rows[1][rows[0].index(name)] = value
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def brought(county: County, staff: Client, data: bytes, name: str = "offers.csv") -> str:
    sent = {"once": str(uuid7()), "file": SimpleUploadedFile(name, data)}
    answer = staff.post(county.at("offers/bring/"), sent)
    assert answer.status_code == 302
    assert "<progress" in staff.get(answer["Location"]).content.decode()
    work_sheets(SYSTEM)
    return str(answer["Location"])


@pytest.fixture
def reader(staff: Client) -> Client:
    staff.cookies["lang"] = "en"
    return staff


def test_a_changed_sheet_is_looked_through_taken_over_once_and_undone(county: County, reader: Client) -> None:
    terms = {"Price (yuan)": "31.5", "Closes": "2027-01-01 08:00", "Most for one buyer": "3"}
    data = changed(exported(county, reader), **terms)
    address = brought(county, reader, data)
    page = reader.get(address).content.decode()
    assert "31.50" in page
    assert price(county) == 2980
    for _pressed_twice in range(2):
        assert reader.post(address).status_code == 302
        work_sheets(SYSTEM)
        assert price(county) == 3150
        assert (
            scalar("SELECT most_per_buyer FROM catalog_offer WHERE id = %s", [county.fair.stall.offer]) == 3
        )
    key = address.rstrip("/").rpartition("/")[2]
    assert "29.80" in reader.get(county.at(f"offers/changes/{key}/")).content.decode()
    assert reader.post(county.at(f"offers/changes/{key}/undo/"), {"once": str(uuid7())}).status_code == 302
    assert price(county) == 2980


def test_a_workbook_comes_back_as_it_went(county: County, reader: Client) -> None:
    address = brought(county, reader, exported(county, reader, "xlsx"), "offers.xlsx")
    assert scalar("SELECT state FROM catalog_offersheet") == "ready"
    assert "0 offers would be changed" in reader.get(address).content.decode()


def test_every_wrong_cell_is_named_and_nothing_changes(county: County, reader: Client) -> None:
    bad = {
        "Price (yuan)": "free",
        "Most in one order": "0",
        "State": "perhaps",
        "Opens": "soon",
        "Most for one buyer": "0",
    }
    address = brought(county, reader, changed(exported(county, reader), **bad))
    page = reader.get(address).content.decode()
    for cell in ("free", "perhaps", "soon"):
        assert cell in page
    assert scalar("SELECT summary->>'count' FROM catalog_offersheet") == "5"
    assert reader.post(address).status_code == 409
    assert price(county) == 2980


def test_an_offer_edited_since_the_export_is_refused_with_both_prices(county: County, reader: Client) -> None:
    data = changed(exported(county, reader), **{"Price (yuan)": "31.5"})
    version = scalar("SELECT version FROM catalog_offer WHERE id = %s", [county.fair.stall.offer])
    edit = {
        "once": str(uuid7()),
        "offer": f"{county.fair.stall.offer}:{version}",
        "what": "price",
        "percent": "-50",
    }
    reader.post(county.at("offers/edit/"), edit)
    page = reader.get(brought(county, reader, data)).content.decode()
    assert "14.90" in page
    assert "31.50" in page
    assert price(county) == 1490


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"PK\x03\x04broken"])
def test_what_is_no_sheet_of_offers_is_told(county: County, reader: Client, data: bytes) -> None:
    sent = {"once": str(uuid7()), "file": SimpleUploadedFile("x.csv", data)}
    answer = reader.post(county.at("offers/bring/"), sent)
    if answer.status_code == 302:
        work_sheets(SYSTEM)
        assert scalar("SELECT state FROM catalog_offersheet") == "refused"
        answer = reader.get(answer["Location"])
    else:
        assert answer.status_code == 422
    assert price(county) == 2980


def test_another_s_sheet_is_not_there(county: County, reader: Client) -> None:
    address = brought(county, reader, exported(county, reader))
    assert signed_in("centre_staff").get(address).status_code == 404
    assert signed_in("centre_staff").post(address).status_code == 404
