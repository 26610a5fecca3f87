"""What was tried in vain goes out again or comes back, and then nothing and nobody is left short."""

from __future__ import annotations

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM, an_actor
from countyfair.trade.logistics.queries import parcels_of, scans_of
from countyfair.trade.logistics.rules import MOST_TRIES
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.queries import rounds
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.shares import shares_of
from countyfair.trade.orders.rules.life import Places, Standing, possible
from countyfair.trade.orders.tests.factories import NEAR, Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import on_hand, owed_back, pay, reserved, state
from countyfair.trade.stock import queries as stock

pytestmark = pytest.mark.django_db

NEXT_DOOR = "450225100202"


def out(fair: Fair, *, destination: str = NEAR) -> Placed:
    """Two packs on their way to a door."""
    total = 2 * 2980 + (600 if destination.startswith("45") else 1200)
    placed = place(fair, packs=2, pickup=False, destination=destination, expected_total_fen=total)
    pay(fair, placed)
    actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=1100)
    actions.hand_over(fair.agent, order_id=placed.order)
    return placed


def tried(fair: Fair, actor: Actor | None = None) -> Placed:
    """Tried in vain once."""
    placed = out(fair)
    actions.fail_delivery(actor or an_actor("courier"), order_id=placed.order, reason="absent")
    return placed


def parcel_state(placed: Placed) -> str:
    return parcels_of([str(placed.order)])[0].state


def used() -> object:
    return scalar("SELECT sum(used)::bigint FROM stock_supply")


def test_the_scan_of_a_try_says_where_on_its_way_it_was() -> None:
    fair = a_fair()
    placed = tried(fair, an_actor("courier", place="450225100"))
    (parcel,) = parcels_of([str(placed.order)])
    last = scans_of([parcel.id])[-1]
    assert (last.kind, last.place, last.evidence) == ("failed", NEAR, "#absent")
    assert state(placed) == "handed_over"


@pytest.mark.parametrize(
    ("role", "where"),
    [("courier", OTHER_COUNTY), ("station_agent", NEXT_DOOR), ("auditor", "450225"), ("", "450225")],
)
def test_who_is_not_on_its_way_neither_fails_nor_sends_nor_returns_it(role: str, where: str) -> None:
    fair = a_fair()
    actor, placed = an_actor(role, place=where), tried(fair)
    with pytest.raises(Forbidden):
        actions.send_out_again(actor, order_id=placed.order)
    with pytest.raises(Forbidden):
        actions.return_to_sender(actor, order_id=placed.order, reason="x", goods_are_good=True)
    riding = out(fair)
    with pytest.raises(Forbidden):
        actions.fail_delivery(actor, order_id=riding.order, reason="absent")
    assert (parcel_state(placed), parcel_state(riding)) == ("failed", "handed_over")


def test_it_goes_out_again_three_times_at_most() -> None:
    fair, courier = a_fair(), an_actor("courier")
    placed = out(fair)
    with pytest.raises(Conflict):
        actions.send_out_again(courier, order_id=placed.order)
    for _time in range(MOST_TRIES - 1):
        actions.fail_delivery(courier, order_id=placed.order, reason="absent")
        actions.send_out_again(courier, order_id=placed.order)
    actions.fail_delivery(courier, order_id=placed.order, reason="absent")
    with pytest.raises(Conflict) as refused:
        actions.send_out_again(courier, order_id=placed.order)
    assert refused.value.code == "tries"
    assert rounds.brought(courier, order_id=placed.order).tried == MOST_TRIES
    steps = scalar("SELECT count(*) FROM orders_step WHERE verb = 'send_out_again'")
    assert (steps, on_hand(), reserved()) == (MOST_TRIES - 1, 19_000, 0)
    actions.deliver(courier, order_id=placed.order, evidence="fetched it after all")
    assert state(placed) == "delivered"


def test_good_goods_go_back_on_the_shelf_and_all_of_the_money_to_the_buyer() -> None:
    fair = a_fair()
    placed = tried(fair)
    with pytest.raises(Invalid):
        actions.return_to_sender(fair.agent, order_id=placed.order, reason=" ", goods_are_good=True)
    assert (state(placed), on_hand()) == ("handed_over", 19_000)
    actions.return_to_sender(fair.agent, order_id=placed.order, reason="refused", goods_are_good=True)
    assert (state(placed), parcel_state(placed)) == ("cancelled", "returned")
    assert (on_hand(), reserved(), used()) == (20_000, 0, 0)
    assert owed_back(placed) == placed.total_fen
    assert sum(row.amount_fen for row in shares_of([placed.order])) == 0
    with pytest.raises(Conflict):
        actions.return_to_sender(fair.agent, order_id=placed.order, reason="again", goods_are_good=True)
    assert [proof.name for proof in (*proofs(), *stock.proofs()) if proof.broken] == []


