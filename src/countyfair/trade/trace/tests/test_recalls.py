"""A recall blocks the lot, finds every order that had some of it, and tells each buyer once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, SoldOut, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.notices.actions import send_due
from countyfair.registers.people import sms
from countyfair.registers.people.actions import set_profile
from countyfair.registers.people.tests.factories import SYSTEM, a_user
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.actions.cancelling import cancel_short
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.rules.reasons import RECALLED
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, a_stall, place
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import availability
from countyfair.trade.stock.queries import lot as lot_row
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.tests.factories import Gateway, delivered, packed, paid, recalled, refuse


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setitem(cast("dict[str, object]", sms.PROVIDERS), "console", made)
    return made


def state(order: UUID) -> str:
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [order]))


def states(recall: UUID) -> list[str]:
    row = queries.recall(SYSTEM, recall=recall)
    return sorted(one.state for one in queries.tellings(SYSTEM, recall_=row))


@pytest.mark.django_db
def test_who_packs_before_the_recall_is_heard_is_told_not_to() -> None:
    fair = a_fair()
    beef = a_stall(
        fair.households, fair.station, lots=(700, 2_000), price_fen=1999, content=700, sold_by="weight"
    )
    order = paid(fair, lines=((beef.offer, 2),), total_fen=3998)
    recalled(beef.lots[0])
    line = read.order(SYSTEM, order_id=order).lines[0].id

    for grams in (1_300, 1_400, 1_500):
        with pytest.raises(Conflict) as refused:
            orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=1_600, weights={line: grams})
        assert refused.value.code == "gone"
    assert state(order) == "paid"


@pytest.mark.django_db
def test_the_pool_sells_on_from_its_other_lots() -> None:
    fair = a_fair(lots=(1_000, 2_000))
    assert availability([fair.stall.offer])[fair.stall.offer] == 6

    recalled(fair.stall.lots[0])

    assert availability([fair.stall.offer])[fair.stall.offer] == 4
    order = place(fair, packs=4).order
    assert scalar("SELECT DISTINCT lot_id FROM stock_reservation WHERE state = 'held'") == fair.stall.lots[1]
    with pytest.raises((SoldOut, Stale)):
        place(fair, packs=1)
    assert state(order) == "placed"


@pytest.mark.django_db
def test_what_waits_for_it_is_cancelled_and_refunded_what_is_out_stays() -> None:
    fair = a_fair(lots=(10_000,))
    waiting, ready, out = paid(fair), packed(fair), delivered(fair)
    unpaid = place(fair).order

    recall = recalled(fair.stall.lots[0])
    lines = [line.id for one in (waiting, ready, unpaid) for line in read.order(SYSTEM, order_id=one).lines]
    cancel_short(SYSTEM, lines=lines, reason=RECALLED)

    assert [state(one) for one in (waiting, ready, unpaid, out)] == ["cancelled"] * 3 + ["delivered"]
    found = queries.tellings(SYSTEM, recall_=queries.recall(SYSTEM, recall=recall))
    assert {one.order for one in found} == {waiting, ready, unpaid, out}
    assert {one.amount for one in found} == {500}
    assert lot_row(SYSTEM, lot=fair.stall.lots[0]).free == 0
    for one in (waiting, ready):
        order = read.order(SYSTEM, order_id=one)
        assert sum(refund.amount_fen for refund in order.refunds) == order.total_fen


@pytest.mark.django_db
def test_what_comes_back_or_is_paid_late_is_not_sold_again() -> None:
    fair = a_fair(lots=(10_000,))
    out = delivered(fair)
    late = place(fair)
    with at(now() + timedelta(days=3)):
        stock.expire_reservations(SYSTEM)
    recalled(fair.stall.lots[0])
    line = read.order(SYSTEM, order_id=out).lines[0]

    part = orders.Part(line.id, line.amount_fen, quantity=1, restock=True)
    orders.refund(SYSTEM, order_id=out, refund_id=uuid7(), parts=[part], reason="样例")

    assert availability([fair.stall.offer])[fair.stall.offer] == 0
    late_line = str(read.order(SYSTEM, order_id=late.order).lines[0].id)
    assert stock.keep(SYSTEM, holders=[late_line]) == "gone"


@pytest.mark.django_db
def test_every_buyer_is_told_once_and_the_order_s_page_knows(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    out = [delivered(fair), delivered(fair)]
    recall = recalled(fair.stall.lots[0])

    assert actions.tell_buyers() == 2
    assert actions.tell_buyers() == 0

    assert len(gateway.sent) == 2
    assert states(recall) == ["told", "told"]
    said = gateway.sent[0]
    assert "召回" in said.text
    assert "recalled" in said.text, "who has no language on record is told in both"
    steps = read.order(SYSTEM, order_id=out[0]).steps
    assert [(step.verb, step.reason) for step in steps][-1] == ("recall", "样例：农残超标")
    assert state(out[0]) == "delivered"


@pytest.mark.django_db
def test_who_got_it_as_a_gift_is_told_too_and_what_was_never_sent_is_told_to_be_cancelled(
    gateway: Gateway,
) -> None:
    fair = a_fair(lots=(10_000,))
    given = replace(CONTACT, gift=Gift("样例·奶奶", "19900006666", "生日快乐"))
    quiet = replace(CONTACT, gift=Gift("样例·爷爷", "", ""))
    sent, waits = delivered(fair, contact=given), paid(fair, contact=given)
    delivered(fair, contact=quiet)
    recalled(fair.stall.lots[0])
    assert actions.tell_buyers() == 3
    to_buyers = {one.values["order"]: one for one in gateway.sent if one.template.startswith("recall")}
    told = {key: to_buyers[read.order(SYSTEM, order_id=key).number] for key in (sent, waits)}
    assert "is recalled. Do not eat it" in told[sent].text
    assert "is not sent. The order is cancelled; what you paid comes back." in told[waits].text
    assert "eat" not in told[waits].text

    gateway.sent.clear()
    assert send_due(SYSTEM, books={"gift": orders.gift_addresses}) == 1
    (note,) = gateway.sent
    assert (note.phone, note.template) == ("+8619900006666", "gift.recalled")
    assert "召回" in note.text
    assert [
        word for word in (CONTACT.name, CONTACT.phone, "29.80") if word in f"{note.text} {note.values}"
    ] == []


@pytest.mark.django_db
def test_a_member_is_told_in_their_own_language(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    user = a_user()
    set_profile(SYSTEM, user_id=user, name="样例", language="en")
    placed = place(fair, actor=Actor(f"user:{user}", user))
    recalled(fair.stall.lots[0])

    actions.tell_buyers()

    assert placed.order
    assert "is recalled" in gateway.sent[0].text
    assert "召回" not in gateway.sent[0].text


@pytest.mark.django_db
def test_who_did_not_confirm_is_told_again_only_when_a_person_says_so(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    delivered(fair)
    recall = recalled(fair.stall.lots[0])
    gateway.fault = refuse
    actions.tell_buyers()
    actions.tell_buyers()
    assert (states(recall), len(gateway.sent)) == (["unsure"], 1)

    gateway.fault = lambda: None
    (row,) = queries.tellings(SYSTEM, recall_=queries.recall(SYSTEM, recall=recall))
    actions.tell_again(SYSTEM, telling=row.id)
    actions.tell_buyers()

    assert states(recall) == ["told"]
    assert {message.id for message in gateway.sent} == {row.id}, "a gateway knows it by the same id"
    with pytest.raises(Conflict):
        actions.tell_again(SYSTEM, telling=row.id)


class Killed(BaseException):
    """The process ends here."""


def kill() -> None:
    raise Killed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sent_before", [0, 1, 2])
def test_a_process_killed_midway_tells_nobody_twice_and_forgets_nobody(
    gateway: Gateway, sent_before: int
) -> None:
    fair = a_fair(lots=(10_000,))
    for _order in range(3):
        delivered(fair)
    recall = recalled(fair.stall.lots[0])
    gateway.fault = lambda: kill() if len(gateway.sent) > sent_before else None
    with pytest.raises(Killed):
        actions.tell_buyers()
    gateway.fault = lambda: None

    with at(now() + timedelta(minutes=5)):
        actions.tell_buyers()

    assert sorted({message.id for message in gateway.sent}) == sorted(m.id for m in gateway.sent)
    assert len(gateway.sent) == 3
    assert states(recall) == ["told", "told", "unsure"]


@pytest.mark.django_db
def test_an_erased_buyer_is_shown_as_not_reachable(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    delivered(fair)
    with at(now() + timedelta(days=60)):
        orders.complete_due(SYSTEM)
    with at(now() + timedelta(days=200)):
        orders.erase_contacts(SYSTEM)
        recall = recalled(fair.stall.lots[0])
        actions.tell_buyers()

    assert states(recall) == ["unreachable"]
    assert gateway.sent == []


@pytest.mark.django_db
def test_the_same_recall_again_is_the_first_and_another_is_refused() -> None:
    fair = a_fair(lots=(10_000,))
    delivered(fair)
    lot, recall = fair.stall.lots[0], uuid7()
    for _time in range(2):
        assert actions.recall_lot(SYSTEM, recall=recall, lot=lot, severity="minor", reason="样例") == 1

    wrongs: tuple[dict[str, Any], ...] = (
        {"recall": recall, "reason": "别的"},
        {"recall": uuid7(), "reason": "样例"},
    )
    for wrong in wrongs:
        with pytest.raises(Conflict):
            actions.recall_lot(SYSTEM, lot=lot, severity="minor", **wrong)
    for field, words in (("severity", ("", "样例")), ("reason", ("minor", " "))):
        with pytest.raises(Invalid) as refused:
            actions.recall_lot(SYSTEM, recall=uuid7(), lot=lot, severity=words[0], reason=words[1])
        assert refused.value.field == field


@pytest.mark.django_db
def test_a_recall_by_mistake_is_lifted_and_who_was_told_can_read_it(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    told = delivered(fair)
    lot = fair.stall.lots[0]
    recall = recalled(lot)
    actions.tell_buyers()

    for _time in range(2):
        actions.lift_recall(SYSTEM, recall=recall, reason="样例：弄错了批次")

    assert availability([fair.stall.offer])[fair.stall.offer] == 19
    assert read.order(SYSTEM, order_id=told).steps[-1].verb == "recall_lifted"
    assert queries.recall(SYSTEM, recall=recall).lift_reason == "样例：弄错了批次"
    assert queries.history(SYSTEM, lot=lot).recalled is None
    recalled(lot)
    assert queries.history(SYSTEM, lot=lot).recalled is not None


@pytest.mark.django_db
def test_who_was_not_told_when_it_is_lifted_will_not_be(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    delivered(fair)
    recall = recalled(fair.stall.lots[0])
    actions.lift_recall(SYSTEM, recall=recall, reason="样例")

    assert actions.tell_buyers() == 0
    assert states(recall) == ["dropped"]
    assert gateway.sent == []


def selling(fair: Fair) -> int:
    return availability([fair.stall.offer])[fair.stall.offer]


@pytest.mark.django_db(transaction=True)
def test_the_news_of_a_recall_reaches_the_orders_that_waited(gateway: Gateway) -> None:
    fair = a_fair(lots=(10_000,))
    waiting = paid(fair)
    recalled(fair.stall.lots[0])
    assert state(waiting) == "paid"

    outbox.deliver_everything()
    actions.tell_buyers()

    assert state(waiting) == "cancelled"
    assert selling(fair) == 0
    assert len(gateway.sent) == 1


@pytest.mark.django_db
def test_what_left_after_a_recall_was_lifted_in_the_same_moment_is_nobody_it_missed() -> None:
    def missed() -> list[bool]:
        name = "trace.every_buyer_of_a_recalled_lot_is_found"
        return [bool(one.broken) for one in queries.proofs() if one.name == name]

    with at(now()):
        fair = a_fair(lots=(10_000,))
        recall = recalled(fair.stall.lots[0])
        actions.lift_recall(SYSTEM, recall=recall, reason="样例：弄错了")
        delivered(fair)
        assert missed() == [False]

        before = delivered(fair)
        recall = recalled(fair.stall.lots[0])
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM trace_telling WHERE recall_id = %s AND order_id = %s", [recall, before]
            )
        assert missed() == [True]
