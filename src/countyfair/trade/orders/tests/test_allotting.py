"""Harvests sold ahead: fairly cut where they fall short, paid back once, shared by what was weighed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import link_token
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries.judging import judged
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as stock_queries
from countyfair.trade.stock.actions.offering import Outlet
from countyfair.trade.stock.queries import cycles as stock_cycles
from countyfair.trade.stock.tests.factories import a_harvest

pytestmark = pytest.mark.django_db(transaction=True)

PRICE = 3000
BOX_G = 1000
CLOSES = now() + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Two households' harvests of 20 kg each, sold ahead at 80 % in boxes of a kilo."""

    fair: Fair
    cycle: UUID
    offer: UUID
    pack: UUID
    harvests: tuple[UUID, ...]

    def open(self, actor: Actor = SYSTEM, *, percent: int = 80) -> None:
        stock.open_cycle(
            actor, cycle=self.cycle, harvests=self.harvests, pack=self.pack, price=Money(PRICE),
            outlets=[Outlet(self.offer, "shop")], closes_at=CLOSES,
            percent=percent,
        )  # fmt: skip

    def order(self, packs: int, *, paid: bool = True, beside: UUID | None = None) -> UUID:
        lines = ((self.offer, packs),) + (((beside, 1),) if beside else ())
        placed = place(self.fair, lines=lines, expected_total_fen=PRICE * packs + (2980 if beside else 0))
        if paid:
            payments.take_cash(self.fair.agent, intent=placed.intent, station=self.fair.station)
            outbox.deliver_everything()
        return placed.order

    def bring(self, *grams: int, lot: UUID | None = None) -> list[UUID]:
        return [
            stock.take_in_announced(
                self.fair.agent, harvest=harvest, lot=lot or uuid7(), quantity=Quantity(amount, Unit.GRAM),
                harvested_on=today(), station=self.fair.station,
            ).id
            for harvest, amount in zip(self.harvests, grams, strict=False)
        ]  # fmt: skip

    def allot(self) -> actions.Outcome:
        stock.close_cycle(SYSTEM, cycle=self.cycle)
        return actions.allot_cycle(SYSTEM, cycle=self.cycle)


@pytest.fixture
def ahead() -> Ahead:
    fair = a_fair()
    product = catalog.a_product(said=catalog.facts(name_zh="样例蜜橘", category="fruit"))
    pack = catalog.a_pack(product=product, content_amount=BOX_G)
    harvests = tuple(a_harvest(household, product, jin=40) for household in fair.households)
    made = Ahead(fair, uuid7(), uuid7(), pack, harvests)
    made.open()
    return made


def shown(order: UUID) -> queries.OrderShown:
    return queries.order(SYSTEM, order_id=order)


def all_holds() -> None:
    outbox.deliver_everything()
    for proof in (*proofs(), *stock_queries.proofs()):
        assert not proof.broken, (proof.name, proof.broken)


def test_eighty_per_cent_of_what_was_announced_can_be_ordered_ahead(ahead: Ahead) -> None:
    assert stock_queries.availability([ahead.offer])[ahead.offer] == 32
    order = ahead.order(3)

    day = today()
    assert shown(order).lines[0].label_zh.endswith(f"（预售，约{day.month}月{day.day}日采收）")
    weighed = stock_queries.lots(SYSTEM, county=COUNTY)
    assert sorted(row.id for row in weighed) == sorted(ahead.fair.stall.lots), "what is expected lies nowhere"
    all_holds()


def test_the_same_again_opens_nothing_and_other_terms_are_refused(ahead: Ahead) -> None:
    ahead.open()
    assert scalar("SELECT count(*) FROM stock_lot WHERE expected") == 2
    with pytest.raises(Conflict):
        ahead.open(percent=90)
    with pytest.raises(Conflict):
        replace(ahead, cycle=uuid7(), offer=uuid7()).open()


def test_nobody_packs_or_counts_or_recalls_what_is_not_harvested(ahead: Ahead) -> None:
    order = ahead.order(3)
    with pytest.raises(Conflict) as packing:
        actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=4000)
    assert packing.value.code == "expected"
    lot = UUID(str(scalar("SELECT id FROM stock_lot WHERE expected ORDER BY id LIMIT 1")))
    with pytest.raises(Conflict) as counting:
        stock.correct_and_release(SYSTEM, entry=uuid7(), lot=lot, counted=0, reason="数")
    with pytest.raises(Conflict) as blocking:
        stock.block(SYSTEM, lot=lot, by="x", reason="x")
    assert counting.value.code == blocking.value.code == "expected"
    assert shown(order).state == "paid"


