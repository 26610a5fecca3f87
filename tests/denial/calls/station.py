"""Operations at a station's counter."""

from __future__ import annotations

from tests.denial.calls.operation import (
    BACK,
    CNY,
    NEW,
    Operation,
    counter,
)

STATION: dict[str, Operation] = {
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
}
