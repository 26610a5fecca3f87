"""The table of the API: for every operation, who may call it, with what.

Callers hold tokens of every scope, so that what keeps them out is their role, as on the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

#: Ids that callers make.
NEW = "01890000-0000-7000-8000-0000000000aa"
SPAN = "?since=2026-01-01T00:00:00Z&before=2027-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `powers` are those of which one lets in at `at` (county or station); `member` lets in whoever has a
    token, `everybody` guests too. Where none of these is said, it is somebody's own, and nobody's here.
    At "reach" it leads everybody who holds one to what is theirs.
    `buyer`: it is open to who placed the order that it names. `path` names things of the World; so do
    values of `sent` that begin with `$`.
    """

    method: str
    path: str
    powers: tuple[str, ...] = ()
    at: str = "county"
    sent: Any = field(default=None)
    member: bool = False
    everybody: bool = False
    keepers: bool = False
    buyer: bool = False


def open_(path: str, method: str = "GET", sent: Any = None) -> Operation:
    """Open to everybody; what is sent there changes nothing that is kept."""
    return Operation(method, path, everybody=True, sent=sent)


def own(method: str, path: str, sent: Any = None) -> Operation:
    """Somebody's own."""
    return Operation(method, path, sent=sent)


def claimed(method: str, path: str, sent: Any = None) -> Operation:
    """A claim on an order, which its buyer opens."""
    return Operation(method, f"/orders/{{claimed}}/claims{path}", sent=sent, buyer=True)


def desk(
    path: str, *powers: str, sent: Any = None, method: str = "", keepers: bool = False, at: str = "county"
) -> Operation:
    """At a county's desk; `at` its station what is a village's, for who works there."""
    verb = method or ("GET" if sent is None else "POST")
    return Operation(verb, f"/counties/{{county}}{path}", powers, at, sent, keepers=keepers)


def counter(path: str, *powers: str, sent: Any = None) -> Operation:
    """At a station's counter."""
    verb = "GET" if sent is None else "POST"
    return Operation(verb, f"/stations/{{station}}{path}", powers, at="station", sent=sent)


def farm(path: str, method: str = "GET", sent: Any = None) -> Operation:
    """A household's own; nobody of it comes here, but who announces harvests at its place."""
    return Operation(method, f"/households/{{household}}{path}", ("harvest.announce",), "station", sent)


def carried(path: str, *, sent: Any) -> Operation:
    """What a courier does with a parcel of the round."""
    return Operation("POST", f"/round{path}", ("orders.deliver",), "station", sent)


CNY = {"amount": 100, "currency": "CNY"}
FACTS = {"code": "sample-1", "name_zh": "样例", "category": "grain", "place": "$county", "unit": "g"}
BACK = {"reason": "样例", "goods_are_good": True}
CERTIFICATE = {
    "kind": "organic", "number": "1", "issuer": "样例", "since": "2026-01-01", "until": "2099-01-01",
}  # fmt: skip
NOTE = {"id": NEW, "kind": "sown", "on": "2026-01-02", "words": "样例"}
STANDARD = {"name_zh": "样例", "grades": [{"key": "first", "factor_milli": 1000}], "off_milli": 500}
PROMISED = {
    "id": NEW, "name_zh": "样例", "bearer": "household", "opens_at": "2099-12-30T00:00:00Z",
    "closes_at": "2099-12-31T00:00:00Z",
}  # fmt: skip
LINES = [{"offer": "$offer", "quantity": 1}]

