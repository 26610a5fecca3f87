"""Each proof of `countyfair check` is shown to fail: by a corruption planted behind the house's back."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.commands import check
from tests.faults.trade import some_services, some_trade

ONE_POSTING = "(SELECT id FROM ledger_posting ORDER BY id LIMIT 1)"
ONE_LINE = "(SELECT id FROM orders_line ORDER BY id LIMIT 1)"
ONE_SHARE = "(SELECT id FROM orders_share WHERE refund_id IS NULL ORDER BY id LIMIT 1)"
A_DELIVERED_ORDER = "(SELECT id FROM orders_order WHERE state = 'delivered' ORDER BY id LIMIT 1)"
A_COMPLETED_ORDER = "(SELECT id FROM orders_order WHERE state = 'completed' ORDER BY id LIMIT 1)"
A_WAITING_LINE = """(SELECT l.id::text FROM orders_line l JOIN orders_order o ON o.id = l.order_id
                      WHERE o.state = 'paid' LIMIT 1)"""
A_SENT_LINE = """(SELECT l.id::text FROM orders_line l JOIN orders_order o ON o.id = l.order_id
                   WHERE o.state = 'delivered' AND l.sold_by = 'piece' ORDER BY l.id LIMIT 1)"""
A_STRANGER = "'00000000-0000-7000-8000-000000000000'"

#: proof → a statement after which it must fail. Triggers sleep meanwhile; constraints do not.
PLANTS = {
    "kernel.functions_are_those_of_the_files": """
        CREATE OR REPLACE FUNCTION kernel_actor() RETURNS text LANGUAGE sql STABLE
        AS $$ SELECT 'nobody' $$""",
    "kernel.no_handler_is_stuck": """
        INSERT INTO kernel_reader (handler, transaction, sequence, delivered, failures, last_error)
        VALUES ('planted', 0, 0, 0, 1, 'planted')""",
    "kernel.no_reader_is_ahead_of_the_outbox": """
        INSERT INTO kernel_reader (handler, transaction, sequence, delivered, failures, last_error)
        VALUES ('planted', 1000000000000, 0, 0, 0, '')""",
    "places.rows_are_those_loaded": """
        INSERT INTO places_load (id, digest, counties, counts, at)
        VALUES (kernel_uuid7(), 'planted', '{}', '{"successions": 5}', '2100-01-01')""",
    "ledger.every_entry_balances": f"""
        UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE id = {ONE_POSTING}""",
    "ledger.every_county_balances": f"DELETE FROM ledger_posting WHERE id = {ONE_POSTING}",
    "ledger.postings_stay_in_their_county": f"""
        UPDATE ledger_posting SET county = '621227' WHERE id = {ONE_POSTING}""",
    "stock.lot_counters_follow_the_journal": "UPDATE stock_lot SET on_hand = on_hand + 1",
    "stock.supply_counters_follow_the_journal": "UPDATE stock_supply SET used = used + 1",
    "stock.reserved_is_what_is_held": "UPDATE stock_reservation SET state = 'released' WHERE state = 'held'",
    "stock.used_is_what_is_held_or_gone": "UPDATE stock_reservation SET taken_back = 0",
    "stock.every_reservation_has_its_movements": "DELETE FROM stock_movement WHERE kind = 'dispatch'",
    "stock.no_more_sold_than_harvested": "UPDATE stock_movement SET on_hand_delta = 1 WHERE kind = 'take_in'",
    "stock.nothing_leaves_an_expected_lot": """
        UPDATE stock_movement SET kind = 'expect' WHERE kind = 'take_in'""",
    "stock.an_allotted_cycle_owes_nothing": """
        WITH made AS (
            INSERT INTO stock_cycle (id, county, product_id, pool_id, percent, expected_on, closes_at, state,
                                     opened_at, closed_at, allotted_at, content)
            SELECT kernel_uuid7(), p.county, p.product_id, p.id, 80, '2026-12-01', l.weighed_at, 'allotted',
                   l.weighed_at, l.weighed_at, l.weighed_at, ''
              FROM stock_pool p JOIN stock_lot l ON l.pool_id = p.id
             WHERE l.on_hand > 0 AND l.standard_id IS NULL
               AND NOT EXISTS (SELECT FROM stock_cycle c WHERE c.pool_id = p.id) LIMIT 1
            RETURNING pool_id)
        UPDATE stock_lot l SET expected = true, harvest_id = kernel_uuid7() FROM made
         WHERE l.pool_id = made.pool_id AND l.on_hand > 0 AND l.standard_id IS NULL""",
    "stock.lots_and_supplies_stay_in_their_pool": "UPDATE stock_reservation SET county = '621227'",
    "stock.offers_with_a_mark_take_grades_of_their_brand": f"""
        UPDATE catalog_offer SET brand_id = {A_STRANGER}""",
    "payments.every_capture_is_booked": """
        UPDATE ledger_entry SET source = 'x' || source WHERE source ~ '^capture:'""",
    "payments.every_refund_is_booked": "DELETE FROM ledger_entry WHERE source ~ '^refund:'",
    "payments.nothing_is_refunded_twice": "UPDATE payments_refund SET amount_fen = amount_fen * 9",
    "payments.paid_is_what_was_captured": "UPDATE payments_intent SET state = 'expired' WHERE state = 'paid'",
    "payments.fees_of_bills_are_in_the_ledger": (
        "UPDATE payments_daybillline SET booked_fen = booked_fen + 1 WHERE booked_fen <> 0"
    ),
    "payments.refunds_due_are_the_refunds_asked": "UPDATE payments_refund SET amount_fen = amount_fen + 1",
    "logistics.a_parcel_is_where_its_last_scan_says": """
        UPDATE logistics_parcel SET state = 'packed' WHERE state = 'delivered'""",
    "orders.marks_were_licensed_when_they_were_frozen": f"""
        UPDATE orders_line SET brand_id = {A_STRANGER}, brand_version = 1""",
    "orders.lines_with_a_mark_draw_on_grades_of_their_brand": f"""
        UPDATE orders_line SET brand_id = {A_STRANGER}, brand_version = 1""",
    "orders.goods_are_the_sum_of_lines": """
        UPDATE orders_order SET goods_fen = goods_fen + 1, total_fen = total_fen + 1""",
    "orders.shares_sum_to_the_total_less_refunds": f"DELETE FROM orders_share WHERE id = {ONE_SHARE}",
    "orders.shares_of_a_line_sum_to_its_amount": f"""
        UPDATE orders_share SET amount_fen = amount_fen + 1 WHERE id = {ONE_SHARE}""",
    "promotions.used_follows_the_journal": "UPDATE promotions_promotion SET used = used + 1",
    "promotions.what_a_bundle_names_knows_it": "UPDATE catalog_offer SET bundled = false WHERE bundled",
    "orders.discounts_are_the_sum_of_their_parts": """
        UPDATE orders_linediscount SET amount_fen = amount_fen + 1""",
    "orders.who_bears_a_discount_bears_all_of_it": """
        UPDATE orders_share SET discount_id = NULL WHERE discount_id IS NOT NULL""",
    "orders.promotions_are_used_by_what_stands": "DELETE FROM promotions_redemption WHERE uses = 1",
    "orders.no_member_waits_for_a_group_that_is_closed": """
        UPDATE promotions_promotion SET gathered = 'failed' WHERE gathered = 'gathering'""",
    "orders.refunds_are_the_sum_of_their_lines": "UPDATE orders_refundline SET amount_fen = amount_fen + 1",
    "orders.refunds_are_asked_of_payments": "DELETE FROM payments_refund WHERE source ~ '^order-refund:'",
    "orders.state_is_what_the_last_step_says": """
        UPDATE orders_order SET state = 'completed' WHERE state = 'paid'""",
    "orders.each_step_begins_where_the_last_ended": "DELETE FROM orders_step WHERE verb = 'pack'",
    "orders.what_is_served_was_paid": "UPDATE payments_intent SET amount_fen = amount_fen + 1",
    "orders.money_that_came_is_kept_once_or_goes_back": """
        UPDATE orders_order SET state = 'placed' WHERE state = 'paid'""",
    "orders.every_order_asks_for_its_money": f"UPDATE orders_order SET intent = {A_STRANGER}",
    "orders.what_waits_holds_its_stock": f"""
        UPDATE stock_reservation SET state = 'expired' WHERE holder = {A_WAITING_LINE}""",
    "orders.what_was_sent_left_stock": f"DELETE FROM stock_reservation WHERE holder = {A_SENT_LINE}",
    "orders.what_was_not_allotted_was_given_back": """
        INSERT INTO orders_allotment (id, line_id, county, packs, at)
        SELECT kernel_uuid7(), l.id, l.county, 0, '2026-12-01' FROM orders_line l LIMIT 1""",
    "orders.what_was_not_packed_went_back": "UPDATE orders_packedweight SET amount = amount - 1",
    "orders.bills_are_asked_of_payments": "UPDATE orders_billline SET final_fen = final_fen + 1",
    "orders.claims_are_where_their_last_step_says": "UPDATE orders_claim SET state = 'begun'",
    "orders.nothing_is_claimed_twice": "UPDATE orders_claim SET amount = amount * 9",
    "orders.a_granted_claim_is_its_refund": "UPDATE orders_claimanswer SET amount_fen = amount_fen + 1",
    "orders.who_bears_a_claim_bears_it_in_the_shares": """
        UPDATE orders_claimanswer SET bearer = 'platform' WHERE bearer = 'courier'""",
    "orders.replacements_cost_their_bearers_what_they_are_worth": """
        UPDATE orders_share SET amount_fen = amount_fen - 1 WHERE claim_id IS NOT NULL""",
    "orders.what_came_back_of_a_claim_is_in_the_journal": """
        UPDATE orders_claimreceipt SET good_packs = good_packs + 1""",
    "orders.reservations_lead_to_lines": "UPDATE stock_reservation SET holder = 'nobody'",
    "orders.payments_lead_to_orders": f"UPDATE payments_intent SET reference = {A_STRANGER}",
    "orders.parcels_lead_to_orders": f"UPDATE logistics_parcel SET reference = {A_STRANGER}",
    "orders.delivered_goods_have_a_scanned_parcel": "DELETE FROM logistics_scan WHERE kind = 'delivered'",
    "trace.every_parcel_traces_to_its_lots": f"""
        UPDATE orders_share SET lot_amount = lot_amount + 1
         WHERE line_id::text = {A_SENT_LINE} AND beneficiary = 'household' AND refund_id IS NULL""",
    "trace.a_lot_is_blocked_while_it_is_recalled": """
        UPDATE stock_lot SET blocked_by = '' WHERE blocked_by <> ''""",
    "trace.every_buyer_of_a_recalled_lot_is_found": "DELETE FROM trace_telling WHERE state = 'told'",
    "bookings.every_service_line_has_its_days": "UPDATE bookings_booking SET first_on = first_on + 1",
    "bookings.what_was_redeemed_was_served": "DELETE FROM bookings_redemption",
    "bookings.places_are_a_days": "UPDATE catalog_product SET kind = 'goods' WHERE kind = 'service'",
    "settlement.statements_are_the_ledger": """
        UPDATE settlement_earning SET amount_fen = amount_fen + 1 WHERE payout_id IS NULL""",
    "settlement.a_payout_is_the_sum_of_its_earnings": """
        UPDATE settlement_payout SET amount_fen = amount_fen + 1""",
    "channels.what_was_taken_in_is_an_order_of_its_amount": """
        UPDATE channels_arrival SET number = number || '?' WHERE standing = 'placed'""",
    "channels.what_is_booked_is_in_the_ledger": "UPDATE channels_booking SET gross_fen = gross_fen + 1",
    "channels.a_booking_is_the_sum_of_its_movements": """
        UPDATE channels_charge SET amount_fen = amount_fen + 1 WHERE standing = 'booked'""",
    "settlement.what_platforms_keep_is_the_ledger": """
        UPDATE settlement_earning SET amount_fen = amount_fen + 1 WHERE beneficiary = 'channel'""",
    "settlement.what_the_bank_returned_is_owed_again": """
        DELETE FROM settlement_earning WHERE what = 'returned'""",
    "settlement.every_share_is_earned_once_its_order_is_complete": f"""
        DELETE FROM settlement_earning WHERE order_key = {A_COMPLETED_ORDER}::text AND what = 'sale'""",
    "settlement.shares_are_the_total_of_their_order": f"DELETE FROM orders_share WHERE id = {ONE_SHARE}",
    "settlement.no_escrow_is_left_of_completed_orders": f"""
        UPDATE orders_order SET completed_at = placed_at WHERE id = {A_DELIVERED_ORDER}""",
}


def broken_by(plant: str) -> set[str]:
    """The proofs that fail after a corruption, which is taken back before this returns."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
            cursor.execute(plant)
            assert cursor.rowcount, f"nothing was planted by {plant}"
        found = {proof.name for prove in check.PROVERS.values() for proof in prove() if proof.broken}
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_every_proof_has_a_corruption_that_it_must_find() -> None:
    proved = {proof.name for prove in check.PROVERS.values() for proof in prove()}
    assert proved == set(PLANTS)


@pytest.mark.django_db(transaction=True)
def test_every_proof_holds_over_some_trade_and_fails_once_its_corruption_is_planted() -> None:
    some_services(some_trade())
    for prove in check.PROVERS.values():
        for proof in prove():
            whole_load_only = proof.name == "places.rows_are_those_loaded"
            assert proof.checked or whole_load_only, f"{proof.name} spoke of no row"
            assert not proof.broken, f"{proof.name} fails for {proof.broken}"

    blind = {proof for proof, plant in PLANTS.items() if proof not in broken_by(plant)}

    assert blind == set()


@pytest.mark.django_db(transaction=True)
def test_the_command_names_the_rows_that_are_broken_and_says_to_stop_selling() -> None:
    some_trade()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', 'replica', false)")
        cursor.execute("UPDATE stock_lot SET on_hand = on_hand + 1 RETURNING id::text")
        lot = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('session_replication_role', 'origin', false)")

    answer = CliRunner().invoke(check.command)

    assert isinstance(answer.exception, Refusal)
    assert lot in str(answer.exception)
    assert "Stop selling" in str(answer.exception)
