"""A gift goes to somebody else, without prices; its buyer stays its buyer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.sms import console
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.logistics.events import Arrived
from countyfair.trade.orders import actions, handlers, queries
from countyfair.trade.orders.events import HandedOver
from countyfair.trade.orders.rules.contact import Contact, Gift
from countyfair.trade.orders.tests.factories import CONTACT, NEAR, a_fair, place
from countyfair.trade.orders.tests.test_life import packed, pay

pytestmark = pytest.mark.django_db

GIFT = Gift("样例·奶奶", "19900006666", "生日快乐")
GIVEN = replace(CONTACT, gift=GIFT)


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def hear(*events: handlers.Told) -> None:
    handlers.tell_buyers([Delivered(uuid7(), "450225", now(), "system:test", event) for event in events])


def test_the_buyer_sees_whom_it_goes_to_and_who_packs_it_sees_that_no_price_goes_along() -> None:
    fair = a_fair()
    placed = place(fair, contact=GIVEN)
    mine = queries.order(Actor.guest("any"), order_id=placed.order, token=placed.token)
    assert mine.gift
    assert mine.contact is not None
    assert mine.contact.gift == replace(GIFT, phone="+86" + GIFT.phone)
    assert (mine.contact.name, mine.contact.phone) == (CONTACT.name, "+86" + CONTACT.phone)
    theirs = queries.order(fair.agent, order_id=placed.order)
    assert theirs.gift
    assert theirs.contact is None
    assert not queries.order(SYSTEM, order_id=place(fair).order).gift


def test_who_brings_it_learns_who_gets_it_and_nothing_of_the_buyer() -> None:
    fair, courier = a_fair(), an_actor("courier")
    placed = place(fair, contact=GIVEN, pickup=False, destination=NEAR, expected_total_fen=3580)
    pay(fair, placed)
    packed(fair, placed)
    actions.hand_over(SYSTEM, order_id=placed.order)
    for actor, purpose in ((courier, "deliver"), (SYSTEM, "label"), (SYSTEM, "gift_slip")):
        opened = actions.open_contact(actor, order_id=placed.order, purpose=purpose)
        assert (opened.name, opened.phone, opened.address) == (GIFT.name, "+86" + GIFT.phone, CONTACT.address)
    assert actions.open_contact(SYSTEM, order_id=placed.order, purpose="desk").name == CONTACT.name
    with pytest.raises(Forbidden):
        actions.open_contact(courier, order_id=placed.order, purpose="gift_slip")


def test_who_gets_it_hears_when_it_comes_and_so_does_the_buyer() -> None:
    fair = a_fair()
    placed = place(fair, contact=GIVEN)
    for _again in range(2):
        hear(HandedOver(placed.order), Arrived(uuid7(), str(placed.order), fair.station))
    told = "SELECT string_agg(kind, ' ' ORDER BY kind) FROM notices_notification WHERE recipient = %s"
    assert scalar(told, [f"gift:{placed.order}"]) == "gift.handed_over gift.ready"
    assert scalar(told, [f"order:{placed.order}"]) == "order.handed_over order.ready"
    found = actions.gift_addresses(SYSTEM, [placed.order])[placed.order]
    assert (found.phone, found.secrets["giver"]) == ("+86" + GIFT.phone, CONTACT.name)
    assert actions.addresses(SYSTEM, [placed.order])[placed.order].phone == "+86" + CONTACT.phone
    with pytest.raises(Forbidden):
        actions.gift_addresses(an_actor("county_admin"), [placed.order])


def test_a_gift_without_a_phone_is_told_to_nobody_else() -> None:
    quiet = replace(GIVEN, gift=replace(GIFT, phone=""))
    fair = a_fair()
    placed = place(fair, contact=quiet)
    assert actions.gift_addresses(SYSTEM, [placed.order]) == {}
    ordinary = place(fair)
    hear(HandedOver(ordinary.order))
    assert scalar("SELECT count(*) FROM notices_notification WHERE kind LIKE 'gift.%%'") == 0


def test_the_code_is_sent_again_to_who_fetches_it() -> None:
    fair = a_fair()
    placed = place(fair, contact=GIVEN)
    pay(fair, placed)
    code = packed(fair, placed)
    actions.tell_code(an_actor("centre_staff"), order_id=placed.order)
    assert console.last_code("+86" + GIFT.phone) == code


@pytest.mark.parametrize(
    ("gift", "field"),
    [
        (replace(GIFT, name=" "), "gift_name"),
        (replace(GIFT, name="样" * 61), "gift_name"),
        (replace(GIFT, phone="12"), "gift_phone"),
        (replace(GIFT, greeting="好" * 121), "greeting"),
    ],
)
def test_what_a_gift_cannot_say_is_told_at_its_field(gift: Gift, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        place(a_fair(), contact=replace(CONTACT, gift=gift))
    assert refused.value.field == field


def test_the_same_form_to_somebody_else_is_another_order() -> None:
    fair, key = a_fair(), uuid7()
    first = place(fair, contact=GIVEN, order_id=key)
    assert place(fair, contact=GIVEN, order_id=key) == first
    with pytest.raises(Conflict):
        place(fair, contact=replace(CONTACT, gift=replace(GIFT, name="样例·别人")), order_id=key)


def test_a_gift_costs_no_statement_more() -> None:
    fair = a_fair()
    counted = []
    for contact in (CONTACT, GIVEN):
        with CaptureQueriesContext(connection) as ran:
            place(fair, contact=contact)
        counted.append(len([q for q in ran if "SAVEPOINT" not in q["sql"]]))
    assert counted == [2, 2]


def test_who_got_it_is_forgotten_with_its_buyer() -> None:
    placed = place(a_fair(), contact=GIVEN)
    actions.cancel(SYSTEM, order_id=placed.order, reason="样例")
    with at(now() + timedelta(days=400)):
        assert actions.erase_contacts(SYSTEM) == 1
        assert actions.gift_addresses(SYSTEM, [placed.order]) == {}
    assert (
        scalar("SELECT sealed || phone_blind FROM orders_contact WHERE order_id = %s", [placed.order]) == ""
    )
    assert queries.order(SYSTEM, order_id=placed.order).gift


def test_what_is_sealed_of_an_ordinary_order_is_what_it_always_was() -> None:
    said = CONTACT.to_text()
    assert "gift" not in said
    assert Contact.from_text(said) == CONTACT
    assert Contact.from_text(GIVEN.to_text()) == GIVEN
