"""An order is placed once, at the price that was shown, from stock that is there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.numbers import is_whole
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, SoldOut, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders.actions.freezing import PLACE
from countyfair.trade.orders.queries.detail import _ORDER
from countyfair.trade.orders.queries.offered import _GUESTS, _MEMBERS, _statement
from countyfair.trade.orders.queries.shares import shares_of
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.tests.factories import FAR, a_fair, a_stall, place

pytestmark = pytest.mark.django_db


def test_an_order_holds_stock_freezes_shares_and_asks_for_money() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)
    assert placed.total_fen == 5960
    assert sum(row.amount_fen for row in shares_of([placed.order])) == 5960
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 1000
    assert scalar("SELECT amount_fen FROM payments_intent WHERE id = %s", [placed.intent]) == 5960
    assert is_whole(placed.number.replace("-", ""))


def test_placing_is_one_statement_to_read_and_one_to_write() -> None:
    fair = a_fair()
    with CaptureQueriesContext(connection) as queries:
        place(fair)
    said = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(said) == 2, said


def test_the_same_form_again_gets_the_first_answer() -> None:
    fair = a_fair()
    order = uuid7()
    assert place(fair, order_id=order) == place(fair, order_id=order)
    assert scalar("SELECT count(*) FROM orders_order") == 1
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 500


def test_the_same_id_with_other_content_learns_nothing() -> None:
    fair = a_fair()
    order = uuid7()
    place(fair, order_id=order)
    with pytest.raises(Conflict) as refused:
        place(fair, order_id=order, packs=2)
    assert refused.value.details == {}
    with pytest.raises(Conflict):
        place(fair, order_id=order, actor=Actor.guest("somebody else"))


def test_more_than_there_is_names_the_line_and_what_is_left() -> None:
    fair = a_fair(lots=(1200,))
    with pytest.raises(SoldOut) as refused:
        place(fair, packs=3)
    assert refused.value.details["lines"] == [
        {
            "offer": fair.stall.offer, "name_zh": "黑糯米", "name_en": "Black sticky rice",
            "trouble": "sold_out", "wanted": 3, "left": 2,
        }
    ]  # fmt: skip
    assert scalar("SELECT count(*) FROM orders_order") == 0


def test_two_lines_of_one_pool_share_what_it_has() -> None:
    fair = a_fair(lots=(1000,))
    other = a_stall(fair.households, fair.station)
    with pytest.raises(SoldOut):
        place(fair, lines=((fair.stall.offer, 2), (other.offer, 1), (fair.stall.offer, 1)))


def test_a_price_that_changed_is_shown_before_it_is_asked() -> None:
    fair = a_fair()
    with pytest.raises(Stale) as refused:
        place(fair, expected_total_fen=2900)
    assert refused.value.details == {"total_fen": 2980}


def test_what_is_taken_down_is_not_sold() -> None:
    fair = a_fair()
    catalog.take_down(SYSTEM, offer=fair.stall.offer)
    with pytest.raises(Conflict) as refused:
        place(fair)
    assert refused.value.code == "not_on_sale"


def test_an_offer_that_changes_in_between_is_read_again() -> None:
    fair = a_fair()
    scalar("UPDATE catalog_offer SET version = version + 1 RETURNING version")
    assert place(fair).total_fen == 2980


def test_delivery_costs_freight_which_is_the_courier_s() -> None:
    fair = a_fair()
    placed = place(fair, pickup=False, packs=3, expected_total_fen=8940 + 800)
    assert placed.total_fen == 9740
    courier = [row for row in shares_of([placed.order]) if row.beneficiary == "courier"]
    assert [(row.owner, row.amount_fen, row.line) for row in courier] == [("county", 800, None)]


def test_nothing_is_sent_where_the_county_does_not_send() -> None:
    fair = a_fair()
    with pytest.raises(Invalid) as refused:
        place(fair, pickup=False, destination="810000")
    assert refused.value.field == "place"
    assert place(fair, pickup=False, destination=FAR, expected_total_fen=2980 + 1200).total_fen == 4180


def test_a_contact_is_kept_sealed_only() -> None:
    fair = a_fair()
    placed = place(fair)
    said = str(scalar("SELECT sealed || phone_blind FROM orders_contact WHERE order_id = %s", [placed.order]))
    assert "样例" not in said
    assert "8888" not in said[:80]


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact("", "19900008888"), "name"),
        (Contact("\u202e", "19900008888"), "name"),
        (Contact("样例", "12"), "phone"),
        (Contact("样例", "19900008888", "x" * 201), "address"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(contact: Contact, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        place(a_fair(), contact=contact)
    assert refused.value.field == field


def test_only_an_agent_orders_at_the_counter() -> None:
    fair = a_fair()
    with pytest.raises(Forbidden):
        place(fair, outlet="station")
    with pytest.raises(Conflict) as refused:
        place(fair, outlet="station", actor=fair.agent)
    assert refused.value.code == "not_on_sale"


def test_a_member_s_order_is_theirs() -> None:
    fair, member = a_fair(), an_actor()
    placed = place(fair, actor=member)
    assert scalar("SELECT buyer_id FROM orders_order WHERE id = %s", [placed.order]) == member.user_id


def test_a_harvest_of_many_small_lots_is_drawn_on_from_the_oldest() -> None:
    fair = a_fair(lots=(200, 200, 200, 5000))
    placed = place(fair)
    assert scalar("SELECT array_agg(amount ORDER BY amount)::text FROM stock_reservation") == "{100,200,200}"
    held = [row for row in shares_of([placed.order]) if row.beneficiary == "household"]
    assert sum(row.amount_fen for row in held) == 2384


def test_a_stale_offer_window_sells_nothing() -> None:
    fair = a_fair()
    scalar("UPDATE catalog_offer SET closes_at = %s RETURNING id", [now() + timedelta(hours=1)])
    with at(now() + timedelta(hours=2)), pytest.raises(Conflict):
        place(fair)


def test_all_that_an_order_writes_names_its_buyer() -> None:
    fair = a_fair()
    place(fair, actor=Actor.guest("g1"))
    said = "SELECT string_agg(DISTINCT actor, ',') FROM"
    for table in ("orders_share", "orders_step", "stock_movement WHERE kind = 'reserve'"):
        assert scalar(f"{said} {table}") == "guest:g1"


@pytest.mark.parametrize(
    "statement", [PLACE, _ORDER, *(_statement(each, True) for each in (_GUESTS, _MEMBERS))]
)
def test_hot_statements_are_short_enough_to_be_kept_parsed(statement: str) -> None:
    assert len(statement) <= 4096
    assert len(set(re.findall(r"%\((\w+)\)s", statement))) <= 50
