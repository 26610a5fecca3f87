"""Addresses at a county's desk."""

from __future__ import annotations

from tests.denial.doors.door import WHY, Door, desk

DESK: dict[str, Door] = {
    "centre:counties": Door(("staff",)),
    "centre:today": desk("staff"),
    "centre:orders": desk("orders.read"),
    "centre:orders_sheet": desk("orders.read", kind="kind"),
    "centre:orders_labels": desk(takes="orders.pack+orders.read", looks=False, sent={"order": "packed"}),
    "centre:orders_packing_list": desk(takes="orders.pack+orders.read", looks=False, sent={"order": "paid"}),
    "centre:order_receipt": desk("orders.read", key="paid"),
    "centre:order_slip": desk(takes="orders.pack+orders.read", looks=False, key="paid"),
    "centre:order": desk("orders.read", key="paid"),
    "centre:order_cancel": desk("orders.cancel", takes="orders.cancel", key="paid", sent=WHY),
    "centre:order_refund": desk("orders.refund", takes="orders.refund", key="delivered", sent=WHY),
    "centre:order_pack": desk("orders.pack", takes="orders.pack", key="paid", sent=WHY | {"weight_g": "900"}),
    "centre:order_hand_over": desk(takes="orders.hand_over", looks=False, key="packed"),
    "centre:order_deliver": desk(
        "orders.deliver+orders.read",
        takes="orders.deliver+orders.read",
        key="packed",
        sent={"evidence": "签收"},
    ),
    "centre:order_again": desk(takes="orders.deliver+orders.read", looks=False, key="failed"),
    "centre:order_returned": desk(
        "orders.return", takes="orders.return", key="failed", sent=WHY | {"fate": "good"}
    ),
    "centre:order_receiver": desk(takes="orders.pack+orders.read", looks=False, key="paid"),
    "centre:order_code": desk(takes="orders.deliver+orders.read", looks=False, key="packed"),
    "centre:bills": desk("payments.read", takes="payments.manage"),
    "centre:channels": desk("channel.read"),
    "centre:channel_new": desk("channel.manage", takes="channel.manage", sent=WHY),
    "centre:channel_drop": desk(takes="channel.manage", looks=False, sent=WHY),
    "centre:channel_file": desk("channel.read", takes="channel.manage", key="channel_file"),
    "centre:channel": desk("channel.read", takes="channel.manage", key="channel", sent={"do": "told"}),
    "centre:channel_month": desk("channel.read", key="channel"),
    "centre:channel_waybill_sheet": desk(takes="channel.manage", looks=False, key="channel"),
    "centre:channel_goods": desk("channel.read", takes="channel.manage"),
    "centre:channel_short": desk("channel.read"),
    "centre:channel_order": desk("channel.read", takes="channel.manage", key="channel_order"),
    "centre:channel_waybills": desk("channel.read", takes="channel.manage"),
    "centre:channel_differences": desk("channel.read", takes="channel.manage"),
    "centre:claims": desk("orders.refund"),
    "centre:claim": desk(
        "orders.refund",
        takes="orders.refund",
        key="claim",
        sent=WHY | {"do": "answer", "what": "grant", "amount": "1.00", "bearer": "platform", "why": "样例"},
    ),
    "centre:claim_photo": desk("orders.refund", key="claim", photo="claim_photo"),
    "centre:bearers": desk("orders.refund", "terms.manage", takes="terms.manage"),
    "centre:products": desk("catalog.read", keepers=True),
    "centre:product_new": desk("catalog.manage", takes="catalog.manage", sent=WHY, keepers=True),
    "centre:product": desk("catalog.read", key="product"),
    "centre:product_change": desk("catalog.manage", takes="catalog.manage", key="product"),
    "centre:product_withdraw": desk(takes="catalog.manage", looks=False, key="product"),
    "centre:pack_new": desk("catalog.manage", takes="catalog.manage", key="product", sent=WHY),
    "centre:offer_new": desk("catalog.offer", takes="catalog.offer", product="product", pack="pack"),
    "centre:certificate_new": desk("catalog.manage", takes="catalog.manage", key="product", sent=WHY),
    "centre:certificate_withdraw": desk(
        takes="catalog.manage", looks=False, key="product", sent={"certificate": "certificate"}
    ),
    "centre:photo_new": desk("catalog.manage", takes="catalog.manage", key="product", sent=WHY),
    "centre:voice_withdraw": desk(
        takes="catalog.manage", looks=False, key="product", sent={"voice": "voice"}
    ),
    "centre:photo_withdraw": desk(
        takes="catalog.manage", looks=False, key="product", sent={"photo": "photo"}
    ),
    "centre:offers": desk("catalog.read", keepers=True),
    "centre:offer": desk("catalog.read", key="offer"),
    "centre:offers_sheet": desk("catalog.read", keepers=True, kind="kind"),
    "centre:offers_bring": desk("catalog.offer", takes="catalog.offer", looks=True),
    "centre:offers_brought": Door(
        takes=("nobody's but one's own",), names={"county": "county", "key": "product"}, looks=False
    ),
    "centre:offers_edit": desk(takes="catalog.offer", looks=False, keepers=True, sent={"offer": "x:1"}),
    "centre:offers_changed": desk("catalog.offer", key="bulk"),
    "centre:offers_undo": desk(takes="catalog.offer", looks=False, key="bulk"),
    "centre:offer_change": desk(
        takes="catalog.offer",
        looks=False,
        key="offer",
        sent={"version": "1", "price": "1.00", "most_per_order": "9"},
    ),
    "centre:offer_cap": desk(takes="catalog.offer", looks=False, key="offer", sent={"cap": "", "fed": "1"}),
    "centre:offer_take_down": desk(takes="catalog.offer", looks=False, key="offer"),
    "centre:offer_grades": desk(takes="catalog.offer", looks=False, key="offer"),
    "centre:promotions": desk("catalog.read", keepers=True),
    "centre:promotion_new": desk("catalog.offer", takes="catalog.offer", sent=WHY, keepers=True),
    "centre:bundle_new": desk("catalog.offer", takes="catalog.offer", sent=WHY, keepers=True),
    "centre:promotion": desk("catalog.read", key="promotion"),
    "centre:promotion_end": desk(takes="catalog.offer", looks=False, key="promotion"),
    "centre:group_new": desk("catalog.offer", takes="catalog.offer", key="offer", sent=WHY),
    "centre:standards": desk("catalog.read"),
    "centre:standard_new": desk("catalog.manage", takes="catalog.manage", sent=WHY),
    "centre:standard": desk("catalog.read", key="standard"),
    "centre:standard_change": desk("catalog.manage", takes="catalog.manage", key="standard"),
    "centre:standard_end": desk(takes="catalog.manage", looks=False, key="standard"),
    "centre:standard_picture": desk(takes="catalog.manage", looks=False, key="standard", sent=WHY),
    "centre:standard_picture_withdraw": desk(
        takes="catalog.manage", looks=False, key="standard", sent={"picture": "guide_picture"}
    ),
    "centre:season": desk("stock.read"),
    "centre:cycles": desk("stock.read"),
    "centre:cycle_new": desk("catalog.offer", takes="catalog.offer", product="product", sent=WHY),
    "centre:cycle": desk("stock.read", key="cycle"),
    "centre:cycle_close": desk(takes="catalog.offer", looks=False, key="cycle"),
    "centre:cycle_allot": desk(takes="catalog.offer", looks=False, key="cycle"),
    "centre:offer_brand": desk(takes="catalog.offer", looks=False, key="offer"),
    "centre:brands": desk("catalog.read"),
    "centre:brand_new": desk("catalog.manage", takes="catalog.manage", sent=WHY),
    "centre:brand": desk("catalog.read", key="brand"),
    "centre:brand_change": desk("catalog.manage", takes="catalog.manage", key="brand"),
    "centre:brand_end": desk(takes="catalog.manage", looks=False, key="brand"),
    "centre:licence_new": desk(takes="catalog.manage", looks=False, key="brand", sent=WHY),
    "centre:licence_withdraw": desk("catalog.manage", takes="catalog.manage", key="licence", sent=WHY),
    "centre:lots": desk("stock.read"),
    "centre:lots_sheet": desk("stock.read", kind="kind"),
    "centre:lot": desk("stock.read", key="lot"),
    "centre:lot_correct": desk(
        "stock.correct", takes="stock.correct", key="lot", sent=WHY | {"counted": "9.9kg"}
    ),
    "centre:lot_write_off": desk(
        "stock.write_off", takes="stock.write_off", key="lot", sent=WHY | {"amount": "1g"}
    ),
    "centre:lot_trace": desk("trace.read", key="lot"),
    "centre:lot_note": desk(
        "trace.note", takes="trace.note", key="lot", sent={"kind": "tested", "on": "2026-01-02"} | WHY
    ),
    "centre:lot_paper": desk("trace.read", key="lot", note="note"),
    "centre:lot_events": desk("trace.read", key="lot"),
    "centre:lot_recall": desk(
        "trace.recall", takes="trace.recall", key="lot", sent=WHY | {"severity": "minor"}
    ),
    "centre:recalls": desk("trace.read"),
    "centre:recall": desk("trace.read", key="recall"),
    "centre:recall_lift": desk("trace.recall", takes="trace.recall", key="recall", sent=WHY),
    "centre:recall_again": desk(takes="trace.recall", looks=False, key="recall", telling="telling"),
    "centre:payouts": desk("payout.read"),
    "centre:payout_prepare": desk(takes="payout.prepare", looks=False, sent={"whom": "station"} | WHY),
    "centre:batch": desk("payout.read", key="batch"),
    "centre:batch_send": desk(takes="payout.confirm", looks=False, key="prepared"),
    "centre:batch_withdraw": desk(takes="payout.prepare", looks=False, key="prepared"),
    "centre:batch_file": desk(takes="payout.confirm", looks=False, key="batch"),
    "centre:batch_results": desk(takes="payout.confirm", looks=False, key="batch"),
    "centre:refunds": desk("payments.read"),
    "centre:refund_retry": desk(takes="payments.manage", looks=False, key="failed_refund"),
    "centre:shares": desk("settlement.read", "terms.manage", takes="terms.manage"),
    "centre:freight": desk("logistics.read", takes="freight.manage"),
    "centre:households": desk("household.read"),
    "centre:household_new": desk("household.register", takes="household.register", sent=WHY),
    "centre:household": desk("household.read", key="household"),
    "centre:household_consent": desk(takes="household.register", looks=False, key="household"),
    "centre:household_withdraw": desk(
        takes="household.register", looks=False, key="household", sent={"purpose": "publicity"}
    ),
    "centre:household_identity": desk(
        takes="household.identify", looks=False, key="household", sent={"purpose": "identify"}
    ),
    "centre:statement": desk("household.read", "settlement.read", key="household"),
    "centre:statement_pdf": desk("household.read", "settlement.read", key="household"),
    "centre:statement_sheet": desk("household.read", "settlement.read", key="household", kind="kind"),
    "centre:stations": desk("station.read"),
    "centre:station_new": desk("station.manage", takes="station.manage", sent=WHY),
    "centre:station": desk("station.read", key="station"),
    "centre:till": desk("till.read", key="station"),
    "centre:station_close": desk("station.manage", takes="station.manage", key="station", sent=WHY),
    "centre:station_appoint": desk(takes="station.manage", looks=False, key="station"),
    "centre:station_dismiss": desk(takes="station.manage", looks=False, key="station"),
    "centre:shops": desk("catalog.read", keepers=True),
    "centre:shop_new": desk("catalog.manage", takes="catalog.manage", sent=WHY),
    "centre:shop": desk("catalog.read", key="shop"),
    "centre:shop_change": desk(
        "catalog.manage", takes="catalog.manage", key="shop", sent={"name_zh": "样例改名"}
    ),
    "centre:shop_close": desk("catalog.manage", takes="catalog.manage", key="shop"),
    "centre:sales": desk("nobody's at a place", keepers=True),
    "centre:organisations": desk("people.read"),
    "centre:organisation_new": desk(
        "organisation.register",
        takes="organisation.register",
        sent=WHY | {"name": "样例社", "kind": "firm"},
    ),
    "centre:organisation_change": desk(
        "organisation.register", takes="organisation.register", key="organisation", sent={"name": "样例社"}
    ),
    "centre:organisation_close": desk(
        "organisation.register", takes="organisation.register", key="organisation"
    ),
    "centre:people": desk("people.read"),
    "centre:role_grant": desk("role.grant", takes="role.grant"),
    "centre:role_end": desk("role.grant", takes="role.grant", key="role"),
    "centre:news": desk("orders.read"),
    "centre:webhooks": desk("webhook.read"),
    "centre:webhook_new": desk(
        "webhook.manage",
        takes="webhook.manage",
        sent=WHY | {"url": "https://erp.example/", "kinds": "orders.paid"},
    ),
    "centre:webhook": desk("webhook.read", takes="webhook.manage", key="webhook", sent={"act": "end"}),
    "centre:webhook_tries": desk("webhook.read", takes="webhook.manage", key="hooked"),
    "centre:wordings": desk("terms.manage"),
    "centre:wording": desk(
        "terms.manage",
        takes="terms.manage",
        kind="notice_kind",
        language="notice_language",
        sent={"believed": "0"},
    ),
    "centre:filters": desk("staff", takes="staff", keepers=True),
    "centre:filter_drop": Door(
        takes=("nobody's but one's own",), names={"county": "county", "key": "product"}, looks=False
    ),
    "centre:tasks": desk("staff", keepers=True),
    "centre:task_new": desk(takes="orders.pack", looks=False, sent=WHY | {"kind": "labels"}),
    "centre:task": Door(("nobody's but one's own",), names={"county": "county", "key": "task"}),
    "centre:task_stop": Door(
        takes=("nobody's but one's own",), names={"county": "county", "key": "task"}, looks=False
    ),
    "centre:task_file": Door(("nobody's but one's own",), names={"county": "county", "key": "task"}),
    "centre:trail": desk("audit.read"),
}
