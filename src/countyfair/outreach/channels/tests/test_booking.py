"""Settlements: what fits is in the bank and earned less its fees, what does not stands in the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.models import Booking, Charge, Difference, Listing
from countyfair.outreach.channels.platforms.shape import Charge as Kind
from countyfair.outreach.channels.platforms.shape import TheirCharge
from countyfair.outreach.channels.rules.settling import Moved, sums
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped, their_order
from countyfair.outreach.channels.tests.making import plant
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.payments import actions as payments
from tests.machine import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    made = a_stand()
    actions.bring(SYSTEM, connection=made.connection, told=[their_order("T0", state="closed")])
    mapped(made)
    return made


@pytest.fixture(autouse=True)
def everything_is_proved(db: None) -> Iterator[None]:
    yield
    payments.settle_refunds()
    assert books.disproved() == {}


def balance(code: str, owner: str = "") -> int:
    sql = (
        "SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p"
        " JOIN ledger_account a ON a.id = p.account_id WHERE a.code = %s AND (%s = '' OR a.owner = %s)"
    )
    return int(str(scalar(sql, [code, owner, owner])))


def sold(stand: Stand, number: str = "T1", **more: object) -> None:
    """An order that its buyer has."""
    one = replace(their_order(number), state="received", waybill=f"7511{number}", carrier="中通", **more)  # type: ignore[arg-type]
    actions.bring(SYSTEM, connection=stand.connection, told=[one])


def moved(number: str, kind: Kind, amount_fen: int, key: str = "") -> TheirCharge:
    return TheirCharge(key or f"{number}-{kind}", number, "", kind, amount_fen, now(), kind)


def settled(stand: Stand, *charges: TheirCharge) -> dict[str, int]:
    actions.charge(SYSTEM, connection=stand.connection, told=charges)
    return dict(actions.book_settled())


def test_what_fits_is_in_the_bank_less_what_the_platform_kept(stand: Stand) -> None:
    sold(stand)
    assert balance("clearing", "pinduoduo") == 6000
    told = (moved("T1", "sale", 6000), moved("T1", "service_fee", -36), moved("T1", "host", -300))

    assert settled(stand, *told) == {"booked": 1}
    assert settled(stand, *told) == {}

    assert balance("clearing", "pinduoduo") == 0
    assert balance("bank") == 5664
    assert balance("channel_fees", "pinduoduo") == 336
    assert Booking.objects.get().net_fen == 5664


@pytest.mark.django_db(transaction=True)
def test_a_settled_order_is_earned_and_every_account_of_the_platform_is_even() -> None:
    stand = a_stand()
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T0", state="closed")])
    mapped(stand)
    sold(stand)
    settled(stand, moved("T1", "sale", 6000), moved("T1", "commission", -600))
    with at(now() + timedelta(days=30)):
        assert orders.complete_due(SYSTEM) == 1
        outbox.deliver_everything()
        assert balance("channel_fees") == balance("escrow") == balance("clearing") == 0
        # 5,400 by the county's rates.
        assert balance("household_payable") == -4320
        late = (moved("T1", "promotion", -100, "late"),)
        assert settled(stand, *late) == {"booked": 1}
        outbox.deliver_everything()
    assert balance("channel_fees") == 0
    assert balance("bank") == 5300


@pytest.mark.parametrize(
    ("paid_fen", "platform_fen", "reason"),
    [(5500, 500, "subsidy"), (5990, 500, "unknown"), (6100, 0, "too_much")],
)
def test_what_does_not_fit_waits_with_its_difference_and_a_likely_reason(
    stand: Stand, paid_fen: int, platform_fen: int, reason: str
) -> None:
    sold(stand, paid_fen=6000 - platform_fen, platform_fen=platform_fen)

    assert settled(stand, moved("T1", "sale", paid_fen), moved("T1", "service_fee", -30)) == {"queued": 1}
    assert dict(actions.book_settled()) == {}

    gap = Difference.objects.get()
    assert (gap.kind, gap.ours_fen, gap.theirs_fen, gap.reason) == ("paid", 6000, paid_fen, reason)
    assert balance("bank") == 0
    assert set(Charge.objects.values_list("standing", flat=True)) == {"queued"}
    if reason == "subsidy":
        assert settled(stand, moved("T1", "subsidy", 500)) == {"booked": 1}
        assert balance("bank") == 5970


def test_what_was_paid_too_little_can_be_accepted_by_a_person(stand: Stand) -> None:
    sold(stand)
    settled(stand, moved("T1", "sale", 5990), moved("T1", "service_fee", -30))
    gap = Difference.objects.get()
    with pytest.raises(Invalid):
        actions.accept_difference(SYSTEM, difference=gap.id, note=" ")
    with pytest.raises(Forbidden):
        actions.accept_difference(stand.fair.agent, difference=gap.id, note="x")

    for _time in range(2):
        actions.accept_difference(SYSTEM, difference=gap.id, note="样例：平台扣款")

    assert balance("bank") == 5960
    assert balance("clearing", "pinduoduo") == 0
    assert balance("channel_fees") == 40
    gap.refresh_from_db()
    assert gap.ended_by == SYSTEM.key


def test_refunds_before_and_after_the_settlement_come_even(stand: Stand) -> None:
    sold(stand, refunded_fen=1000)
    assert settled(stand, moved("T1", "sale", 6000), moved("T1", "refund", -1000)) == {"booked": 1}
    sold(stand, "T2", refunded_fen=1000)
    assert settled(stand, moved("T2", "sale", 5000)) == {"booked": 1}
    sold(stand, "T3")
    assert settled(stand, moved("T3", "sale", 6000)) == {"booked": 1}
    assert settled(stand, moved("T3", "refund", -500)) == {"queued": 1}
    assert Difference.objects.get().reason == "not_known_here"
    sold(stand, "T3", refunded_fen=500)
    assert actions.book_order(SYSTEM, connection=stand.connection, number="T3") == "booked"

    payments.settle_refunds()
    assert balance("clearing", "pinduoduo") == 0
    assert balance("bank") == 5000 + 5000 + 5500


def test_a_settlement_of_an_order_that_is_not_here_waits_for_it(stand: Stand) -> None:
    assert settled(stand, moved("T9", "sale", 6000), moved("", "other", -100, "deposit")) == {}
    sold(stand, "T9")
    assert dict(actions.book_settled()) == {"booked": 1}
    assert Charge.objects.get(key="deposit").standing == "waiting"


def test_every_kind_of_movement_is_paid_taken_back_or_a_fee() -> None:
    for kind in get_args(Kind):
        came = sums([Moved(uuid7(), "k", kind, 100)])
        assert came.net_fen == 100


@pytest.mark.parametrize("platform", ["pinduoduo", "douyin", "kuaishou", "taobao"])
def test_a_statement_that_is_short_by_known_amounts_shows_these_and_no_others(
    tmp_path: Path, platform: str
) -> None:
    stand = a_stand(platform=platform, lots=(900_000, 900_000))
    planted = plant(tmp_path, platform, count=120, seed=11, short_every=40)
    for path in (planted.orders, planted.later, *([planted.details] if planted.details else [])):
        _read(stand, path)
        Listing.objects.update(standing="mapped", offer_id=stand.offer, confirmed_at=now())
    while actions.place_mapped():
        pass

    statement = _read(stand, planted.statement)
    counts = actions.book_settled()

    assert statement == "done"
    found = {row.number: row.ours_fen - row.theirs_fen for row in Difference.objects.filter(kind="paid")}
    assert found == planted.short
    assert counts["queued"] == len(planted.short)


def _read(stand: Stand, path: Path) -> str:
    intake = actions.open_file(SYSTEM, intake=uuid7(), county=stand.fair.county, name=path.name, path=path)
    actions.start_intake(SYSTEM, intake=intake.id)
    actions.read_intakes()
    intake.refresh_from_db()
    return intake.state