def test_the_first_weigh_in_closes_the_cycle_and_waits_to_be_allotted(ahead: Ahead) -> None:
    order = ahead.order(3)
    ahead.bring(9000)
    assert stock_queries.availability([ahead.offer])[ahead.offer] >= 9
    with pytest.raises(Conflict):
        ahead.order(1)
    assert ahead.allot() == actions.Outcome(1, 0, 0)
    actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=3500)
    all_holds()


def test_a_short_harvest_is_cut_in_proportion_and_paid_back_once(ahead: Ahead) -> None:
    """Ordered 16, 10 and 5 boxes; brought 20.4 kg: 20400 × n / 31 is 10.53, 6.58 and 3.29 boxes."""
    orders = [ahead.order(packs) for packs in (16, 10, 5)]
    ahead.bring(12_400, 8_000)

    assert ahead.allot() == actions.Outcome(0, 3, 0)
    assert ahead.allot() == actions.Outcome(0, 0, 0)
    all_holds()

    got = [10, 7, 3]
    for order, packs, wanted in zip(orders, got, (16, 10, 5), strict=True):
        seen = shown(order)
        assert seen.refunded_fen == (wanted - packs) * PRICE
        assert len(seen.refunds) == 1
        assert seen.shared_fen == packs * PRICE
        shares = [row for row in seen.shares if row.beneficiary == "household"]
        assert sum(row.amount_fen for row in shares) == packs * PRICE * 80 // 100
        actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=packs * BOX_G)
        actions.hand_over(SYSTEM, order_id=order)
    assert scalar("SELECT sum(on_hand)::bigint FROM stock_lot WHERE harvest_id IS NOT NULL") == 400
    all_holds()


def test_a_claim_on_what_was_cut_is_judged_by_the_weight_of_what_was_allotted(ahead: Ahead) -> None:
    order, guest = ahead.order(16), Actor.guest("sample")
    ahead.bring(8_000)
    ahead.allot()
    actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=8_200)
    actions.deliver(SYSTEM, order_id=order, evidence="签收")
    claim, line = uuid7(), shown(order).lines[0].id
    actions.begin_claim(
        guest, claim_id=claim, order_id=order, line_id=line, kind="short", amount=BOX_G, on_receipt=False,
        words="少了一盒", token=link_token(str(order), "order"),
    )  # fmt: skip
    assert (judged(claim).packing, judged(claim).due_fen) == ("full", PRICE)


def test_each_household_is_paid_for_what_it_brought_and_its_station_too(ahead: Ahead) -> None:
    order = ahead.order(30)
    ahead.bring(5_000, 25_000)
    ahead.allot()
    held = shown(order).still_held()
    of_households = sorted(fen for (who, _owner, _lot), fen in held.items() if who == "household" and fen)
    assert of_households == [12_000, 60_000]
    assert sum(fen for (who, _owner, _lot), fen in held.items() if who == "station") == 5_400
    all_holds()


def test_a_harvest_that_never_comes_pays_everybody_back_once(ahead: Ahead) -> None:
    alone, mixed = ahead.order(4), ahead.order(2, beside=ahead.fair.stall.offer)
    assert ahead.allot() == actions.Outcome(0, 1, 1)
    seen = shown(alone)
    assert (seen.state, seen.refunded_fen, len(seen.refunds)) == ("cancelled", 4 * PRICE, 1)
    other = shown(mixed)
    assert (other.state, other.refunded_fen) == ("paid", 2 * PRICE)
    actions.pack(SYSTEM, order_id=mixed, parcel=uuid7(), weight_g=700)
    actions.hand_over(SYSTEM, order_id=mixed)
    all_holds()


def test_what_is_not_paid_falls_first_when_there_is_too_little(ahead: Ahead) -> None:
    paid, unpaid = ahead.order(10), ahead.order(10, paid=False)
    ahead.bring(12_000)
    assert ahead.allot() == actions.Outcome(1, 0, 1)
    assert (shown(paid).state, shown(unpaid).state) == ("paid", "cancelled")
    assert shown(paid).refunded_fen == 0
    all_holds()


