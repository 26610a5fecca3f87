"""At the desk: a lot is recalled, its buyers are told, and what was a mistake is lifted."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.trade.trace import actions
from countyfair.trade.trace.tests.factories import delivered, numbered

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_recall_is_made_seen_and_lifted(county: County, staff: Client) -> None:
    order = delivered(county.fair)
    lot = county.fair.stall.lots[0]
    form = county.at(f"lots/{lot}/recall/")
    assert staff.get(form).status_code == 200
    wrong = staff.post(form, {"once": str(uuid7()), "severity": "", "reason": "样例：农残超标"})
    assert wrong.status_code == 422
    assert "样例：农残超标" in wrong.content.decode(), "what was typed stays"

    made = uuid7()
    sent = staff.post(form, {"once": str(made), "severity": "serious", "reason": "样例：农残超标"})
    assert sent["Location"] == county.at(f"recalls/{made}/")
    actions.tell_buyers()
    page = staff.get(sent["Location"]).content.decode()
    assert str(order) in page
    assert "样例：农残超标" in page
    assert str(made) in staff.get(county.at("recalls/")).content.decode()
    assert county.at(f"recalls/{made}/") in staff.get(county.at(f"lots/{lot}/")).content.decode()
    assert "样例：农残超标" in staff.get(county.at(f"orders/{order}/")).content.decode()

    lifted = staff.post(county.at(f"recalls/{made}/lift/"), {"reason": "样例：弄错了"})
    assert lifted.status_code == 302
    assert scalar("SELECT blocked_by FROM stock_lot WHERE id = %s", [lot]) == ""


def test_a_test_is_noted_with_its_report_and_the_lot_is_downloaded(county: County, staff: Client) -> None:
    numbered(county.fair)
    delivered(county.fair)
    lot, note = county.fair.stall.lots[0], uuid7()
    said = {"once": str(note), "kind": "tested", "on": "2026-01-02", "laboratory": "样例站", "passed": "yes"}
    form = county.at(f"lots/{lot}/note/")
    assert staff.post(form, {**said, "on": "2999-01-01"}).status_code == 422

    sent = staff.post(form, {**said, "paper": SimpleUploadedFile("report.pdf", PDF)})

    assert sent["Location"] == county.at(f"lots/{lot}/trace/")
    assert "样例站" in staff.get(sent["Location"]).content.decode()
    paper = staff.get(county.at(f"lots/{lot}/notes/{note}/"))
    assert (paper.content, paper["Content-Type"]) == (PDF, "application/pdf")
    assert paper["Content-Disposition"].startswith("attachment")
    events = staff.get(county.at(f"lots/{lot}/events/"))
    assert events["Content-Type"] == "application/ld+json"
    assert b"AggregationEvent" in events.content
