"""Operations at a county's desk."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.denial.calls.operation import (
    BACK,
    CERTIFICATE,
    CNY,
    FACTS,
    NEW,
    NOTE,
    PROMISED,
    SPAN,
    STANDARD,
    Operation,
    counter,
    desk,
)

DESK: dict[str, Operation] = {
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
    "make_bundle": desk(
        "/bundles",
        "catalog.offer",
        sent=PROMISED | {"shop": "$shop", "price": CNY, "parts": [{"offer": "$offer", "packs": 2}]},
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