def test_what_is_not_paid_takes_part_where_there_is_enough(ahead: Ahead) -> None:
    unpaid = ahead.order(10, paid=False)
    ahead.bring(12_000)
    assert ahead.allot() == actions.Outcome(1, 0, 0)
    payments.take_cash(ahead.fair.agent, intent=shown(unpaid).intent, station=ahead.fair.station)
    outbox.deliver_everything()
    assert shown(unpaid).state == "paid"
    actions.pack(SYSTEM, order_id=unpaid, parcel=uuid7(), weight_g=10_500)
    all_holds()


def test_more_than_ordered_goes_on_sale_as_what_lies_there(ahead: Ahead) -> None:
    ahead.order(2)
    ahead.bring(30_000, 20_000)
    ahead.allot()
    assert stock_queries.availability([ahead.offer])[ahead.offer] == 48
    order = ahead.order(1)
    assert "预售" not in shown(order).lines[0].label_zh
    all_holds()


def test_a_cycle_closes_once_and_its_households_hear_what_to_bring(ahead: Ahead) -> None:
    ahead.order(20)
    with at(now() + timedelta(hours=25)):
        assert stock.close_due_cycles(SYSTEM) == 1
        assert stock.close_due_cycles(SYSTEM) == 0
        outbox.deliver_everything()
    parts = stock_cycles.parts_of(ahead.cycle)
    assert sorted(part.ordered for part in parts) == [4000, 16_000]
    told = scalar("SELECT count(DISTINCT subject) FROM notices_notification WHERE kind = 'harvest.ordered'")
    assert told == 2


def test_a_repeated_weigh_in_after_the_allotment_is_answered_as_the_first_time(ahead: Ahead) -> None:
    lot = uuid7()
    ahead.bring(9000, lot=lot)
    ahead.allot()
    assert ahead.bring(9000, lot=lot) == [lot]


def test_only_who_offers_goods_there_opens_closes_and_allots(ahead: Ahead) -> None:
    nobody = Actor.guest("nobody")
    for attempt in (
        lambda: replace(ahead, cycle=uuid7()).open(nobody),
        lambda: stock.close_cycle(nobody, cycle=ahead.cycle),
        lambda: actions.allot_cycle(ahead.fair.agent, cycle=ahead.cycle),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_two_who_allot_at_once_allot_once(ahead: Ahead) -> None:
    order = ahead.order(16)
    ahead.bring(8000)
    stock.close_cycle(SYSTEM, cycle=ahead.cycle)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: _allot_alone(ahead.cycle), range(2)))
    assert shown(order).refunded_fen == 8 * PRICE
    assert len(shown(order).refunds) == 1
    all_holds()


def _allot_alone(cycle: UUID) -> None:
    try:
        actions.allot_cycle(SYSTEM, cycle=cycle)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("grams", "outcome"),
    [(20_000, (8, 0, 0)), (10_000, (2, 6, 0)), (0, (0, 0, 8))],
    ids=["all", "cut", "none"],
)
def test_many_orders_are_allotted_in_a_bounded_number_of_statements(
    ahead: Ahead, grams: int, outcome: tuple[int, int, int]
) -> None:
    """All that is put down for orders goes with a few statements, however many orders there are."""
    for _buyer in range(8):
        ahead.order(2)
    if grams:
        ahead.bring(grams)
    stock.close_cycle(SYSTEM, cycle=ahead.cycle)
    with CaptureQueriesContext(connection) as statements:
        got = actions.allot_cycle(SYSTEM, cycle=ahead.cycle)
    assert (got.whole, got.cut, got.off) == outcome
    assert len(statements) <= 60
    all_holds()


def test_packs_by_weight_are_not_sold_ahead(ahead: Ahead) -> None:
    loose = catalog.a_pack(product=_product(ahead), content_amount=BOX_G, sold_by="weight")
    with pytest.raises(Invalid) as refused:
        replace(ahead, cycle=uuid7(), offer=uuid7(), pack=loose).open()
    assert refused.value.field == "pack"


def _product(ahead: Ahead) -> UUID:
    return UUID(str(scalar("SELECT product_id FROM catalog_pack WHERE id = %s", [ahead.pack])))
