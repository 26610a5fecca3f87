"""Files that take long: asked for at the desk, made by the worker, and one's own."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.test import Client
from openpyxl import load_workbook

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.actions import end_role
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.registers.tasks.actions import work
from countyfair.surfaces.centre import labels, sheets
from countyfair.surfaces.centre.tasks import WORKERS
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.centre.tests.test_papers import needs_pango, opened, packed, pages
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.settlement.tests.factories import a_batch, a_completed_order

pytestmark = pytest.mark.django_db


def asked(county: County, client: Client, **sent: str) -> str:
    answer = client.post(county.at("files/new/"), {"once": str(uuid7()), **sent})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def done() -> int:
    return work(Actor.system("tasks.work"), workers=WORKERS)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@needs_pango
def test_labels_of_a_whole_list_are_made_beside_the_pages(
    county: County, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "PART", 2)
    staff.cookies["lang"] = "en"
    for _number in range(3):
        packed(county)
    address = asked(county, staff, kind="labels", asked="state=packed")
    assert "<progress" in text(staff, address)
    assert opened() == 0
    assert done() == 1
    page = text(staff, address)
    assert "<progress" not in page
    assert f"{address}file/" in page
    made = staff.get(f"{address}file/")
    assert pages(made.content) == 3
    assert opened() == 3
    assert scalar("SELECT done || '/' || total FROM tasks_task") == "3/3"
    assert signed_in("centre_staff").get(f"{address}file/").status_code == 404
    assert address.rstrip("/").rpartition("/")[2] in text(staff, "/account/news/")
    assert "Labels of a list" in text(staff, county.at("files/"))


@needs_pango
def test_a_list_without_parcels_has_no_labels_and_says_so(county: County, staff: Client) -> None:
    staff.cookies["lang"] = "en"
    address = asked(county, staff, kind="labels", asked="state=paid")
    done()
    assert "there is no label" in text(staff, address)
    assert staff.get(f"{address}file/").status_code == 404


def test_a_long_table_is_offered_as_a_file_and_is_whole(
    county: County, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    staff.cookies["lang"] = "en"
    offered = text(staff, county.at("orders.xlsx?state="))
    assert "more than 1 rows" in offered
    assert 'value="orders_table"' in offered
    address = asked(county, staff, kind="orders_table", asked="state=")
    done()
    book = load_workbook(io.BytesIO(staff.get(f"{address}file/").content), read_only=True)
    rows = list(book.worksheets[0].values)
    assert rows[0][0] == "Number"
    assert len(rows) == 1 + int(str(scalar("SELECT count(*) FROM orders_order")))


def test_one_is_stopped_and_a_kind_needs_its_power(county: County, staff: Client) -> None:
    address = asked(county, staff, kind="orders_table", asked="")
    assert staff.post(f"{address}stop/").status_code == 302
    assert done() == 0
    assert scalar("SELECT state FROM tasks_task") == "stopped"
    sent = {"once": str(uuid7()), "kind": "statements", "batch": str(uuid7())}
    assert staff.post(county.at("files/new/"), sent).status_code == 403
    assert staff.post(county.at("files/new/"), sent | {"kind": "gold"}).status_code == 422


def test_rights_that_end_end_for_what_was_asked(county: County) -> None:
    staff = signed_in("centre_staff")
    address = asked(county, staff, kind="orders_table", asked="")
    key = UUID(address.rstrip("/").rpartition("/")[2])
    user = UUID(str(scalar("SELECT user_id FROM tasks_task WHERE id = %s", [key])))
    held = people.roles_held(SYSTEM, county=county.code, user_id=user)
    end_role(SYSTEM, role_id=held[0].id)
    done()
    assert scalar("SELECT state FROM tasks_task WHERE id = %s", [key]) == "failed"


@needs_pango
def test_all_statements_of_a_batch_are_one_file(county: County, finance: Client) -> None:
    finance.cookies["lang"] = "en"
    a_completed_order(county.fair)
    batch = a_batch(sent=False)
    paid = int(str(scalar("SELECT count(*) FROM settlement_payout WHERE batch_id = %s", [batch])))
    assert paid
    shown = text(finance, county.at(f"payouts/{batch}/"))
    assert "Statements of all households" in shown
    address = asked(county, finance, kind="statements", batch=str(batch))
    done()
    assert pages(finance.get(f"{address}file/").content) == paid
    assert scalar("SELECT total FROM tasks_task") == paid
    other = asked(county, finance, kind="statements", batch=str(uuid7()))
    done()
    assert "Not made" in text(finance, other)
