"""Addresses at a station's counter."""

from __future__ import annotations

from tests.denial.doors.door import WHY, Door, counter

STATION: dict[str, Door] = {
    "station:choose": Door(("staff",)),
    "station:today": counter("orders.deliver"),
    "station:weigh": counter("stock.weigh_in"),
    "station:weigh_product": counter("stock.weigh_in", household="household"),
    "station:shops": counter("shop.open"),
    "station:shop": counter(
        "shop.open", household="household", sent={"name_zh": "样例小店", "once": WHY["once"]}
    ),
    "station:shop_background": counter(
        "shop.open", household="household", sent={"background": "student", "background_how": "voice"}
    ),
    "station:agree": counter("household.register", household="household", sent={"how": "voice"}),
    "station:weigh_in": counter(
        "stock.weigh_in", household="household", product="product", sent=WHY | {"quantity": "1", "unit": "kg"}
    ),
    "station:coming": counter("stock.weigh_in", takes=None),
    "station:weigh_coming": counter("stock.weigh_in", harvest="harvest"),
    "station:lots": counter("stock.weigh_in", "stock.read", takes=None),
    "station:slip": counter("stock.weigh_in", "stock.read", takes=None, lot="lot"),
    "station:lot_note": counter("trace.note", lot="lot", sent={"kind": "tested", "on": "2026-01-02"} | WHY),
    "station:pack_list": counter("orders.pack"),
    "station:pack": counter("orders.pack", order="paid", sent=WHY | {"weight": "1"}),
    "station:order": counter("orders.deliver", order="paid"),
    "station:label": counter("orders.pack", order="packed"),
    "station:parcel_slip": counter("orders.pack", order="packed"),
    "station:round": counter("orders.hand_over", sent={"order": "packed"}),
    "station:parcels": counter("orders.deliver", sent={"code": "000000"}),
    "station:arrived": counter("logistics.scan", order="packed"),
    "station:give": counter(
        "orders.deliver", takes="orders.hand_out", order="packed", sent={"evidence": "签收"}
    ),
    "station:failed": counter("logistics.scan", order="packed", sent={"reason": "absent"}),
    "station:again": counter("orders.deliver", order="failed"),
    "station:returned": counter("orders.return", order="failed", sent={"reason": "样例", "fate": "good"}),
    "station:cash": counter("counter.take"),
    "station:take_cash": counter("counter.take", order="placed"),
    "station:refunds": counter("counter.refund"),
    "station:hand_back": counter("counter.refund", refund="cash_refund"),
    "station:claims": counter("orders.return"),
    "station:claim": counter("orders.return", claim="awaited_claim", sent={"good_packs": "1"}),
    "station:till": counter("till.read", takes="till.count", sent=WHY | {"counted": "0"}),
}
