"""Whoever opens a contact leaves a line in the log; a code reaches the buyer's phone and nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from countyfair.kernel.clock import at, now
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.sms import NotSent, console
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM, an_actor
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries.contact_reads import contact_reads
from countyfair.trade.orders.rules.contact import MOST_TELLINGS
from countyfair.trade.orders.tests.factories import CONTACT, a_fair, place
from countyfair.trade.orders.tests.test_life import packed, pay, state
from countyfair.trade.orders.tests.test_returning import out

pytestmark = pytest.mark.django_db

PHONE = "+86" + CONTACT.phone


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def reads() -> object:
    return scalar("SELECT count(*) FROM orders_contactread")


def test_each_opening_is_kept_with_who_and_what_for() -> None:
    fair, courier, auditor = a_fair(), an_actor("courier"), an_actor("auditor")
    placed = out(fair)
    opened = actions.open_contact(courier, order_id=placed.order, purpose="deliver")
    assert (opened.name, opened.phone) == (CONTACT.name, PHONE)
    (row,) = contact_reads(auditor, county=fair.county, order_id=placed.order)
    assert (row.actor, row.purpose, row.number) == (courier.key, "deliver", placed.number)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_contactread")
    for actor in (courier, an_actor("auditor", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            contact_reads(actor, county=fair.county)


@pytest.mark.parametrize("role", ["auditor", "centre_finance", "programme_officer", ""])
def test_who_neither_packs_nor_delivers_opens_nothing(role: str) -> None:
    fair, actor = a_fair(), an_actor(role)
    placed = out(fair)
    for purpose in ("desk", "label", "deliver", "tell_code"):
        with pytest.raises(Forbidden):
            actions.open_contact(actor, order_id=placed.order, purpose=purpose)
    assert reads() == 0


def test_a_contact_is_opened_for_what_there_is_to_do_only() -> None:
    fair, courier = a_fair(), an_actor("courier")
    placed = out(fair)
    with pytest.raises(Forbidden):
        actions.open_contact(courier, order_id=placed.order, purpose="label")
    with pytest.raises(Forbidden):
        actions.open_contact(
            an_actor("courier", place=OTHER_COUNTY), order_id=placed.order, purpose="deliver"
        )
    with pytest.raises(Invalid):
        actions.open_contact(courier, order_id=placed.order, purpose="curiosity")
    actions.deliver(courier, order_id=placed.order, evidence="signed")
    with pytest.raises(Conflict):
        actions.open_contact(courier, order_id=placed.order, purpose="deliver")
    with at(now() + timedelta(days=60)):
        actions.complete_due(SYSTEM)
    with at(now() + timedelta(days=100)):
        actions.erase_contacts(SYSTEM)
    with pytest.raises(Conflict):
        actions.open_contact(an_actor("centre_staff"), order_id=placed.order, purpose="desk")
    assert reads() == 0


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_courier_neither_opens_nor_ends_what_its_buyer_picks_up(handed_over: bool) -> None:
    fair, courier = a_fair(), an_actor("courier")
    placed = place(fair)
    pay(fair, placed)
    code = packed(fair, placed)
    if handed_over:
        actions.hand_over(SYSTEM, order_id=placed.order)
    before = state(placed)
    for purpose in ("deliver", "desk", "label"):
        with pytest.raises(Forbidden):
            actions.open_contact(courier, order_id=placed.order, purpose=purpose)
    for said in ({"evidence": "signed"}, {"code": code}, {"code": code, "evidence": "signed"}):
        with pytest.raises(Forbidden):
            actions.deliver(courier, order_id=placed.order, **said)
    assert (reads(), state(placed)) == (0, before)
    actions.deliver(fair.agent, order_id=placed.order, code=code)
    assert state(placed) == "delivered"


def test_the_code_goes_to_the_buyer_s_phone_three_times_a_day() -> None:
    fair, staff = a_fair(), an_actor("centre_staff")
    placed = place(fair)
    pay(fair, placed)
    with pytest.raises(Conflict):
        actions.tell_code(staff, order_id=placed.order)
    code = packed(fair, placed)
    moment = now()
    for sent in range(MOST_TELLINGS):
        with at(moment + timedelta(minutes=10 * sent)):
            actions.tell_code(staff, order_id=placed.order)
            assert console.last_code(PHONE) == code
        with at(moment + timedelta(minutes=10 * sent, seconds=30)), pytest.raises(Conflict) as refused:
            actions.tell_code(staff, order_id=placed.order)
        assert refused.value.code == "too_often"
    assert reads() == MOST_TELLINGS
    with at(moment + timedelta(hours=3)), pytest.raises(Conflict):
        actions.tell_code(staff, order_id=placed.order)
    with at(moment + timedelta(hours=25)):
        actions.tell_code(staff, order_id=placed.order)
    assert code not in str(scalar("SELECT json_agg(r)::text FROM orders_contactread r"))


def test_a_try_counts_whatever_the_provider_answers_and_a_delivery_has_no_code(settings: Any) -> None:
    fair, staff = a_fair(), an_actor("centre_staff")
    door = out(fair)
    with pytest.raises(Conflict) as refused:
        actions.tell_code(staff, order_id=door.order)
    assert (refused.value.code, reads()) == ("no_code", 0)
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    settings.COUNTYFAIR_SMS, settings.COUNTYFAIR_SMS_URL = "http", "http://127.0.0.1:9/"
    moment = now()
    for tried in range(MOST_TELLINGS):
        with at(moment + timedelta(minutes=10 * tried)), pytest.raises(NotSent) as unsure:
            actions.tell_code(staff, order_id=placed.order)
        assert (unsure.value.status, "可能收不到" in str(unsure.value), reads()) == (503, True, tried + 1)
    settings.COUNTYFAIR_SMS = "console"
    with at(moment + timedelta(hours=1)), pytest.raises(Conflict) as refused:
        actions.tell_code(staff, order_id=placed.order)
    assert (refused.value.code, reads(), console.last_code(PHONE)) == ("too_often", MOST_TELLINGS, "")
    with at(moment + timedelta(hours=25)):
        actions.tell_code(staff, order_id=placed.order)
    assert reads() == MOST_TELLINGS + 1
    with pytest.raises(Forbidden):
        actions.tell_code(an_actor("station_agent", place="450225100209"), order_id=placed.order)
