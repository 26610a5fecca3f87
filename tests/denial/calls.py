"""The table of the API: for every operation, who may call it, with what.

Callers hold tokens of every scope, so that what keeps them out is their role, as on the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Ids that callers make.
NEW = "01890000-0000-7000-8000-0000000000aa"
SPAN = "?since=2026-01-01T00:00:00Z&before=2027-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `powers` are those of which one lets in at `at` (county or station); `member` lets in whoever has a
    token, `everybody` guests too. Where none of these is said, it is somebody's own, and nobody's here.
    `path` names things of the World; so do values of `sent` that begin with `$`.
    """

    method: str
    path: str
    powers: tuple[str, ...] = ()
    at: str = "county"
    sent: Any = field(default=None)
    member: bool = False
    everybody: bool = False
    keepers: bool = False


def open_(path: str, method: str = "GET", sent: Any = None) -> Operation:
    """Open to everybody; what is sent there changes nothing that is kept."""
    return Operation(method, path, everybody=True, sent=sent)


def own(method: str, path: str, sent: Any = None) -> Operation:
    """Somebody's own."""
    return Operation(method, path, sent=sent)


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


CNY = {"amount": 100, "currency": "CNY"}
FACTS = {"code": "sample-1", "name_zh": "样例", "category": "grain", "place": "$county", "unit": "g"}
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
    # --- a station's counter
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
    "shops": desk("/shops", "catalog.read"),
    "brands": desk("/brands", "catalog.read"),
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
    "end_webhook": desk("/webhooks/{webhook}/end", "webhook.manage", sent=()),
    "take_up_webhook": desk("/webhooks/{webhook}/take-up", "webhook.manage", sent=()),
    "deliveries": desk("/webhooks/{webhook}/deliveries", "webhook.read"),
    "attempts": desk("/deliveries/{hooked}/attempts", "webhook.read"),
    "replay": desk("/deliveries/{hooked}/replay", "webhook.manage", sent=()),
}
