"""Every write of baskets and orders.

`place_order` and the verbs of baskets are one writing statement each, and so one commit each;
the others are verbs of the usual kind. Order of locks: the order's row (several by key), stock,
payments, ledger.
"""

from countyfair.trade.orders.actions.allotting import Outcome, allot_cycle
from countyfair.trade.orders.actions.answering import (
    Answer,
    answer_claim,
    give_up_goods,
    receive_claimed,
    set_bearers,
)
from countyfair.trade.orders.actions.baskets import (
    add_bundle,
    add_to_basket,
    merge_baskets,
    set_quantity,
    take_out,
)
from countyfair.trade.orders.actions.billing import lapse_bills
from countyfair.trade.orders.actions.cancelling import cancel, cancel_short
from countyfair.trade.orders.actions.claiming import (
    add_claim_photo,
    begin_claim,
    forget_claims,
    remove_claim_photo,
    send_claim,
    withdraw_claim,
)
from countyfair.trade.orders.actions.closing import complete_due, erase_contacts, forget_baskets
from countyfair.trade.orders.actions.contacting import open_contact, tell_code
from countyfair.trade.orders.actions.fulfilling import deliver, hand_over, pack, serve
from countyfair.trade.orders.actions.gathering import settle_group
from countyfair.trade.orders.actions.giving_back import refund
from countyfair.trade.orders.actions.outside import take_outside
from countyfair.trade.orders.actions.outside_after import (
    call_off_outside,
    charge_fees,
    confirm_outside,
    lock_outside,
    refund_outside,
    send_outside,
    settle_outside,
)
from countyfair.trade.orders.actions.owing import Part
from countyfair.trade.orders.actions.paying import Money, expire_unpaid, mark_paid
from countyfair.trade.orders.actions.placing import Placed, place_order
from countyfair.trade.orders.actions.recalling import note_recall
from countyfair.trade.orders.actions.replacing import reopen_claims
from countyfair.trade.orders.actions.returning import fail_delivery, return_to_sender, send_out_again
from countyfair.trade.orders.actions.telling import (
    addresses,
    call_members,
    gift_addresses,
    tell_stations,
)
from countyfair.trade.orders.actions.terms import set_terms
from countyfair.trade.orders.actions.ticking import tick_box

__all__ = [
    "Answer",
    "Money",
    "Outcome",
    "Part",
    "Placed",
    "add_bundle",
    "add_claim_photo",
    "add_to_basket",
    "addresses",
    "allot_cycle",
    "answer_claim",
    "begin_claim",
    "call_members",
    "call_off_outside",
    "cancel",
    "cancel_short",
    "charge_fees",
    "complete_due",
    "confirm_outside",
    "deliver",
    "erase_contacts",
    "expire_unpaid",
    "fail_delivery",
    "forget_baskets",
    "forget_claims",
    "gift_addresses",
    "give_up_goods",
    "hand_over",
    "lapse_bills",
    "lock_outside",
    "mark_paid",
    "merge_baskets",
    "note_recall",
    "open_contact",
    "pack",
    "place_order",
    "receive_claimed",
    "refund",
    "refund_outside",
    "remove_claim_photo",
    "reopen_claims",
    "return_to_sender",
    "send_claim",
    "send_out_again",
    "send_outside",
    "serve",
    "set_bearers",
    "set_quantity",
    "set_terms",
    "settle_group",
    "settle_outside",
    "take_out",
    "take_outside",
    "tell_code",
    "tell_stations",
    "tick_box",
    "withdraw_claim",
]
