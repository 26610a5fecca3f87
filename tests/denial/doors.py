"""The table: for every address, who may open it and who may send something to it.

A power is what the table of roles gives to roles; whoever lacks it at the place of the address is
refused. What an address names besides the county or station comes from `world.World`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Door:
    """One address.

    `opens` are the powers of which one opens it (() for everybody; "a+b" where both are needed);
    `takes` those of which one is needed to send a form, None where none is taken. `names` are the
    things that the address names, by the World's attribute. `sent` is what a form says. `member`: only
    for who is signed in. `looks`: False where there is nothing to look at, only something to send.
    `keepers`: it opens also to who keeps a shop of the county, and shows them what is theirs.
    `at` is where the powers are asked: at the county or the station, "" where the page leads everybody
    to their own. `buyer`: only for who placed the order that it names.
    """

    opens: tuple[str, ...] = ()
    takes: tuple[str, ...] | None = None
    names: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    member: bool = False
    looks: bool = True
    at: str = ""
    keepers: bool = False
    buyer: bool = False


def everybody(*, sends: bool = False, **names: str) -> Door:
    """Open to all; what is sent there changes nothing that is kept, as the test makes sure."""
    return Door(takes=() if sends else None, names=names)


def member(*, sends: bool = False, looks: bool = True) -> Door:
    """About the person who is signed in, and nobody else."""
    return Door(takes=() if sends else None, member=True, looks=looks)


def order(*, takes: str = "", **names: str) -> Door:
    """A buyer's order, which lies at a station of the county."""
    return Door(("orders.read",), (takes,) if takes else None, names, at="station")


def claimed(*, takes: tuple[str, ...] | None = (), **names: str) -> Door:
    """What only the buyer of an order opens; what is sent there without a wish changes nothing."""
    return Door(takes=takes, names={"order_id": "claimed", **names}, buyer=True)


def desk(
    *powers: str,
    takes: str = "",
    looks: bool = True,
    sent: dict[str, str] | None = None,
    keepers: bool = False,
    **names: str,
) -> Door:
    """A page of a county's desk."""
    return Door(
        powers,
        (takes,) if takes else None,
        {"county": "county", **names},
        sent or {},
        looks=looks,
        at="county",
        keepers=keepers,
    )


def counter(*powers: str, takes: str | None = "", sent: dict[str, str] | None = None, **names: str) -> Door:
    """A page of a station's counter; what looks there is for who works there."""
    asked = None if takes is None else (takes or powers[0],)
    return Door(powers, asked, {"station": "station", **names}, sent or {}, at="station")


def farm(*, sends: bool = False, **names: str) -> Door:
    """A household's own page; here nobody comes who belongs to it."""
    powers = ("harvest.announce",)
    return Door(powers, powers if sends else None, {"household": "household", **names}, at="station")


def carried(*, order: str, power: str = "orders.deliver", **sent: str) -> Door:
    """What a courier does with a parcel on the round."""
    return Door(takes=(power,), names={"order": order}, sent=sent, looks=False, at="station")


WHY = {"reason": "样例", "once": "01890000-0000-7000-8000-000000000001"}

