"""Providers' bills of a day against our books: to the fen, whatever is late, lost, changed or strange."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from countyfair.kernel.clock import COUNTY_ZONE, at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import OTHER_COUNTY, an_actor
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways import wechat
from countyfair.trade.payments.gateways.shape import Unreachable
from countyfair.trade.payments.gateways.wechat import channel
from countyfair.trade.payments.queries.bills import BillRow, GapRow, bills, gaps
from countyfair.trade.payments.rules import gap_reason
from countyfair.trade.payments.tests.doubles import alipay as alipays
from countyfair.trade.payments.tests.doubles import wechat as wechats
from countyfair.trade.payments.tests.doubles.alipay import AlipayDouble
from countyfair.trade.payments.tests.doubles.wechat import WeChatDouble, fee_of
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, an_intent
from tests.machine import books

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {"back": "https://fair.example/o/1?back=1", "notify": "https://fair.example/pay/x/notify/"}
Double = WeChatDouble | AlipayDouble


@pytest.fixture(autouse=True)
def everything_is_proved(transactional_db: None) -> Iterator[None]:
    yield
    assert [name for name in books.disproved() if name.startswith(("payments.", "ledger."))] == []


@pytest.fixture(params=["wechat", "alipay"])
def gateway(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def provider(
    gateway: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Double]:
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with ExitStack() as stack:
        module: Any = wechats if gateway == "wechat" else alipays
        double: Double = stack.enter_context(module.at_work(tmp_path, settings))
        yield double


def asked(provider: Double, gateway: str, amount_fen: int = 3600) -> UUID:
    intent = an_intent(amount_fen, gateway=gateway)
    link = actions.payment_link(intent, **WAYS, subject="261124-1") or ""
    if isinstance(provider, AlipayDouble):
        provider.visit(link)
    return intent


def paid(provider: Double, gateway: str, amount_fen: int = 3600, *, told: bool = True) -> UUID:
    """A payer paid; `told` False: the notice was lost."""
    intent = asked(provider, gateway, amount_fen)
    said = provider.pay(intent.hex)
    if told:
        knock(provider, gateway, said)
    return intent


def knock(provider: Double, gateway: str, said: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    if isinstance(provider, WeChatDouble):
        headers, body = provider.notice(said)
        answer = client.post(
            f"/pay/{gateway}/notify/", body, content_type="application/json", headers=headers
        )
    else:
        form = "application/x-www-form-urlencoded"
        answer = client.post(f"/pay/{gateway}/notify/", provider.notice(said), content_type=form)
    assert answer.status_code == 200


def back(intent: UUID, amount_fen: int) -> None:
    actions.ask_refund(SYSTEM, source=f"r:{uuid7()}", intent=intent, amount_fen=amount_fen, reason="return")
    actions.settle_refunds()


def next_noon() -> Any:
    noon = now().astimezone(COUNTY_ZONE).replace(hour=12, minute=0) + timedelta(days=1)
    return at(noon)


def fetched(**later: float) -> int:
    with next_noon(), at(now() + timedelta(**later)):
        return actions.fetch_bills()


def seen(gateway: str) -> BillRow:
    """Today's bill."""
    day = now().astimezone(COUNTY_ZONE).date()
    return next(row for row in bills(SYSTEM, county=COUNTY) if (row.gateway, row.day) == (gateway, day))


def open_gaps() -> list[GapRow]:
    return gaps(SYSTEM, county=COUNTY)


def held(gateway: str) -> int:
    return balance(county=COUNTY, code="clearing", owner=gateway)


def fees(gateway: str) -> int:
    return balance(county=COUNTY, code="provider_fees", owner=gateway)


def test_bill_and_books_agree_to_the_fen(provider: Double, gateway: str) -> None:
    """3,600, 4,700 and 101 fen are paid, 1,234 given back; 0.6 % kept of each: 22 + 28 + 1 - 7."""
    one = paid(provider, gateway, 3600)
    paid(provider, gateway, 4700)
    paid(provider, gateway, 101)
    back(one, 1234)
    provider.make_bill()
    for _twice in range(2):
        fetched()
        bill = seen(gateway)
        assert (bill.state, bill.lines, bill.gaps) == ("read", 4, 0)
        assert (bill.paid_fen, bill.back_fen, bill.fees_fen) == (8401, 1234, 44)
        assert held(gateway) == bill.stays_fen == 8401 - 1234 - 44
        assert fees(gateway) == 44 == sum(map(fee_of, (3600, 4700, 101))) - fee_of(1234)
        actions.fetch_bill(SYSTEM, gateway=gateway, day=bill.day)


def test_what_nobody_told_is_taken_when_the_bill_tells_it(provider: Double, gateway: str) -> None:
    intent = paid(provider, gateway, told=False)
    provider.make_bill()
    fetched()
    assert queries.intent(intent).state == "paid"
    assert open_gaps() == []
    assert held(gateway) == 3600 - fee_of(3600)


