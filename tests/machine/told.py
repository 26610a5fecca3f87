"""Seasons told by hand, and what each run must have come to, or it proves less than it says."""

from __future__ import annotations

from collections.abc import Callable

from countyfair.trade.orders.rules.claims import BEARERS
from countyfair.trade.promotions.rules.discounts import Bearer
from tests.machine.claims import ANSWERS
from tests.machine.whole import WholeSeason


def of_harvests(season: WholeSeason) -> None:
    """All was brought; half of it; nothing."""
    for per_cent in (120, 40, 0):
        season.sell_ahead((4, 4), [1, 2, 3])
        if per_cent:
            for whose in (0, 1):
                season.bring(0, whose, per_cent if per_cent > 100 else per_cent - 20 * whose)
        season.allot(0, close=True, twice=True)
        season.all_is_heard()


def of_claims(season: WholeSeason) -> None:
    """Every answer, every bearer, before its money was paid out and after; goods back; a second thought."""
    for far in ("delivered", "paid out"):
        for number, bearer in enumerate(BEARERS):
            for what in dict.fromkeys(ANSWERS):
                season.order((1, 0), way=number % 2, cash=True, stale=False)
                season.claim(
                    0, 0, "short", 60, on_receipt=False, far=far, what=what, bearer=bearer,
                    goods_back=what == "full",
                )  # fmt: skip
            season.claimed_goods_come_back(3, good=0, bad=0, comes=False)
        season.order((2, 0), way=0, cash=False, stale=False)
        season.claim(
            0, 0, "spoiled", 100, on_receipt=True, far=far, what="full", bearer="household", goods_back=True
        )
        season.claimed_goods_come_back(0, good=1, bad=1, comes=True)
    season.order((1, 0), way=0, cash=True, stale=False)
    season.claim(0, 0, "wrong", 50, on_receipt=True, far="delivered", what="", bearer="", goods_back=False)
    season.withdraw_a_claim(0)


def of_replacements(season: WholeSeason) -> None:
    """What goes out again goes all its way, is claimed in its turn, or is called off."""
    for number, steps in enumerate((5, 4, 0)):
        season.order((1, 0), way=0, cash=True, stale=False)
        season.claim(
            0, 0, "missing", 100, on_receipt=True, far="delivered", what="again", bearer="courier",
            goods_back=False,
        )  # fmt: skip
        if steps:
            season.go_on(0, steps)
            season.claim(
                0, 0, "short", 50, on_receipt=True, far="completed", what="full" if number else "again",
                bearer="station", goods_back=False,
            )  # fmt: skip
        else:
            season.cancel(0, by_centre=True, are_back=True)
            season.all_is_heard()
            season.answer(0, "full", "courier", goods_back=False, twice=True)
    season.prepare_payout("household", again=True)


def of_promotions(season: WholeSeason) -> None:
    """A coupon to its limits, by every bearer; groups that are full, too few, and asked of once too often."""
    for bearer in Bearer:
        season.give_out_a_coupon(7, bearer, 3, 1, 0, uses=3)
        season.order_with_a_coupon(0, (1, 0), 2, cash=True, steps=5)
    season.give_out_a_coupon(0, Bearer.CENTRE, 1, None, 0, uses=0)
    for buyer in (0, 1):
        season.order_with_a_coupon(0, (2, 1), buyer, cash=False, steps=2)
    season.end_a_coupon(0)
    season.order_with_a_coupon(0, (1, 0), 1, cash=True, steps=0)
    for come, last_pays in ((3, True), (1, True), (2, False)):
        season.open_a_group(2, come, last_pays=last_pays)
        season.time_of_a_group_is_over(0, rings=not last_pays)


def of_recalls(season: WholeSeason) -> None:
    """A lot of which some is sent, some is packed and some is only paid, called back; and lifted."""
    for steps in (4, 2, 1, 0):
        season.order((1, 1), way=0, cash=True, stale=False)
        season.go_on(0, steps)
    for which in range(3):
        season.recall(which, of_an_order=True, severity="serious", twice=True)
    season.pack(0, 900, 0)
    season.pack(1, 900, 0)
    season.hand_over(2)
    season.all_is_heard()
    season.lift(0, twice=True)
    season.order((1, 0), way=0, cash=True, stale=False)


def of_services(season: WholeSeason) -> None:
    """Nights redeemed on two phones, called off early, later and too late, and never used."""
    for in_days in (9, 4, 1, 1, 2):
        season.book(in_days, 1, 1, pays=True, twice=True)
    season.book(9, 1, 1, pays=False, twice=False)
    for which in (0, 2, 3, 4, 5):
        season.call_off(which, twice=True)
    season.redeem(1, arrives=False, phones=1)
    season.redeem(1, arrives=True, phones=2)
    season.open_nights(3, 2, 0)
    season.time_passes(24 * 8)


def of_weights(season: WholeSeason) -> None:
    """Goods sold by weight, packed lighter than accepted, lighter, heavier and much heavier."""
    for cash in (True, False):
        for differs in (-20, -5, 0, 5, 20):
            season.order((0, 1), way=0, cash=cash, stale=False)
            season.go_on(0, 1)
            season.pack(0, 900, differs)
            season.pay_more(0)
            season.go_on(0, 3)


def of_refunds(season: WholeSeason) -> None:
    """All of what was only paid, packed, delivered and completed is given back."""
    for steps in (1, 3, 4, 5, 6):
        season.order((1, 0), way=0, cash=True, stale=False)
        season.go_on(0, steps)
        season.refund(0, 100, 1, restock=False, twice=True)