def test_spoilt_goods_are_written_off_by_who_may() -> None:
    fair = a_fair(lots=(700, 10_000))
    placed = tried(fair)
    with pytest.raises(Forbidden):
        actions.return_to_sender(fair.agent, order_id=placed.order, reason="wet", goods_are_good=False)
    assert (state(placed), on_hand()) == ("handed_over", 9_700)
    staff = an_actor("centre_staff")
    actions.return_to_sender(staff, order_id=placed.order, reason="wet", goods_are_good=False)
    assert (state(placed), on_hand(), used()) == ("cancelled", 9_700, 0)
    written = [
        line.on_hand_delta
        for lot in fair.stall.lots
        for line in stock.movements(SYSTEM, lot=lot)
        if line.kind == "write_off"
    ]
    assert sorted(written) == [-700, -300]
    assert owed_back(placed) == placed.total_fen
    assert [proof.name for proof in stock.proofs() if proof.broken] == []


def test_only_what_has_failed_goes_out_again_or_comes_back() -> None:
    fair, staff = a_fair(), an_actor("centre_staff")
    placed = out(fair)
    with pytest.raises(Conflict):
        actions.return_to_sender(staff, order_id=placed.order, reason="x", goods_are_good=True)
    assert (state(placed), on_hand(), owed_back(placed)) == ("handed_over", 19_000, 0)
    standing = Standing(staff, False, Places(fair.county, "450225100200", NEAR, is_pickup=False))
    assert "return_to_sender" not in possible("handed_over", standing, {"handed_over"})
    assert {"return_to_sender", "send_out_again"} <= set(possible("handed_over", standing, {"failed"}))


def test_a_courier_sees_what_is_out_within_reach_and_nobody_s_name() -> None:
    fair = a_fair()
    near, far = out(fair), out(fair, destination="621227100200")
    riding = [
        rounds.to_bring(an_actor("courier", place=where)) for where in ("450225", "450225100", OTHER_COUNTY)
    ]
    assert [{one.order for one in found} for found in riding] == [
        {near.order, far.order}, {near.order, far.order}, set(),
    ]  # fmt: skip
    # who works only where it goes sees what goes there; packed elsewhere and bound elsewhere is not theirs
    assert [one.order for one in rounds.to_bring(an_actor("courier", place=NEAR))] == [near.order]
    assert "样例·买家" not in repr(riding)
    (goods,) = riding[0][0].goods
    assert (goods.quantity, riding[0][0].weight_g, riding[0][0].tried) == (2, 1100, 0)
    for actor in (an_actor("auditor"), an_actor("centre_finance"), an_actor(), Actor.guest("x")):
        assert rounds.to_bring(actor) == []
        with pytest.raises(Missing):
            rounds.brought(actor, order_id=near.order)
    # where it goes in another county nobody of that county carries it for this one
    assert rounds.to_bring(an_actor("courier", place="62")) == []
    assert rounds.how_many(an_actor("courier", place="62")) == rounds.HowMany(0, 0)
    actions.deliver(an_actor("courier"), order_id=near.order, evidence="signed")
    with pytest.raises(Missing):
        rounds.brought(an_actor("courier"), order_id=near.order)


def test_the_round_goes_on_behind_its_last_parcel_and_counts_all() -> None:
    fair, courier = a_fair(), an_actor("courier")
    doors = [out(fair).order for _ in range(3)]
    picked = place(fair)
    pay(fair, picked)
    actions.pack(fair.agent, order_id=picked.order, parcel=uuid7(), weight_g=600)
    actions.hand_over(SYSTEM, order_id=picked.order)
    everything = [row.order for row in rounds.to_bring(courier)]
    assert (set(everything[:3]), everything[3:]) == (set(doors), [picked.order])
    first = rounds.to_bring(courier, limit=2)
    assert [row.order for row in first] == everything[:2]
    # it goes on behind a parcel that was delivered meanwhile
    actions.deliver(courier, order_id=everything[1], evidence="signed")
    rest = rounds.to_bring(courier, after=everything[1], limit=2)
    assert [row.order for row in rest] == everything[2:]
    assert rounds.to_bring(courier, after=everything[3]) == []
    assert rounds.how_many(courier) == rounds.HowMany(doors=2, stations=1)
    assert rounds.how_many(an_actor("auditor")) == rounds.HowMany(0, 0)
