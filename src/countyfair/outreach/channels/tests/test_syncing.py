"""Shops that are asked by themselves: every order once with its last state, whatever goes wrong meanwhile."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.seal import unseal
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.actions import syncing
from countyfair.outreach.channels.actions.connecting import PURPOSE
from countyfair.outreach.channels.models import Arrival, Connection, Intake
from countyfair.outreach.channels.platforms.shape import TheirOrder
from countyfair.outreach.channels.rules.syncing import (
    OVERLAP,
    credentials_of,
    last_told,
    text_of,
    windows,
)
from countyfair.outreach.channels.tests.apis import DOUBLES, Double, at_work, credentials
from countyfair.outreach.channels.tests.doubles.douyin import Douyin
from countyfair.outreach.channels.tests.doubles.web import PASSING, Fault
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=sorted(DOUBLES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def double(name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with at_work(name, settings, monkeypatch) as working:
        yield working


@pytest.fixture
def stand(name: str, double: Double) -> Stand:
    made = a_stand(platform=name)
    actions.grant(SYSTEM, connection=made.connection, credentials=credentials(double))
    Connection.objects.filter(id=made.connection).update(begun_at=START)
    return made


def row(stand: Stand) -> Connection:
    return Connection.objects.get(id=stand.connection)


def second(moment: datetime) -> int:
    return int(moment.timestamp())


def sync_at(stand: Stand, moment: datetime) -> str:
    with at(moment):
        return actions.sync_shop(SYSTEM, stand.connection)


def states() -> dict[str, str]:
    return dict(Arrival.objects.values_list("number", "state"))


def test_windows_leave_no_gap_and_end_now() -> None:
    end = START + timedelta(hours=5, minutes=7)
    found = list(windows(START, START - timedelta(days=1), end, timedelta(minutes=30)))
    assert found[0][0] == START - OVERLAP
    assert found[-1][1] == end
    assert all(until - since <= timedelta(minutes=30) for since, until in found)
    assert all(after[0] == before[1] - OVERLAP for before, after in itertools.pairwise(found))
    assert list(windows(None, START, START + MINUTE, timedelta(minutes=30))) == [(START, START + MINUTE)]
    assert list(windows(None, START, START, timedelta(minutes=30))) == []


def test_of_an_order_told_twice_the_later_change_counts() -> None:
    early = TheirOrder("T1", "paid", (), 1, changed_at=START)
    late = replace(early, state="shipped", changed_at=START + MINUTE)
    assert last_told([late, early]) == last_told([early, late]) == [late]
    assert last_told([replace(early, changed_at=None), early]) == [early]


def test_what_is_granted_is_read_as_it_was_kept() -> None:
    kept = replace(credentials(DOUBLES["douyin"]()), token_until=START)
    assert credentials_of(text_of(kept)) == kept
    for wrong in ("", "[]", "7", "{}", '{"app_key": 1}', text_of(replace(kept, token=""))):
        with pytest.raises(Invalid) as refused:
            credentials_of(wrong)
        assert kept.app_secret not in str(refused.value)
    with pytest.raises(Invalid):
        credentials_of(text_of(kept).replace("+00:00", ""))


def test_a_day_comes_home_in_its_windows_and_only_once(stand: Stand, double: Double) -> None:
    for hour in range(24):
        double.order(f"T{hour}", second(START + timedelta(hours=hour, minutes=29)))
    end = START + timedelta(hours=24)
    known = START
    while known < end:
        assert sync_at(stand, end) == ""
        before, known = known, row(stand).synced_until or START
        assert known > before
    assert states() == {f"T{hour}": "paid" for hour in range(24)}
    files = Intake.objects.count()
    assert sync_at(stand, end + MINUTE) == ""
    assert Intake.objects.count() == files
    assert row(stand).synced_until == end + MINUTE
    assert Arrival.objects.count() == 24


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_every_order_is_here_once_with_its_last_state(
    name: str, stand: Stand, double: Double, seed: int
) -> None:
    dice = random.Random(seed)
    faults: tuple[Fault, ...] = (*PASSING, "moved", "")
    forward = {"unpaid": "paid", "paid": "shipped", "shipped": "received"}
    clock = START
    told: dict[str, str] = {}
    for _turn in range(12):
        clock += timedelta(minutes=dice.randint(1, 50))
        for _one in range(dice.randint(0, 30)):
            number = f"T{len(told)}"
            told[number] = "unpaid" if dice.random() < 0.3 else "paid"
            tell(name, double, number, told[number], clock - timedelta(seconds=dice.randint(0, 60)))
        for number in dice.sample(sorted(told), k=min(len(told), 8)):
            if told[number] in forward:
                told[number] = "closed" if dice.random() < 0.2 else forward[told[number]]
                tell(name, double, number, told[number], clock)
        double.faults = [dice.choice(faults) for _fault in range(dice.randint(0, 9))]
        double.doubled = dice.random() < 0.5
        double.expired = dice.random() < 0.2
        sync_at(stand, clock)
    double.faults = []
    assert sync_at(stand, clock + MINUTE) == ""
    assert states() == told
    assert Arrival.objects.count() == len(told)


def tell(name: str, double: Double, number: str, state: str, moment: datetime) -> None:
    """The platform has an order in a state since a moment."""
    if name == "pinduoduo":
        sent = {"unpaid": 1, "paid": 1, "shipped": 2, "received": 3, "closed": 1}[state]
        confirmed = {"unpaid": 0, "closed": 2}.get(state, 1)
        double.order(number, second(moment), confirm_status=confirmed, order_status=sent)
    elif name == "taobao":
        word = {
            "unpaid": "WAIT_BUYER_PAY", "paid": "WAIT_SELLER_SEND_GOODS", "closed": "TRADE_CLOSED",
            "shipped": "WAIT_BUYER_CONFIRM_GOODS", "received": "TRADE_FINISHED",
        }[state]  # fmt: skip
        double.order(number, second(moment), status=word)
    else:
        status = {"unpaid": 1, "paid": 2, "shipped": 3, "received": 5, "closed": 4}[state]
        sub = Douyin.sub(number, order_status=status)
        double.order(number, second(moment), order_status=status, main_status=status, sku_order_list=[sub])


def test_an_outage_keeps_the_window_and_says_so(stand: Stand, double: Double) -> None:
    double.order("T1", second(START + MINUTE))
    double.faults = ["html"] * 3
    assert sync_at(stand, START + 2 * MINUTE) == "unreachable"
    assert row(stand).trouble == "unreachable"
    assert row(stand).synced_until is None
    assert sync_at(stand, START + timedelta(hours=9)) == ""
    assert row(stand).trouble == ""
    assert states() == {"T1": "paid"}


def test_broken_off_between_two_pages_a_window_is_read_again(stand: Stand, double: Double) -> None:
    for one in range(230):
        double.order(f"T{one}", second(START) + one)
    double.faults = ["", "", "html", "html", "html"]
    assert sync_at(stand, START + 20 * MINUTE) == "unreachable"
    assert not states()
    assert sync_at(stand, START + 20 * MINUTE) == ""
    assert len(states()) == 230


def test_killed_before_a_window_is_noted_nothing_is_doubled(
    stand: Stand, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    double.order("T1", second(START + MINUTE))
    with monkeypatch.context() as broken:
        broken.setattr(syncing, "_note_window", die)
        with pytest.raises(KeyboardInterrupt):
            sync_at(stand, START + 2 * MINUTE)
    assert row(stand).synced_until is None
    assert sync_at(stand, START + 3 * MINUTE) == ""
    assert states() == {"T1": "paid"}
    assert Arrival.objects.count() == 1


def test_tokens_are_renewed_before_they_end_and_kept(stand: Stand, double: Double) -> None:
    soon = replace(credentials(double), token_until=START + 30 * MINUTE)
    actions.grant(SYSTEM, connection=stand.connection, credentials=soon)
    assert sync_at(stand, START) == ""
    kept = credentials_of(unseal(row(stand).credentials, PURPOSE))
    assert (kept.token, kept.refresh) == (double.token, double.refresh)
    assert kept.token != soon.token
    double.calls.clear()
    assert sync_at(stand, START + MINUTE) == ""
    assert not [call for call in double.calls if "refresh" in call]
    double.expired = True
    assert sync_at(stand, START + 2 * MINUTE) == ""
    assert credentials_of(unseal(row(stand).credentials, PURPOSE)).token == double.token


def test_withdrawn_consent_stops_until_it_is_granted_anew(stand: Stand, double: Double) -> None:
    double.revoked = True
    with at(START + MINUTE):
        assert actions.sync() == 0
    assert row(stand).trouble == "revoked"
    double.calls.clear()
    with at(START + 2 * MINUTE):
        assert actions.sync() == 0
    assert not double.calls
    double.revoked = False
    actions.grant(SYSTEM, connection=stand.connection, credentials=credentials(double))
    double.order("T1", second(START + MINUTE))
    with at(START + 3 * MINUTE):
        assert actions.sync() == 1
    assert states() == {"T1": "paid"}


def test_a_shop_that_ended_is_asked_no_more(stand: Stand, double: Double) -> None:
    actions.end_connection(SYSTEM, connection=stand.connection)
    with at(START + MINUTE):
        assert actions.sync() == 0
    assert not double.calls


def test_an_order_that_cannot_be_used_is_told_once_and_stops_nothing(stand: Stand, double: Double) -> None:
    double.order("T1", second(START + MINUTE), pay_amount="many", payment="many")
    double.order("T2", second(START + MINUTE))
    assert sync_at(stand, START + 2 * MINUTE) == ""
    assert sync_at(stand, START + 3 * MINUTE) == ""
    assert states() == {"T2": "paid"}
    (file,) = Intake.objects.all()
    assert file.name == "API 2026-11-20 16:00–16:02"
    assert next(flaw["column"] for flaw in file.flaws) in ("pay_amount", "payment")
    assert len(file.flaws) == 1


def test_waybills_and_stock_go_out_once(stand: Stand, double: Double) -> None:
    double.order("T1", second(START + MINUTE))
    double.order("T2", second(START + MINUTE))
    sync_at(stand, START + 2 * MINUTE)
    mapped(stand, key="sku:9001")
    actions.place_mapped()
    for number, carrier in (("T1", "圆通快递"), ("T2", "")):
        order = Arrival.objects.get(number=number).id
        orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=1_100)
        if carrier:
            orders.hand_over(SYSTEM, order_id=order, carrier=carrier, waybill=f"YT{number}")
    assert sync_at(stand, START + 3 * MINUTE) == ""
    assert {key: waybill for key, (_carrier, waybill) in double.sent.items()} == {"T1": "YTT1"}
    assert double.stock == {("7001", "9001"): 36}
    double.calls.clear()
    assert sync_at(stand, START + 4 * MINUTE) == ""
    assert len(double.calls) <= 2
    orders.hand_over(SYSTEM, order_id=Arrival.objects.get(number="T2").id)
    assert sync_at(stand, START + 5 * MINUTE) == "refused"
    assert "T2" not in double.sent
    assert row(stand).synced_until == START + 5 * MINUTE


def test_what_is_granted_while_the_old_is_refused_is_not_forgotten(
    stand: Stand, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.revoked = True
    real = syncing._note_trouble

    def note(*given: Any, **more: Any) -> None:
        monkeypatch.setattr(syncing, "_note_trouble", real)
        double.revoked = False
        actions.grant(SYSTEM, connection=stand.connection, credentials=credentials(double))
        real(*given, **more)

    monkeypatch.setattr(syncing, "_note_trouble", note)
    assert sync_at(stand, START + MINUTE) == "revoked"
    assert row(stand).trouble == ""
    with at(START + 2 * MINUTE):
        assert actions.sync() == 1


def test_parcels_of_the_county_s_own_carrier_hide_no_other(
    stand: Stand, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in range(4):
        double.order(f"T{one}", second(START + MINUTE))
    sync_at(stand, START + 2 * MINUTE)
    mapped(stand, key="sku:9001")
    actions.place_mapped()
    for one in range(4):
        order = Arrival.objects.get(number=f"T{one}").id
        Arrival.objects.filter(id=order).update(ship_before=START + one * MINUTE)
        orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=1_100)
        carrier = {"carrier": "圆通快递", "waybill": "YT3"} if one == 3 else {}
        orders.hand_over(SYSTEM, order_id=order, **carrier)
    monkeypatch.setattr(syncing, "MOST_SENT", 1)
    assert sync_at(stand, START + 3 * MINUTE) == "refused"
    assert list(double.sent) == ["T3"]