def of_payouts(season: WholeSeason) -> None:
    """A batch that the bank pays, and one that it sends back."""
    for says in ("paid", "returned"):
        season.order((1, 0), way=0, cash=True, stale=False)
        season.go_on(0, 6)
        season.prepare_payout("household", again=False)
        season.decide_payout(len(season.batches) - 1, "send")
        season.bank_answers(len(season.batches) - 1, says, 1)


def of_providers(season: WholeSeason) -> None:
    """Paid at WeChat's and Alipay's doubles in every way; sent, given back in part, and billed."""
    for gateway in ("wechat", "alipay"):
        for then in ("in time", "twice", "comes back", "the job looks", "late", "forged"):
            season.pay_by_a_provider(gateway, 1, then)
        season.all_is_heard()
        season.go_on(0, 3)
        season.refund(0, 50, 1, restock=False, twice=True)


def of_platforms(season: WholeSeason) -> None:
    """Orders there go every way: sent by us or there, called off, given back, settled whole and short."""
    for number in range(6):
        season.order_there(1 + number % 3, paid=number != 5, times=2)
    season.it_moves_on_there(0, "paid", 1)
    season.it_is_packed_here(0, 3)
    season.it_is_given_back_there(0, 10)
    season.it_moves_on_there(1, "received", 2)
    season.it_moves_on_there(2, "closed", 1)
    season.it_is_packed_here(3, 2)
    season.it_moves_on_there(3, "closed", 1)
    season.it_is_given_back_there(4, 50)
    season.it_is_given_back_there(4, 100)
    season.it_moves_on_there(5, "shipped", 1)
    season.it_moves_on_there(5, "unpaid", 1)
    for which in (0, 1, 5):
        season.it_settles(which, 100 if which == 1 else 0, 2)
    season.a_clerk_accepts(0)
    season.all_is_heard()
    season.time_passes(24 * 8)
    season.all_is_heard()
    for _order in range(40):
        season.order_there(3, paid=True, times=1)
    for how in ("part", "call off", "again"):
        season.a_clerk_minds_what_is_short(0, how)
    season.all_is_heard()


STORIES: tuple[Callable[[WholeSeason], None], ...] = (
    of_harvests, of_claims, of_replacements, of_promotions, of_recalls, of_refunds, of_services, of_weights,
    of_platforms, of_providers, of_payouts,
)  # fmt: skip

#: The rules that they follow: where chance leaves one of these out, it had its turn here.
SURE = {
    "allot", "answer", "book", "bring", "call_off", "claim", "claimed_goods_come_back", "end_a_coupon",
    "give_out_a_coupon", "join", "lift", "open_a_group", "open_nights", "order_ahead", "order_with_a_coupon",
    "order_there", "it_moves_on_there", "it_is_given_back_there", "it_settles", "a_clerk_accepts",
    "a_clerk_minds_what_is_short", "it_is_packed_here", "prepare_payout", "decide_payout", "bank_answers",
    "pay_by_a_provider",
    "pay_more", "recall", "redeem", "sell_ahead", "time_of_a_group_is_over", "withdraw_a_claim",
}  # fmt: skip
#: What these must have come to.
TOLD = {
    "allotted whole", "allotted short", "allotted none",
    "allotted unpaid: called off", "allotted unpaid: all",
    *(f"answer {what}{after}" for what in ANSWERS for after in ("", " after payout")),
    *(f"{what} borne by {who}" for what in ("money back", "replacement") for who in BEARERS),
    "claimed goods come back", "wait no longer for goods", "withdraw a claim",
    "order with a coupon", "order with a coupon: refused", "end a coupon", "the last place is paid",
    "the time of a group is over: full", "the time of a group is over: failed", "join a group: refused",
    "pay for what is called off", "recall before it was sent", "recall after it was sent", "lift a recall",
    "told of a recall", "pack: refused", "hand over: refused", "redeem", "redeem: refused",
    "call off: all back", "call off: half back", "call off: refused",
    "packed lighter than accepted", "packed lighter",
    "packed heavier, paid later", "packed heavier, given away", "pay more",
    "refund all of delivered",
    *(f"{gateway}: {then}" for gateway in ("wechat", "alipay")
      for then in ("in time", "twice", "comes back", "the job looks", "late", "forged",
                   "the bill agrees with refunds")),
    "ordered there: placed", "ordered there: unpaid", "ordered there: short", "there received: placed",
    "there closed: called_off", "there shipped: placed", "given back there: cancelled",
    "settled whole: booked", "settled short: queued", "accept a difference",
    "what is short: part", "what is short: call off", "an order of theirs goes on",
}  # fmt: skip

#: What a long season must have come to besides.
OUTCOMES = {
    "weigh in", "recount", "recount and release", "write off", "change a cap", "change a price", "take down",
    "order", "order at the counter", "press twice", "other content: refused", "order: refused",
    "notice in time", "notice twice", "notice paid twice", "notice forged", "notice wrong amount",
    "notice early", "pay cash", "cancel", "cancel: refused", "pack", "hand over", "deliver",
    "refund part of delivered", "refund part of completed", "refund all of completed",
    "refund answered done", "refund answered refused", "hand back cash",
    "paid in silence", "found by the job", "silence broken", "asked at once: awaiting is paid",
    "asked at once: expired is paid", "given back by the provider", "count a till: refused",
    "till counted even, some banked", "till counted short, some banked", "till counted over, none banked",
    "prepare a payout", "payout: send", "payout: withdraw", "payout: by the same: refused",
    "the bank says paid", "the bank says returned", "refund after payout",
    "refused SoldOut", "refused Stale", "refused Conflict", "refused Forbidden",
}  # fmt: skip
