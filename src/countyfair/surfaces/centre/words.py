"""What states, kinds and verbs of the rooms are called at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.ui.formats import money
from countyfair.trade.orders.rules.claims import STATES as CLAIM_STATES
from countyfair.trade.payments.gateways import outside


@dataclass(frozen=True, slots=True)
class State:
    """A state as a tag: its look and its word."""

    look: str
    word: Sentence


ORDERS: dict[str, State] = {
    "placed": State("waiting", _("Waiting for payment")),
    "gathering": State("waiting", _("Waits for its group")),
    "paid": State("active", _("To pack")),
    "packed": State("active", _("To hand over")),
    "handed_over": State("active", _("On its way")),
    "delivered": State("done", _("Delivered")),
    "completed": State("done", _("Completed")),
    "cancelled": State("stopped", _("Cancelled")),
    "refunded": State("stopped", _("Given back")),
}
CLAIMS: dict[str, State] = {
    "begun": State("quiet", CLAIM_STATES["begun"]),
    "asked": State("waiting", CLAIM_STATES["asked"]),
    "answered": State("active", CLAIM_STATES["answered"]),
    "awaiting": State("active", CLAIM_STATES["awaiting"]),
    "done": State("done", CLAIM_STATES["done"]),
    "refused": State("stopped", CLAIM_STATES["refused"]),
    "withdrawn": State("quiet", CLAIM_STATES["withdrawn"]),
}
CLAIM_STEPS: dict[str, Sentence] = {
    "begin": _("Begun"),
    "send": _("Claimed"),
    "withdraw": _("Withdrawn"),
    "refuse": _("Refused"),
    "grant": _("Granted"),
    "replace": _("Sent again"),
    "reopen": _("Open again: what was sent again was called off"),
    "await_goods": _("Goods asked back"),
    "close": _("All settled"),
    "receive": _("Goods came back"),
    "give_up": _("Goods no longer awaited"),
}
#: How long a claim has waited.
URGENCIES: dict[str, State] = {
    "new": State("quiet", ""),
    "late": State("waiting", _("over two days")),
    "overdue": State("stopped", _("over five days")),
}
OFFERS: dict[str, State] = {
    "draft": State("quiet", _("Draft")),
    "on": State("done", _("On sale")),
    "off": State("stopped", _("Taken down")),
}
#: Of a shop, to bear a brand's mark.
LICENCES: dict[str, State] = {
    "holds": State("done", _("holds")),
    "ending": State("waiting", _("Ends soon")),
    "coming": State("quiet", _("Begins later")),
    "over": State("quiet", _("Over")),
    "withdrawn": State("stopped", _("Withdrawn")),
}
PARCELS: dict[str, State] = {
    "packed": State("active", _("Packed")),
    "handed_over": State("active", _("On its way")),
    "arrived": State("active", _("At the station")),
    "delivered": State("done", _("Delivered")),
    "failed": State("waiting", _("Could not be delivered")),
    "returned": State("stopped", _("Came back")),
}
#: What became of a message or e-mail.
TOLD: dict[str, State] = {
    "waiting": State("waiting", _("Waiting to be sent")),
    "sending": State("active", _("Being sent")),
    "sent": State("done", _("Sent")),
    "failed": State("stopped", _("Failed")),
    "unsure": State("stopped", _("Nobody confirmed it")),
    "no_address": State("quiet", _("No address")),
    "too_late": State("quiet", _("Too old to be told")),
}
HOOKED: dict[str, State] = {
    "waiting": State("waiting", _("Waiting to be sent")),
    "delivered": State("done", _("Taken")),
    "failed": State("stopped", _("Failed")),
}
#: What became of a try to send an event.
TRIED: dict[str, Sentence] = {
    "": _("not tried yet"),
    "taken": _("taken"),
    "refused": _("refused by the receiver"),
    "redirect": _("redirected, which is not followed"),
    "gone": _("the receiver says it is gone"),
    "private": _("leads into a private network"),
    "unknown": _("nobody knows this name"),
    "timeout": _("no answer in time"),
    "broken": _("the connection broke"),
}
INTENTS: dict[str, State] = {
    "awaiting": State("waiting", _("Waiting for payment")),
    "paid": State("done", _("Paid")),
    "cancelled": State("stopped", _("Cancelled")),
    "expired": State("stopped", _("Expired")),
}
REFUNDS: dict[str, State] = {
    "asked": State("waiting", _("Asked of the provider")),
    "done": State("done", _("Given back")),
    "failed": State("stopped", _("Failed")),
}
#: A payment provider's bill of a day, and in what it and our books part.
BILLS: dict[str, State] = {
    "waiting": State("waiting", _("Not there yet")),
    "read": State("done", _("Read")),
    "none": State("quiet", _("Nothing happened")),
}
BILL_KINDS: dict[str, Sentence] = {"payment": _("Payment"), "refund": _("Refund")}
BILL_GAPS: dict[str, Sentence] = {
    "not_here": _("only in the bill"),
    "not_there": _("not in the bill"),
    "amount": _("another amount"),
}
BILL_REASONS: dict[str, Sentence] = {
    "by_hand": _("Probably given back at the provider's own pages."),
    "stranger": _("Probably paid to this account for something else."),
    "not_told": _("It was asked for here, and nobody told that it was done."),
    "midnight": _("It happened around midnight: the next bill probably brings it."),
    "lost": _("The provider does not know of it. Ask them."),
    "unknown": _("No likely reason is known"),
}
#: What becomes of a batch, and of all its payouts with it.
TO_THE_BANK: dict[str, State] = {
    "prepared": State("waiting", _("Prepared")),
    "sent": State("active", _("Sent to the bank")),
    "withdrawn": State("stopped", _("Withdrawn")),
}
BATCHES: dict[str, State] = TO_THE_BANK | {"closed": State("done", _("Closed"))}
PAYOUTS: dict[str, State] = TO_THE_BANK | {
    "paid": State("done", _("Paid")),
    "returned": State("stopped", _("Returned by the bank")),
}
TASKS: dict[str, State] = {
    "waiting": State("waiting", _("Waiting for its turn")),
    "running": State("active", _("Being made")),
    "done": State("done", _("Ready to download")),
    "failed": State("stopped", _("Not made")),
    "stopped": State("stopped", _("Stopped")),
}
CYCLES: dict[str, State] = {
    "open": State("active", _("Can be ordered")),
    "closed": State("waiting", _("Closed, to be allotted")),
    "allotted": State("done", _("Allotted")),
}
#: What the season calendar tells of a day.
DATED: dict[str, State] = {
    "harvest": State("waiting", _("Harvest")),
    "cycle_opens": State("active", _("Pre-order opens")),
    "cycle_closes": State("stopped", _("Pre-order closes")),
    "opens": State("active", _("Offer opens")),
    "closes": State("stopped", _("Offer closes")),
}
MOVEMENTS: dict[str, Sentence] = {
    "take_in": _("Weighed in"),
    "expect": _("Sold ahead"),
    "correct": _("Corrected"),
    "reserve": _("Promised"),
    "release": _("Set free"),
    "dispatch": _("Sent out"),
    "take_back": _("Came back"),
    "write_off": _("Written off"),
}
STEPS: dict[str, Sentence] = {
    "place": _("Order placed"),
    "replace": _("Sent instead of what was claimed"),
    "bring_home": _("Came from an outside platform"),
    "send_outside": _("Sent before it came here"),
    "pay": _("Paid"),
    "pay_late": _("Paid late"),
    "join": _("Paid into its group"),
    "gathered": _("Its group is full"),
    "fall_through": _("Its group fell through"),
    "expire": _("Not paid in time"),
    "cancel": _("Cancelled"),
    "allot": _("Its harvest was allotted"),
    "recall": _("A lot of it was recalled"),
    "recall_lifted": _("Its recall was lifted"),
    "pack": _("Packed"),
    "hand_over": _("Handed over"),
    "deliver": _("Delivered"),
    "send_out_again": _("Sent out again"),
    "return_to_sender": _("Came back"),
    "complete": _("Completed"),
    "refund": _("Part given back"),
    "refund_all": _("All given back"),
}
EARNED: dict[str, Sentence] = {
    "sale": _("Sold"),
    "refund": _("Given back to a buyer"),
    "returned": _("Returned by the bank"),
    "payout": _("Paid out"),
}
BENEFICIARIES: dict[str, Sentence] = {
    "household": _("Household"),
    "station": _("Station"),
    "centre": _("Centre"),
    "courier": _("Carrier"),
    "platform": _("Platform"),
    "channel": _("Outside platform"),
}
#: The house's own; then those with the platforms on which the county keeps shops.
OWN_OUTLETS: dict[str, Sentence] = {"shop": _("Web shop"), "station": _("Stations")}
OUTLETS: dict[str, Sentence] = OWN_OUTLETS | {platform.name: platform.label for platform in outside.PLATFORMS}
FULFILMENTS: dict[str, Sentence] = {
    "delivery": _("Delivery"),
    "pickup": _("Pick-up at a station"),
    "on_spot": _("On the spot"),
}
GATEWAYS: dict[str, Sentence] = {
    "counter": _("Cash at the counter"),
    "sandbox": _("Sandbox"),
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "stripe": _("Card (Stripe)"),
    "replacement": _("Replacement, nothing to pay"),
    **{platform.name: platform.label for platform in outside.PLATFORMS},
}
STATION_KINDS: dict[str, Sentence] = {
    "centre": _("County centre"),
    "township": _("Township station"),
    "village": _("Village station"),
}
ORGANISATION_KINDS: dict[str, Sentence] = {
    "cooperative": _("Co-operative"),
    "firm": _("Firm"),
    "centre": _("Centre"),
    "public": _("Public body"),
}
#: Who runs a shop.
OPERATORS: dict[str, Sentence] = {**ORGANISATION_KINDS, "household": _("Household")}
CONSENT_WAYS: dict[str, Sentence] = {
    "paper": _("Signed on paper"),
    "voice": _("Spoken before a witness"),
    "screen": _("On a screen of its own"),
}
IDENTITY: dict[str, Sentence] = {
    "head_name": _("Head of the household"),
    "id_number": _("Identity number"),
    "phone": _("Phone"),
    "bank_account": _("Bank account"),
    "bank_name": _("Bank"),
}
#: What is kept of a consent, and why it was opened.
EVIDENCE: dict[str, Sentence] = {"picture": _("Picture of the sheet"), "sound": _("Its own words")}
OPENINGS: dict[str, Sentence] = {"consent.evidence": _("See how it agreed"), "own": _("Its own record")}

#: Columns of a recorded change; one that is missing here is shown by its own name.
COLUMNS: dict[str, Sentence] = {
    "address": _("Address"),
    "allotted_at": _("Allotted"),
    "amount": _("Amount"),
    "amount_fen": _("Amount"),
    "announced_at": _("Announced"),
    "asked_at": _("Asked"),
    "asked_fen": _("Asked for"),
    "attempts": _("Attempts"),
    "background": _("Background"),
    "bank_account": _("Bank account"),
    "bank_name": _("Bank"),
    "bank_reference": _("Number at the bank"),
    "batch_id": _("Payout batch"),
    "bearer": _("Borne by"),
    "begun_at": _("Begun"),
    "beneficiary": _("For whom"),
    "billed_fen": _("Billed"),
    "brand_id": _("Brand"),
    "buyer_id": _("Buyer"),
    "cancelled_at": _("Cancelled"),
    "cap_amount": _("Cap"),
    "carrier": _("Carrier"),
    "category": _("Category"),
    "centre_rate": _("Share of the centre"),
    "claim_id": _("Claim"),
    "claim_window_days": _("Days to claim"),
    "closed_at": _("Closed"),
    "closed_on": _("Closed on"),
    "closes_at": _("Sold until"),
    "code": _("Code"),
    "completed_at": _("Completed"),
    "content_amount": _("Content"),
    "currency": _("Currency"),
    "delivered_at": _("Delivered"),
    "destination": _("Destination"),
    "discount_fen": _("Taken off"),
    "done_at": _("Done"),
    "ended_at": _("Ended"),
    "erased_at": _("Erased"),
    "expected": _("Expected"),
    "expected_on": _("Expected on"),
    "expires_at": _("Held until"),
    "final_fen": _("Final amount"),
    "first_fen": _("First weight costs"),
    "first_g": _("First weight"),
    "free_from_fen": _("Free from"),
    "freight_fen": _("Freight"),
    "fulfilment": _("Way"),
    "further_fen": _("Further weight costs"),
    "further_g": _("Further weight"),
    "gateway": _("Way of paying"),
    "given_at": _("Given"),
    "goods_fen": _("Goods"),
    "grade": _("Grade"),
    "granted_at": _("Granted"),
    "granted_by": _("Given by"),
    "harvested_on": _("Harvested"),
    "hours": _("Opening hours"),
    "household_id": _("Household"),
    "household_rate": _("Share of the household"),
    "how": _("How it was said"),
    "is_open": _("Open for business"),
    "issuer": _("Issued by"),
    "kind": _("Kind"),
    "label_en": _("Label in English"),
    "label_zh": _("Label in Chinese"),
    "last_error": _("What the provider said"),
    "least_fen": _("From an amount of"),
    "licence_number": _("Licence number"),
    "lot_id": _("Lot"),
    "most_per_buyer": _("At most for one buyer"),
    "most_per_order": _("At most in one order"),
    "name": _("Title"),
    "name_en": _("Name in English"),
    "name_zh": _("Name in Chinese"),
    "noticed": _("Noticed"),
    "number": _("Number"),
    "offer_id": _("Offer"),
    "on_hand": _("On hand"),
    "opened_on": _("Opened on"),
    "opens_at": _("Sold from"),
    "order_id": _("Order"),
    "organisation_id": _("Organisation"),
    "origin_place": _("Packed at"),
    "outlet": _("Outlet"),
    "pack_id": _("Pack"),
    "packed_at": _("Packed"),
    "paid_at": _("Paid"),
    "pay_before": _("To be paid before"),
    "percent": _("Percent"),
    "phone": _("Phone"),
    "place": _("Place"),
    "placed_at": _("Placed"),
    "places": _("How many places"),
    "platform_rate": _("Share of the platform"),
    "pool_id": _("Pool"),
    "prepared_at": _("Prepared"),
    "prepared_by": _("Prepared by"),
    "price_fen": _("Price"),
    "product_id": _("Product"),
    "purpose": _("Purpose"),
    "put_up_at": _("Put up"),
    "reason": _("Reason"),
    "recall_id": _("Recall"),
    "refund_fen": _("Given back"),
    "refused": _("Not sent there"),
    "registered_at": _("Registered"),
    "registration_number": _("Registration number"),
    "reserved": _("Promised"),
    "return_window_days": _("Days to give it back"),
    "revoked_at": _("Revoked"),
    "role": _("Role"),
    "scopes": _("Scopes"),
    "season_months": _("Months of the season"),
    "sent_at": _("Sent"),
    "sent_by": _("Sent by"),
    "settled_at": _("Settled"),
    "shop_id": _("Shop"),
    "since": _("Since"),
    "sold_by": _("Sold by"),
    "standard_id": _("Standard"),
    "state": _("State"),
    "station_id": _("Station"),
    "station_rate": _("Share of the station"),
    "story_en": _("Story in English"),
    "story_zh": _("Story in Chinese"),
    "taken_by": _("Taken by"),
    "tare_g": _("Tare"),
    "total_fen": _("Total"),
    "tried_at": _("Tried"),
    "tries": _("Tries"),
    "unit": _("Unit"),
    "until": _("Until"),
    "used": _("Drawn so far"),
    "user_id": _("Person"),
    "variety_en": _("Variety in English"),
    "variety_zh": _("Variety"),
    "version": _("Version"),
    "waybill": _("Waybill"),
    "weighed_at": _("Weighed"),
    "weight_g": _("Weight"),
    "weight_tolerance": _("Weight may differ by"),
    "whom": _("Whom"),
    "withdrawn_at": _("Withdrawn"),
    "withdrawn_by": _("Withdrawn by"),
    "withdrawn_reason": _("Why it was withdrawn"),
}


def yuan(fen: int) -> str:
    """A sum without its sign, for a column whose head names yuan."""
    return money(fen).replace("¥", "")


#: What hears the house's news, by the name that the wiring gives it.
HANDLERS: dict[str, Sentence] = {
    "catalog.counts": _("How many goods lists can be narrowed to"),
    "bookings.on_paid": _("Codes of bookings, to their buyers"),
    "catalog.shop_names": _("Goods found by what their shop is called"),
    "catalog.words": _("Words that searches know"),
    "orders.on_captured": _("Money that came, to its orders"),
    "orders.on_group_closed": _("Groups that closed, to their orders"),
    "orders.on_shortfall": _("Goods that are missing, to their orders"),
    "orders.reopen_claims": _("Replacements called off, to their claims"),
    "orders.tell_buyers": _("Messages to buyers"),
    "orders.tell_of_claims": _("Claims and their answers, to whom they concern"),
    "stock.tell_households": _("Messages to households"),
    "settlement.books": _("What is earned, to the books"),
    "trace.on_taken_in": _("Numbers of traded goods"),
    "webhooks.on_news": _("Events for programs that asked"),
}