def test_what_the_bill_leaves_out_waits_until_a_later_one_brings_it(provider: Double, gateway: str) -> None:
    intent = paid(provider, gateway)
    paid(provider, gateway, 500)
    provider.make_bill(leave_out=intent.hex)
    fetched()
    (gap,) = open_gaps()
    assert (gap.kind, gap.what, gap.ours_fen, gap.theirs_fen) == ("payment", "not_there", 3600, 0)
    provider.make_bill()
    actions.fetch_bill(SYSTEM, gateway=gateway, day=gap.day)
    assert open_gaps() == []
    assert seen(gateway).stays_fen == held(gateway)


def test_a_day_without_a_bill_is_none_where_nothing_happened(provider: Double, gateway: str) -> None:
    assert fetched() == 0
    assert {row.state for row in bills(SYSTEM, county=COUNTY)} == {"none"}


def test_a_bill_that_is_late_is_asked_for_again_and_an_overdue_one_is_empty(
    provider: Double, gateway: str
) -> None:
    paid(provider, gateway)
    fetched()
    assert seen(gateway).state == "waiting"
    assert seen(gateway).last_error
    fetched(minutes=5)
    assert seen(gateway).tries == 1
    fetched(days=4)
    assert seen(gateway).state == "read"
    assert [gap.what for gap in open_gaps()] == ["not_there"]


def test_nothing_is_asked_before_the_morning_after(provider: Double, gateway: str) -> None:
    with at(now().astimezone(COUNTY_ZONE).replace(hour=9, minute=0) + timedelta(days=1)):
        actions.fetch_bills()
    assert seen(gateway).tries == 0


@pytest.mark.parametrize("wrong", ["html", "unsigned"])
def test_an_answer_that_cannot_be_used_changes_nothing(provider: Double, gateway: str, wrong: str) -> None:
    paid(provider, gateway)
    provider.make_bill()
    provider.wrong = wrong
    assert fetched() == 0
    assert seen(gateway).state == "waiting"
    assert fees(gateway) == 0
    provider.wrong = ""
    assert fetched(hours=2) >= 1


def test_a_file_that_is_cut_or_not_the_one_told_of_is_refused(provider: Double, gateway: str) -> None:
    paid(provider, gateway)
    provider.make_bill()
    provider.bill = provider.bill[: len(provider.bill) // 2]
    assert fetched() == 0
    assert seen(gateway).state == "waiting"
    assert fees(gateway) == 0


def test_a_stranger_and_another_amount_stand_in_the_queue(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with wechats.at_work(tmp_path, settings) as provider:
        intent = paid(provider, "wechat")
        stranger = {"transaction_id": "42009", "out_trade_no": "SHOP-OF-AN-AUNT", "amount": {"total": 800}}
        provider.orders[intent.hex]["amount"]["total"] = 3500
        provider.make_bill(also=(stranger,))
        fetched()
        found = {(gap.what, gap.reason, gap.county): (gap.ours_fen, gap.theirs_fen) for gap in open_gaps()}
        assert found == {
            ("amount", "unknown", COUNTY): (3600, 3500),
            ("not_here", "stranger", ""): (0, 800),
        }
        assert fees("wechat") == 0


def test_a_gap_is_ended_with_a_note_by_who_may(provider: Double, gateway: str) -> None:
    paid(provider, gateway)
    fetched(days=4)
    (gap,) = open_gaps()
    for actor in (an_actor("auditor"), an_actor("centre_finance", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            actions.end_gap(actor, gap=gap.id, county=COUNTY, note="x")
    with pytest.raises(Missing):
        actions.end_gap(SYSTEM, gap=gap.id, county=OTHER_COUNTY, note="x")
    with pytest.raises(Invalid):
        actions.end_gap(SYSTEM, gap=gap.id, county=COUNTY, note="  ")
    for note in ("打过电话", "again"):
        actions.end_gap(SYSTEM, gap=gap.id, county=COUNTY, note=note)
    assert [row.note for row in gaps(SYSTEM, county=COUNTY, ended=True)] == ["打过电话"]


def test_a_bill_lies_at_the_provider_and_nowhere_else(provider: Double, gateway: str) -> None:
    paid(provider, gateway)
    provider.make_bill()
    provider.address = "http://127.0.0.2:9"
    assert fetched() == 0
    if gateway == "wechat":
        with pytest.raises(Unreachable):
            wechat.GATEWAY.bill(now().date())


def test_two_workers_fetch_a_bill_once(provider: Double, gateway: str) -> None:
    paid(provider, gateway)
    provider.make_bill()
    with next_noon():
        first = actions.claim_bills(SYSTEM, gateway=gateway)
        assert len(first) == 7
        assert actions.claim_bills(SYSTEM, gateway=gateway) == []


def test_the_likely_reason_follows_from_what_is_known() -> None:
    late = now().astimezone(COUNTY_ZONE).replace(hour=23, minute=55)
    assert gap_reason("payment", "not_there", known=True, at=late) == "midnight"
    assert gap_reason("payment", "not_there", known=True, at=late.replace(hour=12)) == "lost"
    assert gap_reason("refund", "not_here", known=False, at=None) == "by_hand"
    assert gap_reason("payment", "not_here", known=True, at=None) == "not_told"
    assert scalar("SELECT count(*) FROM payments_daybill") == 0