DOORS: dict[str, Door] = {
    # --- for everybody
    "healthz": everybody(),
    "readyz": everybody(),
    "ui:design": everybody(),
    "ui:design_part": everybody(part="part"),
    "ui:places": everybody(),
    "shop:home": everybody(),
    "shop:goods": everybody(),
    "shop:product": everybody(product_id="product"),
    "shop:season": everybody(),
    "shop:stall": everybody(county="county", slug="slug"),
    "shop:basket": everybody(),
    "shop:add": Door(takes=(), looks=False),
    "shop:change": Door(takes=(), looks=False),
    "shop:book": everybody(sends=True, product_id="product"),
    "shop:checkout": everybody(sends=True, county="county"),
    "shop:group": everybody(group_id="group"),
    "shop:group_join": everybody(sends=True, group_id="group"),
    "shop:orders": everybody(),
    "shop:find": everybody(sends=True),
    "shop:lot_origin": everybody(gtin="gtin", lot="lot_number"),
    "shop:parcel_by_sscc": everybody(sscc="sscc"),
    "shop:parcel_origin": everybody(waybill="waybill"),
    "shop:about": everybody(),
    "shop:robots": everybody(),
    "shop:sitemap": everybody(),
    "shop:sitemap_fair": everybody(),
    "shop:sitemap_page": everybody(county="county", number="zero"),
    "shop:feed": everybody(county="county"),
    "shop:card": everybody(digest="digest"),
    "shop:drawn_card": everybody(category="category"),
    "shop:favicon": everybody(),
    "shop:photo": everybody(name="photo_name"),
    "shop:voice": everybody(name="voice_name"),
    "payments:notify": Door(takes=(), names={"gateway": "gateway"}, looks=False),
    # --- an order: its buyer's, by log-in or by the link; and theirs who work on it
    "shop:order": order(order_id="paid"),
    "shop:cancel": order(takes="orders.cancel", order_id="paid"),
    "shop:call_off": order(order_id="paid"),
    "shop:call_off_by_link": order(order_id="paid", token="wrong_token"),
    "shop:pay": order(order_id="paid"),
    "shop:order_by_link": order(order_id="paid", token="wrong_token"),
    "shop:cancel_by_link": order(takes="orders.cancel", order_id="paid", token="wrong_token"),
    "shop:receipt": order(order_id="paid"),
    "shop:receipt_by_link": order(order_id="paid", token="wrong_token"),
    "shop:pay_by_link": order(order_id="paid", token="wrong_token"),
    # --- claims on an order: its buyer's alone
    "shop:claim_new": claimed(),
    "shop:claim": claimed(claim_id="claim"),
    "shop:claim_photo": claimed(claim_id="claim", photo_id="claim_photo", takes=None),
    "shop:claim_new_by_link": claimed(token="wrong_token"),
    "shop:claim_by_link": claimed(token="wrong_token", claim_id="claim"),
    "shop:claim_photo_by_link": claimed(
        token="wrong_token", claim_id="claim", photo_id="claim_photo", takes=None
    ),
    # --- signing in, and one's own account
    "account_request_login_code": everybody(sends=True),
    "account_confirm_login_code": everybody(sends=True),
    "account_login": everybody(sends=True),
    "mfa_authenticate": everybody(sends=True),
    "account_inactive": everybody(),
    "account_logout": everybody(),
    "account": member(),
    "account_news": member(),
    "account_unread": member(),
    "account_read_news": member(sends=True, looks=False),
    "account_choose_news": member(sends=True, looks=False),
    "account_profile": member(sends=True, looks=False),
    "account_password": member(sends=True, looks=False),
    "account_tokens": member(sends=True),
    "account_revoke_token": member(sends=True, looks=False),
    "account_end_sign_in": member(sends=True, looks=False),
    "account_erase": member(),
    "account_reauthenticate": member(sends=True),
    "mfa_reauthenticate": member(sends=True),
    "mfa_index": member(),
    "mfa_activate_totp": member(sends=True),
    "mfa_deactivate_totp": member(),
    "mfa_view_recovery_codes": member(),
    "mfa_generate_recovery_codes": member(),
    # --- a household's own pages; who announces harvests at its place acts for it
    "farmer:choose": member(),
    "farmer:worker": everybody(),
    "farmer:my_guests": member(),
    "farmer:guests": farm(sends=True),
    "farmer:days": farm(sends=True, product="service"),
    "farmer:rule": farm(sends=True, product="service"),
    "farmer:home": farm(),
    "farmer:agree": farm(sends=True),
    "farmer:evidence": Door(
        takes=("household.identify",),
        names={"household": "household", "consent": "consent"},
        looks=False,
        at="station",
    ),
    "farmer:phone": farm(sends=True),
    "farmer:station": farm(),
    "farmer:pack": farm(sends=True),
    "farmer:bring": farm(),
    "farmer:bring_paper": farm(),
    "farmer:money": farm(),
    "farmer:goods": farm(),
    "farmer:begin": farm(sends=True, product="product"),
    "farmer:harvest": farm(harvest="harvest"),
    "farmer:amount": farm(sends=True, harvest="harvest"),
    "farmer:price": farm(sends=True, harvest="harvest"),
    "farmer:voice": farm(sends=True, harvest="harvest"),
    "farmer:withdraw": farm(sends=True, harvest="harvest"),
    # --- a county's desk
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
    "centre:trail": desk("audit.read"),
    # --- a courier's round
    "courier:round": Door(("orders.deliver",)),
    "courier:parcel": Door(("orders.deliver",), names={"order": "failed"}, at="station"),
    "courier:call": carried(order="failed"),
    "courier:delivered": carried(order="failed", evidence="样例"),
    "courier:failed": carried(order="out", reason="absent"),
    "courier:again": carried(order="failed"),
    "courier:arrived": carried(order="to_station", power="logistics.scan"),
    # --- a station's counter
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