OPERATIONS: dict[str, Operation] = {
    "counties": open_("/counties"),
    "ways_to_pay": open_("/ways-to-pay"),
    "goods": open_("/counties/{county}/goods"),
    "search": open_("/counties/{county}/search?q=x"),
    "product": open_("/goods/{product}"),
    "basket": open_("/baskets/01890000-0000-7000-8000-0000000000ab"),
    "quote": open_("/quotes", "POST", {"county": "$county", "lines": LINES}),
    "set_line": open_("/baskets/01890000-0000-7000-8000-0000000000ab/lines/{offer}", "PUT", {"quantity": 1}),
    "place_order": own(
        "POST",
        "/orders",
        {
            "id": "$paid",
            "county": "$county",
            "lines": LINES,
            "contact": {"name": "样例", "phone": "19900000001"},
            "fulfilment": "pickup",
            "station": "$station",
            "gateway": "counter",
            "expected_total": CNY,
        },
    ),
    "my_orders": Operation("GET", "/orders", member=True),
    "order": own("GET", "/orders/{paid}?token=guessed"),
    "payment": own("GET", "/orders/{placed}/payment?token=guessed"),
    "cancel": own("POST", "/orders/{paid}/cancel", {"token": "guessed"}),
    "my_households": Operation("GET", "/households", member=True),
    "my_statement": own("GET", "/households/{household}/statement" + SPAN),
    "my_claims": claimed("GET", "?token=guessed"),
    "begin_claim": own(
        "POST",
        "/orders/{claimed}/claims",
        {"id": NEW, "line": "$offer", "kind": "spoiled", "amount": 5, "on_receipt": True, "words": "样例"},
    ),
    "my_claim": claimed("GET", "/{claim}?token=guessed"),
    "my_claim_photo": claimed("GET", "/{claim}/photos/{claim_photo}?token=guessed"),
    "show_with_claim": claimed("PUT", "/{claim}/photos/" + NEW, b"no picture"),
    "take_from_claim": claimed("POST", "/{claim}/photos/{claim_photo}/remove", {}),
    "send_claim": claimed("POST", "/{claim}/send", {}),
    "withdraw_claim": claimed("POST", "/{claim}/withdraw", {}),
    "group": open_("/groups/{group}"),
    "free_days": open_("/goods/{service}/days"),
    "calling_off": open_("/goods/{service}/calling-off"),
    "book": own(
        "POST",
        "/bookings",
        {
            "id": NEW,
            "offer": "$offer",
            "first_on": "2026-01-01",
            "contact": {"name": "样例", "phone": "19900000001"},
            "gateway": "sandbox",
            "expected_total": CNY,
        },
    ),
    "booking": own("GET", "/orders/{paid}/booking?token=guessed"),
    "call_off": own("POST", "/orders/{paid}/call-off", {"token": "guessed"}),
    # --- a household's own
    "household_sales": farm("/sales"),
    "household_boxes": farm("/boxes"),
    "tick": farm("/boxes/{box}", "PUT", {"ready": True}),
    "household_to_bring": farm("/to-bring"),
    "household_goods": farm("/goods"),
    "household_harvests": farm("/harvests"),
    "household_harvest": farm("/harvests/{harvest}"),
    "begin_harvest": farm("/harvests", "POST", {"id": NEW, "product": "$product"}),
    "begin_harvest_shown": farm("/goods/{product}/harvests/" + NEW, "PUT", b"no picture"),
    "say_amount": farm(
        "/harvests/{harvest}/amount", "PUT", {"amount": 5, "unit": "g", "expected_on": "2026-01-01"}
    ),
    "announce_harvest": farm("/harvests/{harvest}/announce", "POST", {"price": CNY}),
    "tell_of_harvest": farm("/harvests/{harvest}/voices/" + NEW, "PUT", b"no sound"),
    "withdraw_harvest": farm("/harvests/{harvest}/withdraw", "POST", ()),
    "services": farm("/services"),
    "hosted_days": farm("/services/{service}/days"),
    "open_days": farm("/services/{service}/days", "PUT", {"days": ["2026-01-01"], "places": 1}),
    "set_calling_off": farm(
        "/services/{service}/calling-off", "PUT", {"tiers": [{"days": 1, "percent": 100}]}
    ),
    "guests": farm("/guests"),
    "redeem": farm("/redemptions", "POST", {"id": NEW, "code": "0000"}),
    # --- one's own news and name
    "my_news": Operation("GET", "/news", member=True),
    "mark_news_read": Operation("POST", "/news/read", member=True, sent=()),
    "muted_news": Operation("GET", "/news/muted", member=True),
    "mute_news": Operation("PUT", "/news/muted", member=True, sent={"muted": []}),
    "my_profile": Operation("GET", "/profile", member=True),
    "set_profile": Operation("PUT", "/profile", member=True, sent={"name": "样例"}),
    # --- a courier's round
    "my_round": Operation("GET", "/round", ("orders.deliver",), "reach"),
    "whom_to_call": carried("/{failed}/call", sent=()),
    "delivered": carried("/{failed}/delivered", sent={"evidence": "样例"}),
    "failed_at_door": carried("/{out}/failed", sent={"reason": "absent"}),
    "goes_along_again": carried("/{failed}/again", sent=()),
    "left_at_station": carried("/{to_station}/arrived", sent=()),
    # --- a station's counter
    "harvests_coming": counter("/harvests", "stock.weigh_in"),
    "weigh_coming": counter(
        "/harvests/{harvest}/lots",
        "stock.weigh_in",
        sent={"id": NEW, "amount": 5, "unit": "g", "harvested_on": "2026-01-01"},
    ),
    "note_at_station_with_paper": counter(
        "/lots/{lot}/notes/" + NEW + "?kind=sown&on=2026-01-02", "trace.note", sent=b"no paper"
    ),
    "again": counter("/orders/{failed}/again", "orders.deliver", sent=()),
    "returned": counter("/orders/{failed}/returned", "orders.return", sent=BACK),
    "cash_owed_back": counter("/refunds", "counter.refund"),
    "hand_back": counter("/refunds/{cash_refund}/hand-back", "counter.refund", sent=()),
    "household_shop": counter("/households/{run_by}/shop", "shop.open"),
    "open_household_shop": counter(
        "/households/{household}/shop", "shop.open", sent={"id": NEW, "name_zh": "样例"}
    ),
    "tell_background": Operation(
        "PUT",
        "/stations/{station}/households/{run_by}/shop/background",
        ("shop.open",),
        "station",
        {"background": ""},
    ),
    "claims_awaited": counter("/claims", "orders.return"),
    "receive_at_station": counter("/claims/{awaited_claim}/receive", "orders.return", sent={"good_packs": 1}),
    "my_stations": Operation("GET", "/stations", member=True),
    "households_near": counter("/households", "household.read"),
    "weighable": counter("/households/{household}/products", "stock.weigh_in"),
    "weigh_in": counter(
        "/lots",
        "stock.weigh_in",
        sent={
            "id": NEW,
            "household": "$household",
            "product": "$product",
            "amount": 5,
            "unit": "g",
            "harvested_on": "2026-01-01",
        },
    ),
    "weighed_today": counter("/lots", "stock.weigh_in", "stock.read"),
    "to_pack": counter("/to-pack", "orders.pack"),
    "to_hand_over": counter("/to-hand-over", "orders.hand_over"),
    "to_hand_out": counter("/to-hand-out", "orders.deliver"),
    "station_order": counter("/orders/{paid}", "orders.deliver"),
    "pack": counter("/orders/{paid}/pack", "orders.pack", sent={"parcel": NEW, "weight_g": 900}),
    "hand_over": counter("/orders/{packed}/hand-over", "orders.hand_over", sent=()),
    "arrived": counter("/orders/{to_station}/arrived", "logistics.scan", sent=()),
    "hand_out": counter("/orders/{packed}/hand-out", "orders.hand_out", sent={"evidence": "签收"}),
    "failed": counter("/orders/{packed}/failed", "logistics.scan", sent={"reason": "absent"}),
    "to_be_paid": counter("/to-be-paid", "counter.take"),
    "take_cash": counter("/orders/{placed}/cash", "counter.take", sent=()),
    "till": counter("/till", "till.read"),
    "count_till": counter("/till/counts", "till.count", sent={"id": NEW, "counted": CNY, "reason": "样例"}),
    # --- a county's desk
    "orders": desk("/orders", "orders.read"),
    "county_order": desk("/orders/{paid}", "orders.read"),
    "county_cancel": desk("/orders/{paid}/cancel", "orders.cancel", sent={"reason": "样例"}),
    "refund": desk(
        "/orders/{delivered}/refunds",
        "orders.refund",
        sent={"id": NEW, "parts": [{"amount": CNY}], "reason": "样例"},
    ),
    "claims": desk("/claims", "orders.refund"),
    "claim": desk("/claims/{claim}", "orders.refund"),
    "claim_photo": desk("/claims/{claim}/photos/{claim_photo}", "orders.refund"),
    "answer_claim": desk("/claims/{claim}/answer", "orders.refund", sent={"id": NEW, "said": "样例"}),
    "receive_claimed": desk(
        "/claims/{awaited_claim}/receive", "orders.refund+orders.return", sent={"good_packs": 1}
    ),
    "give_up_goods": desk("/claims/{awaited_claim}/give-up", "orders.refund", sent=()),
    "claim_bearers": desk("/claim-bearers", "orders.refund"),
    "set_claim_bearers": desk(
        "/claim-bearers", "terms.manage", sent={"rows": [{"bearer": "platform"}]}, method="PUT"
    ),
    "promotions": desk("/promotions", "catalog.read", keepers=True),
    "promotion": desk("/promotions/{promotion}", "catalog.read"),
    "promotion_uses": desk("/promotions/{promotion}/uses", "catalog.read+orders.read"),
    "give_out_coupon": desk("/coupons", "catalog.offer", sent=PROMISED | {"code": "SAMPLE1", "percent": 5}),
    "open_group": desk(
        "/groups", "catalog.offer", sent=PROMISED | {"offer": "$offer", "price": CNY, "needed": 2}
    ),
    "end_promotion": desk("/promotions/{promotion}/end", "catalog.offer", sent=()),
    "announced_harvests": desk("/announced-harvests", "stock.read"),
    "cycles": desk("/cycles", "stock.read"),
    "cycle": desk("/cycles/{cycle}", "stock.read"),
    "cycle_lines": desk("/cycles/{cycle}/lines", "stock.read+orders.read"),
    "open_cycle": desk(
        "/cycles",
        "catalog.offer",
        sent={
            "id": NEW,
            "harvests": ["$harvest"],
            "pack": "$pack",
            "price": CNY,
            "outlets": [{"offer": NEW}],
            "closes_at": "2100-01-01T00:00:00Z",
        },
    ),
    "close_cycle": desk("/cycles/{cycle}/close", "catalog.offer", sent=()),
    "allot_cycle": desk("/cycles/{cycle}/allot", "catalog.offer", sent=()),
    "county_pack": desk("/orders/{paid}/pack", "orders.pack", sent={"parcel": NEW, "weight_g": 900}),
    "county_hand_over": desk("/orders/{packed}/hand-over", "orders.hand_over+orders.read", sent=()),
    "county_deliver": desk(
        "/orders/{packed}/deliver", "orders.deliver+orders.read", sent={"evidence": "签收"}
    ),
    "county_again": desk("/orders/{failed}/again", "orders.deliver+orders.read", sent=()),
    "county_returned": desk("/orders/{failed}/returned", "orders.return", sent=BACK),
    "open_receiver": desk("/orders/{paid}/receiver", "orders.pack+orders.read", sent=()),
    "withdraw_product": desk("/products/{product}/withdraw", "catalog.manage", sent=()),
    "enter_certificate": desk(
        "/products/{product}/certificates", "catalog.manage", sent=CERTIFICATE | {"id": NEW}
    ),
    "enter_certificate_shown": desk(
        "/products/{product}/certificates/" + NEW + "?" + urlencode(CERTIFICATE),
        "catalog.manage",
        sent=b"no picture",
        method="PUT",
    ),
    "withdraw_certificate": desk(
        "/products/{product}/certificates/{certificate}/withdraw", "catalog.manage", sent=()
    ),
    "add_photo": desk("/products/{product}/photos/" + NEW, "catalog.manage", sent=b"no photo", method="PUT"),
    "withdraw_photo": desk("/products/{product}/photos/{photo}/withdraw", "catalog.manage", sent=()),
    "withdraw_voice": desk("/products/{product}/voices/{voice}/withdraw", "catalog.manage", sent=()),
    "county_supplies": desk("/supplies", "stock.read"),
    "set_cap": desk("/offers/{offer}/cap", "catalog.offer", sent={"cap": None}, method="PUT"),
    "set_grades": desk("/offers/{offer}/grades", "catalog.offer", sent={"takes": []}, method="PUT"),
    "bear_brand": desk("/offers/{offer}/brand", "catalog.offer", sent={"brand": None}, method="PUT"),
    "edit_offers": desk(
        "/offer-changes", "catalog.offer", sent={"id": NEW, "offers": [{"offer": "$offer", "version": 1}]}
    ),
    "offer_change": desk("/offer-changes/{bulk}", "catalog.offer"),
    "undo_offer_change": desk("/offer-changes/{bulk}/undo", "catalog.offer", sent={"id": NEW}),
    "shop": desk("/shops/{shop}", "catalog.read"),
    "open_shop": desk(
        "/shops", "catalog.manage", sent={"id": NEW, "name_zh": "样例", "organisation": "$organisation"}
    ),
    "change_shop": desk(
        "/shops/{shop}",
        "catalog.manage",
        sent={"name_zh": "样例", "opened_on": "2026-01-01"},
        method="PUT",
    ),
    "close_shop": desk("/shops/{shop}/close", "catalog.manage", sent=()),
    "shop_sales": desk("/sales", "nobody's at a place", keepers=True),
    "organisations": desk("/organisations", "people.read"),
    "register_organisation": desk(
        "/organisations",
        "organisation.register",
        sent={"id": NEW, "kind": "firm", "place": "$county", "name": "样例"},
    ),
    "change_organisation": desk(
        "/organisations/{organisation}", "organisation.register", sent={"name": "样例"}, method="PUT"
    ),
    "close_organisation": desk("/organisations/{organisation}/close", "organisation.register", sent=()),
    "county_stations": desk("/stations", "station.read"),
    "open_new_station": desk(
        "/stations",
        "station.manage",
        sent={"id": NEW, "place": "$county", "kind": "centre", "name": "样例"},
    ),
    "station_agents": desk("/stations/{station}/agents", "station.read", at="station"),
    "register_household": desk(
        "/households",
        "household.register",
        sent={"id": NEW, "place": "$village", "head_name": "样例", "id_number": "1"},
        at="station",
    ),
    "withdraw_consent": desk(
        "/households/{household}/consents/withdraw",
        "household.register",
        at="station",
        sent={"purpose": "publicity"},
    ),
    "refunds": desk("/refunds", "payments.read"),
    "retry_refund": desk("/refunds/{failed_refund}/again", "payments.manage", sent=()),
    "record_results": desk(
        "/batches/{batch}/results",
        "payout.confirm",
        sent={"results": [{"number": "$payout", "outcome": "paid"}]},
    ),
    "share_terms": desk("/share-terms", "settlement.read", "terms.manage"),
    "set_share_terms": desk(
        "/share-terms",
        "terms.manage",
        sent={
            "household": "0.8",
            "station": "0.06",
            "centre": "0.08",
            "platform": "0.06",
            "weight_tolerance": "0.1",
            "return_window_days": 7,
            "claim_window_days": 14,
        },
        method="PUT",
    ),
    "freight": desk("/freight", "logistics.read"),
    "set_freight": desk(
        "/freight",
        "freight.manage",
        sent={"rows": [{"first_g": 1000, "first": CNY, "further_g": 1000, "further": CNY}]},
        method="PUT",
    ),
    "wordings": desk("/wordings", "settlement.read"),
    "reword": desk("/wordings/{notice_kind}/{notice_language}", "terms.manage", sent={}, method="PUT"),
    "notices_log": desk("/notices", "orders.read"),
    "shops": desk("/shops", "catalog.read"),
    "brands": desk("/brands", "catalog.read"),
    "brand": desk("/brands/{brand}", "catalog.read"),
    "add_brand": desk(
        "/brands",
        "catalog.manage",
        sent={"id": NEW, "name_zh": "样例", "holder": "样例", "standard": "$standard", "least": "first"},
    ),
    "change_brand": desk(
        "/brands/{brand}", "catalog.manage", sent={"name_zh": "样例", "holder": "样例"}, method="PUT"
    ),
    "set_mark": desk("/brands/{brand}/mark", "catalog.manage", sent=b"no picture", method="PUT"),
    "end_brand": desk("/brands/{brand}/end", "catalog.manage", sent=()),
    "grant_licence": desk(
        "/brands/{brand}/licences",
        "catalog.manage",
        sent={"id": NEW, "shop": "$shop", "number": "1", "since": "2099-01-01", "until": "2099-01-02"},
    ),
    "withdraw_licence": desk("/brand-licences/{licence}/withdraw", "catalog.manage", sent={"reason": "样例"}),
    "standards": desk("/standards", "catalog.read"),
    "standard": desk("/standards/{standard}", "catalog.read"),
    "standard_versions": desk("/standards/{standard}/versions", "catalog.read"),
    "add_standard": desk("/standards", "catalog.manage", sent=STANDARD | {"id": NEW, "category": "fruit"}),
    "change_standard": desk("/standards/{standard}", "catalog.manage", sent=STANDARD, method="PUT"),
    "end_standard": desk("/standards/{standard}/end", "catalog.manage", sent=()),
    "show_grade": desk(
        "/standards/{standard}/pictures/" + NEW + "?grade=first",
        "catalog.manage",
        sent=b"no picture",
        method="PUT",
    ),
    "withdraw_grade_picture": desk(
        "/standards/{standard}/pictures/{guide_picture}/withdraw", "catalog.manage", sent=()
    ),
    "lot_history": desk("/lots/{lot}/history", "trace.read"),
    "lot_events": desk("/lots/{lot}/events", "trace.read+orders.read"),
    "note_lot": desk("/lots/{lot}/notes", "trace.note", sent=NOTE),
    "note_lot_with_paper": desk(
        "/lots/{lot}/notes/" + NEW + "?kind=sown&on=2026-01-02",
        "trace.note",
        sent=b"no paper",
        method="PUT",
    ),
    "note_paper": desk("/lots/{lot}/notes/{note}/paper", "trace.read"),
    "note_at_station": counter("/lots/{lot}/notes", "trace.note", sent=NOTE),
    "recalls": desk("/recalls", "trace.read"),
    "recall": desk("/recalls/{recall}", "trace.read"),
    "recall_tellings": desk("/recalls/{recall}/tellings", "trace.read"),
    "recall_lot": desk(
        "/lots/{lot}/recall", "trace.recall", sent={"id": NEW, "severity": "minor", "reason": "样例"}
    ),
    "lift_recall": desk("/recalls/{recall}/lift", "trace.recall", sent={"reason": "样例"}),
    "tell_again": desk("/recalls/{recall}/tellings/{telling}/again", "trace.recall", sent=()),
    "brand_licences": desk("/brand-licences", "catalog.read"),
    "products": desk("/products", "catalog.read", keepers=True),
    "managed_product": desk("/products/{product}", "catalog.read"),
    "add_product": desk("/products", "catalog.manage", sent={"id": NEW, "shop": "$shop", "facts": FACTS}),
    "change_product": desk("/products/{product}", "catalog.manage", sent=FACTS, method="PUT"),
    "add_pack": desk(
        "/products/{product}/packs",
        "catalog.manage",
        sent={"id": NEW, "code": "p-1", "label_zh": "样例", "content_amount": 100},
    ),
    "lots": desk("/lots", "stock.read"),
    "lot": desk("/lots/{lot}", "stock.read"),
    "movements": desk("/lots/{lot}/movements", "stock.read"),
    "correct_lot": desk(
        "/lots/{lot}/corrections", "stock.correct", sent={"id": NEW, "counted": 9, "reason": "样例"}
    ),
    "write_off_lot": desk(
        "/lots/{lot}/losses", "stock.write_off", sent={"id": NEW, "amount": 1, "reason": "样例"}
    ),
    "households": desk("/households", "household.read"),
    "household": desk("/households/{household}", "household.read", at="station"),
    "open_household": desk(
        "/households/{household}/open",
        "household.read",
        at="station",
        sent={"purpose": "trade", "fields": ["phone"]},
    ),
    "consent": desk(
        "/households/{household}/consents",
        "household.register",
        at="station",
        sent={"purpose": "trade", "how": "paper"},
    ),
    "offers": desk("/offers", "catalog.read", keepers=True),
    "offer": desk("/offers/{offer}", "catalog.read"),
    "put_up": desk("/offers", "catalog.offer", sent={"id": NEW, "pack": "$pack", "price": CNY}),
    "change_offer": desk("/offers/{offer}", "catalog.offer", sent={"price": CNY}, method="PUT"),
    "take_down": desk("/offers/{offer}/take-down", "catalog.offer", sent=()),
    "owed": desk("/owed", "payout.read"),
    "batches": desk("/batches", "payout.read"),
    "batch": desk("/batches/{batch}", "payout.read"),
    "prepare_batch": desk("/batches", "payout.prepare", sent={"id": NEW, "whom": "station"}),
    "send_batch": desk("/batches/{prepared}/send", "payout.confirm", sent=()),
    "withdraw_batch": desk("/batches/{prepared}/withdraw", "payout.prepare", sent=()),
    "statement": desk(
        "/households/{household}/statement" + SPAN, "household.read", "settlement.read", at="station"
    ),
    "webhooks": desk("/webhooks", "webhook.read"),
    "add_webhook": desk(
        "/webhooks",
        "webhook.manage",
        sent={"id": NEW, "url": "https://erp.example/", "kinds": ["orders.paid"]},
    ),
    "webhook": desk("/webhooks/{webhook}", "webhook.read"),
    "rotate_webhook": desk("/webhooks/{webhook}/rotate", "webhook.manage", sent={}),
    "end_webhook": desk("/webhooks/{webhook}/end", "webhook.manage", sent=()),
    "take_up_webhook": desk("/webhooks/{webhook}/take-up", "webhook.manage", sent=()),
    "deliveries": desk("/webhooks/{webhook}/deliveries", "webhook.read"),
    "attempts": desk("/deliveries/{hooked}/attempts", "webhook.read"),
    "replay": desk("/deliveries/{hooked}/replay", "webhook.manage", sent=()),
}
