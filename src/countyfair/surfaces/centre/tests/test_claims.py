"""At the desk a claim is answered once, its picture shown to few, the table of bearers replaced whole."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders.queries.judging import bearers_of
from countyfair.trade.orders.rules.claims import DEFAULT_BEARERS
from countyfair.trade.orders.tests.test_claims import answer, asked, claim_state, delivered
from countyfair.trade.orders.tests.test_life import owed_back

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


def test_a_claim_is_answered_once_and_nothing_typed_is_lost(county: County) -> None:
    placed = delivered(county.fair)
    claim = asked(placed)
    page = county.at(f"claims/{claim}/")
    first, second = signed_in("centre_staff"), signed_in("centre_finance")
    said = {"do": "answer", "once": str(uuid7()), "what": "grant", "amount": "29.80", "bearer": "courier"}
    refused = first.post(page, said | {"said": "谢谢您的照片"}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "谢谢您的照片" in refused.content.decode()
    assert "Say why it is not borne as the table proposes." in refused.content.decode()
    for _pressed in range(2):
        assert first.post(page, said | {"why": "压坏了"}).status_code == 302
    late = second.post(page, said | {"once": str(uuid7()), "why": "压坏了"}, headers=ENGLISH)
    assert late.status_code == 409
    assert "Somebody has answered or changed this claim meanwhile." in late.content.decode()
    assert (claim_state(claim), owed_back(placed)) == ("done", 2980)


def test_a_claim_is_refused_with_a_word_and_its_goods_come_back_in_packs(county: County) -> None:
    placed = delivered(county.fair)
    refused, granted = asked(placed), asked(placed)
    staff = signed_in("centre_staff")
    page = county.at(f"claims/{refused}/")
    assert staff.post(page, {"do": "answer", "once": str(uuid7()), "what": "refuse"}).status_code == 422
    said = {"do": "answer", "once": str(uuid7()), "what": "refuse", "said": "看不清"}
    assert staff.post(page, said).status_code == 302
    assert claim_state(refused) == "refused"
    answer(granted, goods_back=True)
    page = county.at(f"claims/{granted}/")
    assert staff.post(page, {"do": "receive", "good_packs": "0", "bad_packs": "2"}).status_code == 422
    assert staff.post(page, {"do": "receive", "good_packs": "0", "bad_packs": "1"}).status_code == 302
    assert claim_state(granted) == "done"
    assert scalar("SELECT sum(on_hand_delta)::bigint FROM stock_movement WHERE kind = 'write_off'") == -500
    assert staff.post(page, {"do": "give_up"}).status_code == 409


def test_an_order_leads_to_its_claims_whoever_answers_them(county: County) -> None:
    placed = delivered(county.fair)
    claim = asked(placed)
    page, link = county.at(f"orders/{placed.order}/"), f'href="{county.at(f"claims/{claim}/")}"'
    shown = signed_in("centre_staff").get(page, headers=ENGLISH).content.decode()
    assert link in shown
    assert "Waiting for an answer" in shown
    assert link not in signed_in("auditor").get(page, headers=ENGLISH).content.decode()


def test_a_picture_of_a_claim_is_kept_nowhere_and_shown_to_who_answers(county: County) -> None:
    claim = asked(delivered(county.fair))
    photo = scalar("SELECT id FROM orders_claimphoto")
    address = county.at(f"claims/{claim}/photos/{photo}/")
    shown = signed_in("centre_finance").get(address)
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
        200,
        "image/webp",
        "no-store",
    )
    assert signed_in("auditor").get(address).status_code == 403
    assert signed_in("centre_staff").get(county.at(f"claims/{uuid7()}/photos/{photo}/")).status_code == 404


def test_the_table_of_bearers_is_replaced_whole_or_not_at_all(county: County) -> None:
    admin, page = signed_in("county_admin"), county.at("claims/bearers/")
    rows = [*DEFAULT_BEARERS[2:3], *DEFAULT_BEARERS[-1:]]
    said = {"believed": "0", "rows": "3", "bearer_2": ""}
    for at, row in enumerate(rows):
        said |= {f"kind_{at}": row.kind, f"bearer_{at}": row.bearer, f"days_{at}": ""}
    wrong = admin.post(page, said | {"kind_1": "short"}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "The last row must fit every claim" in wrong.content.decode()
    assert bearers_of(county.code).version == 0
    assert admin.post(page, said).status_code == 302
    assert bearers_of(county.code).rows == tuple(rows)
    assert admin.post(page, said).status_code == 409
    assert signed_in("centre_staff").post(page, said | {"believed": "1"}).status_code == 403


def test_the_queue_and_a_claim_cost_the_same_however_many_there_are(county: County) -> None:
    staff = signed_in("centre_staff")
    claim = asked(delivered(county.fair))
    counts = []
    for address in (county.at("claims/"), county.at(f"claims/{claim}/")):
        with CaptureQueriesContext(connection) as few:
            assert staff.get(address).status_code == 200
        counts.append(len(few))
    for _more in range(3):
        asked(delivered(county.fair))
    for address, before in zip((county.at("claims/"), county.at(f"claims/{claim}/")), counts, strict=True):
        with CaptureQueriesContext(connection) as many:
            assert staff.get(address).status_code == 200
        assert len(many) == before
    assert counts[0] <= 6
