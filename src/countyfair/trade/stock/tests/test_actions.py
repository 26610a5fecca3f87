"""Weigh-in, counting and feeding, as the people who do it meet them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions as people
from countyfair.registers.people.rules import SELLING
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    VILLAGE,
    a_household,
    an_actor,
)
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.events import Shortfall
from countyfair.trade.stock.rules import LARGEST_HARVEST
from countyfair.trade.stock.tests.factories import a_lot, a_stall, holds

pytestmark = pytest.mark.django_db(transaction=True)


def weigh(actor: Actor, **changes: Any) -> UUID:
    """A weigh-in of 40 kg; `changes` replace what the device sends."""
    sent: dict[str, Any] = {
        "lot": uuid7(),
        "household": a_household(),
        "product": catalog.a_product(),
        "quantity": Quantity(40_000, Unit.GRAM),
        "harvested_on": today(),
    }
    return actions.take_in(actor, **(sent | changes)).id


def test_an_agent_weighs_in_a_harvest_and_it_lies_there() -> None:
    agent = an_actor("station_agent", place=VILLAGE)

    lot = queries.lot(agent, lot=weigh(agent, field="河边田", grade="一级"))

    assert (lot.on_hand, lot.reserved, lot.place) == (40_000, 0, VILLAGE)
    assert (lot.field, lot.grade) == ("河边田", "一级")
    (line,) = queries.movements(agent, lot=lot.id)
    assert (line.kind, line.on_hand_delta, line.actor) == ("take_in", 40_000, agent.key)


def test_nothing_is_weighed_in_for_a_household_that_has_not_agreed() -> None:
    agent, household = an_actor("station_agent", place=VILLAGE), a_household(agreed=("payout",))
    with pytest.raises(Invalid) as refused:
        weigh(agent, household=household)
    assert (refused.value.field, refused.value.code) == ("household", "no_consent")
    assert scalar("SELECT count(*) FROM stock_lot") == scalar("SELECT count(*) FROM stock_movement") == 0
    people.record_consent(agent, household_id=household, purpose=SELLING, how="voice", until=today())
    sent = {"lot": uuid7(), "household": household, "product": catalog.a_product()}
    lot = weigh(agent, **sent)
    with at(now() + timedelta(days=1)), pytest.raises(Invalid):
        weigh(agent, household=household)
    people.withdraw_consent(agent, household_id=household, purpose=SELLING)
    with pytest.raises(Invalid):
        weigh(agent, household=household)
    assert weigh(agent, **sent) == lot


def test_a_weigh_in_sent_again_gets_the_first_answer_and_another_one_under_its_id_is_refused() -> None:
    agent = an_actor("station_agent", place=VILLAGE)
    sent = {"lot": uuid7(), "household": a_household(), "product": catalog.a_product()}

    weigh(agent, **sent)
    weigh(agent, **sent)

    assert queries.lot(SYSTEM, lot=sent["lot"]).on_hand == 40_000
    with pytest.raises(Conflict):
        weigh(agent, **sent, quantity=Quantity(41_000, Unit.GRAM))
    with pytest.raises(Conflict):
        weigh(an_actor("station_agent", place=VILLAGE), **sent)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("", COUNTY),
        ("auditor", COUNTY),
        ("courier", COUNTY),
        ("station_agent", "450225100201"),
        ("station_agent", OTHER_COUNTY),
    ],
)
def test_who_may_not_weigh_here_is_refused_and_nothing_is_written(role: str, place: str) -> None:
    with pytest.raises(Forbidden):
        weigh(an_actor(role, place=place))

    assert scalar("SELECT count(*) FROM stock_lot") == 0
    assert scalar("SELECT count(*) FROM stock_pool") == 0


def test_a_lot_can_be_read_at_its_village_and_above_and_nowhere_else() -> None:
    lot = a_lot()

    assert queries.lot(an_actor("auditor", place=COUNTY), lot=lot).id == lot
    assert [one.id for one in queries.lots(an_actor("station_agent", place=VILLAGE), county=COUNTY)] == [lot]
    elsewhere = an_actor("centre_staff", place=OTHER_COUNTY)
    assert queries.lots(elsewhere, county=COUNTY) == []
    for read in (queries.lot, queries.movements):
        with pytest.raises(Forbidden):
            read(elsewhere, lot=lot)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": Quantity(3, Unit.PIECE)}, "quantity"),
        ({"quantity": Quantity(0, Unit.GRAM)}, "quantity"),
        ({"quantity": Quantity(LARGEST_HARVEST + 1, Unit.GRAM)}, "quantity"),
        ({"harvested_on": today() + timedelta(days=1)}, "harvested_on"),
        ({"harvested_on": today() - timedelta(days=800)}, "harvested_on"),
        ({"weighed_at": now() + timedelta(days=3)}, "weighed_at"),
        ({"product": uuid7()}, "product"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        weigh(SYSTEM, **changes)

    assert refused.value.field == field


def test_a_household_of_another_county_does_not_deliver_goods_of_this_one() -> None:
    with pytest.raises(Invalid):
        weigh(SYSTEM, household=a_household(place=OTHER_VILLAGE))
    with pytest.raises(Missing):
        weigh(SYSTEM, household=uuid7())


def test_a_recount_is_a_counter_entry_with_its_reason() -> None:
    staff = an_actor("centre_staff")
    lot, entry = a_lot(amount=1000), uuid7()

    assert actions.correct(staff, entry=entry, lot=lot, counted=940, reason="复秤") == -60
    assert actions.correct(staff, entry=entry, lot=lot, counted=940, reason="复秤") == -60

    assert queries.lot(SYSTEM, lot=lot).on_hand == 940
    assert [(m.kind, m.on_hand_delta, m.reason) for m in queries.movements(SYSTEM, lot=lot)][1:] == [
        ("correct", -60, "复秤")
    ]


@pytest.mark.parametrize("verb", [actions.correct, actions.correct_and_release])
def test_only_the_centre_recounts_and_never_without_a_reason(verb: object) -> None:
    lot = a_lot()
    given = {"entry": uuid7(), "lot": lot, "counted": 5}
    assert callable(verb)

    with pytest.raises(Forbidden):
        verb(an_actor("station_agent", place=VILLAGE), **given, reason="复秤")
    with pytest.raises(Invalid):
        verb(SYSTEM, **given, reason=" ")
    assert queries.lot(SYSTEM, lot=lot).on_hand == 10_000


def test_a_lot_is_not_corrected_below_what_is_promised_and_the_refusal_names_to_whom() -> None:
    stall = a_stall(lots=(2000,))
    for holder in ("alice", "bob"):
        actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, 1, holder), expires=None)

    with pytest.raises(Conflict) as refused:
        actions.correct(SYSTEM, entry=uuid7(), lot=stall.lots[0], counted=900, reason="受潮")

    assert refused.value.details == {"reserved": 1000, "held": [("alice", 500), ("bob", 500)]}
    assert "1000" in str(refused.value)
    assert queries.lot(SYSTEM, lot=stall.lots[0]).on_hand == 2000


def test_correcting_all_the_same_releases_the_youngest_promise_and_tells_its_holder() -> None:
    stall = a_stall(lots=(2000,))
    for holder, minutes in (("paid early", None), ("paid late", None), ("unpaid", 15)):
        expires = None if minutes is None else now() + timedelta(minutes=minutes)
        actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, 1, holder), expires=expires)
    entry = uuid7()

    lost, again = (
        actions.correct_and_release(SYSTEM, entry=entry, lot=stall.lots[0], counted=600, reason="受潮")
        for _twice in range(2)
    )

    assert (lost, again) == (("unpaid", "paid late"), ())
    lot = queries.lot(SYSTEM, lot=stall.lots[0])
    assert (lot.on_hand, lot.reserved) == (600, 500)
    heard = str(scalar("SELECT payload::text FROM kernel_event WHERE name = %s", [Shortfall.NAME]))
    assert Shortfall.from_payload(json.loads(heard)).holders == ("unpaid", "paid late")
    assert all(not proof.broken for proof in queries.proofs())


def test_what_is_free_can_be_written_off_and_nothing_else() -> None:
    stall = a_stall(lots=(1000,))
    actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, 1, "alice"), expires=None)
    entry = uuid7()

    for _twice in range(2):
        actions.write_off(SYSTEM, entry=entry, lot=stall.lots[0], amount=300, reason="霉变")
    with pytest.raises(Conflict):
        actions.write_off(SYSTEM, entry=uuid7(), lot=stall.lots[0], amount=201, reason="霉变")

    assert queries.lot(SYSTEM, lot=stall.lots[0]).on_hand == 700


def test_a_cap_cannot_fall_below_what_is_used_nor_be_changed_unseen() -> None:
    stall = a_stall(lots=(5000,), cap=3000)
    actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, 4, "alice"), expires=None)

    with pytest.raises(Conflict) as refused:
        actions.change_cap(SYSTEM, offer=stall.offer, cap=1999, believed=3000)
    assert refused.value.details == {"used": 2000}
    assert actions.change_cap(SYSTEM, offer=stall.offer, cap=2000, believed=3000).cap_amount == 2000
    with pytest.raises(Stale) as stale:
        actions.change_cap(SYSTEM, offer=stall.offer, cap=2500, believed=3000)
    assert stale.value.details == {"cap": 2000}
    assert queries.availability([stall.offer]) == {stall.offer: 0}


def test_an_offer_is_fed_once_and_only_by_who_offers() -> None:
    offer = catalog.an_offer()

    with pytest.raises(Forbidden):
        actions.feed(an_actor("station_agent", place=VILLAGE), offer=offer)
    fed = actions.feed(an_actor("centre_staff"), offer=offer, cap=500)
    assert actions.feed(SYSTEM, offer=offer, cap=500).id == fed.id
    for refused in ({"cap": 600}, {"cap": 500, "pool": "一级"}):
        with pytest.raises(Refusal):
            actions.feed(SYSTEM, offer=offer, **refused)


def test_a_whole_basket_is_quoted_in_one_statement(django_assert_num_queries: object) -> None:
    stalls = [a_stall(lots=(300, 300, 5000)) for _ in range(3)]
    assert callable(django_assert_num_queries)

    with django_assert_num_queries(1):
        quotes = queries.quote([(stall.offer, 2) for stall in reversed(stalls)])
    with django_assert_num_queries(1):
        left = queries.availability([stall.offer for stall in stalls])

    assert [one.offer for one in quotes] == [stall.offer for stall in reversed(stalls)]
    assert [lot.free for lot in quotes[0].lots] == [300, 300, 5000]
    assert [one.available for one in quotes] == [11, 11, 11] == list(left.values())


def test_a_quote_brings_only_the_lots_that_all_its_lines_need() -> None:
    stall = a_stall(lots=(600, 600, 600, 5000))

    first, second = queries.quote([(stall.offer, 1), (stall.offer, 1)])

    assert [lot.free for lot in first.lots] == [600, 600] == [lot.free for lot in second.lots]
    assert first.free == 6800
