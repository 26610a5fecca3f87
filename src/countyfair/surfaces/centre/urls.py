"""Addresses of the desk. A county's six digits stand in each, so that a link says where it leads."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.views.decorators.http import require_POST, require_safe

from countyfair.surfaces.centre.views import (
    bills,
    brands,
    bulk,
    certificates,
    channel_files,
    channel_goods,
    channel_money,
    channel_orders,
    channels,
    claims,
    cycles,
    filters,
    households,
    lots,
    news,
    offer_sheets,
    offers,
    order_lists,
    orders,
    organisations,
    papers,
    payouts,
    people,
    products,
    promotions,
    recalls,
    refunds,
    season,
    shops,
    standards,
    statements,
    stations,
    tasks,
    terms,
    today,
    trace,
    trail,
    webhooks,
)


class County:
    """Six digits."""

    regex = "[0-9]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SheetKind:
    """What a table is downloaded as."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(County, "county")
register_converter(SheetKind, "sheet")

app_name = "centre"

desk = [
    path("", require_safe(today.today), name="today"),
    path("orders/", require_safe(order_lists.orders), name="orders"),
    path("orders.<sheet:kind>", require_safe(order_lists.orders_sheet), name="orders_sheet"),
    path("orders/labels/", require_POST(papers.labels), name="orders_labels"),
    path("orders/packing-list/", require_POST(papers.packing_list), name="orders_packing_list"),
    path("orders/<uuid:key>/slip/", require_POST(papers.slip), name="order_slip"),
    path("orders/<uuid:key>/receipt.pdf", require_safe(papers.receipt), name="order_receipt"),
    path("orders/<uuid:key>/", require_safe(orders.order), name="order"),
    path("orders/<uuid:key>/cancel/", orders.cancel, name="order_cancel"),
    path("orders/<uuid:key>/refund/", orders.refund, name="order_refund"),
    path("orders/<uuid:key>/pack/", orders.pack, name="order_pack"),
    path("orders/<uuid:key>/hand-over/", require_POST(orders.hand_over), name="order_hand_over"),
    path("orders/<uuid:key>/deliver/", orders.deliver, name="order_deliver"),
    path("orders/<uuid:key>/again/", require_POST(orders.again), name="order_again"),
    path("orders/<uuid:key>/returned/", orders.returned, name="order_returned"),
    path("orders/<uuid:key>/receiver/", require_POST(orders.receiver), name="order_receiver"),
    path("orders/<uuid:key>/code/", require_POST(orders.tell_code), name="order_code"),
    path("products/", require_safe(products.products), name="products"),
    path("products/new/", products.add, name="product_new"),
    path("products/<uuid:key>/", require_safe(products.product), name="product"),
    path("products/<uuid:key>/change/", products.change, name="product_change"),
    path("products/<uuid:key>/withdraw/", require_POST(products.withdraw), name="product_withdraw"),
    path("products/<uuid:key>/packs/new/", products.add_pack, name="pack_new"),
    path("products/<uuid:product>/packs/<uuid:pack>/offer/", offers.put_up, name="offer_new"),
    path("products/<uuid:key>/certificates/new/", certificates.enter, name="certificate_new"),
    path(
        "products/<uuid:key>/certificates/withdraw/",
        require_POST(certificates.withdraw),
        name="certificate_withdraw",
    ),
    path("products/<uuid:key>/photos/new/", products.add_photo, name="photo_new"),
    path(
        "products/<uuid:key>/voices/withdraw/", require_POST(products.withdraw_voice), name="voice_withdraw"
    ),
    path(
        "products/<uuid:key>/photos/withdraw/", require_POST(products.withdraw_photo), name="photo_withdraw"
    ),
    path("offers/", require_safe(offers.offers), name="offers"),
    path("offers.<sheet:kind>", require_safe(offer_sheets.export), name="offers_sheet"),
    path("offers/bring/", offer_sheets.bring, name="offers_bring"),
    path("offers/bring/<uuid:key>/", offer_sheets.brought, name="offers_brought"),
    path("offers/edit/", require_POST(bulk.edit), name="offers_edit"),
    path("offers/changes/<uuid:key>/", require_safe(bulk.changed), name="offers_changed"),
    path("offers/changes/<uuid:key>/undo/", require_POST(bulk.undo), name="offers_undo"),
    path("offers/<uuid:key>/", require_safe(offers.offer), name="offer"),
    path("offers/<uuid:key>/change/", require_POST(offers.change), name="offer_change"),
    path("offers/<uuid:key>/cap/", require_POST(offers.cap), name="offer_cap"),
    path("offers/<uuid:key>/take-down/", require_POST(offers.take_down), name="offer_take_down"),
    path("offers/<uuid:key>/grades/", require_POST(offers.grades), name="offer_grades"),
    path("promotions/", require_safe(promotions.promotions_), name="promotions"),
    path("promotions/new/", promotions.add, name="promotion_new"),
    path("promotions/bundle/", promotions.make_bundle, name="bundle_new"),
    path("offers/<uuid:key>/group/", promotions.open_group, name="group_new"),
    path("promotions/<uuid:key>/", require_safe(promotions.promotion_), name="promotion"),
    path("promotions/<uuid:key>/end/", require_POST(promotions.end), name="promotion_end"),
    path("offers/<uuid:key>/brand/", require_POST(offers.brand), name="offer_brand"),
    path("standards/", require_safe(standards.standards_), name="standards"),
    path("standards/new/", standards.add, name="standard_new"),
    path("standards/<uuid:key>/", require_safe(standards.standard_), name="standard"),
    path("standards/<uuid:key>/change/", standards.change, name="standard_change"),
    path("standards/<uuid:key>/end/", require_POST(standards.end), name="standard_end"),
    path("standards/<uuid:key>/pictures/", require_POST(standards.add_picture), name="standard_picture"),
    path(
        "standards/<uuid:key>/pictures/withdraw/",
        require_POST(standards.withdraw_picture),
        name="standard_picture_withdraw",
    ),
    path("season/", require_safe(season.season), name="season"),
    path("ahead/", require_safe(cycles.cycles), name="cycles"),
    path("ahead/new/<uuid:product>/", cycles.open_, name="cycle_new"),
    path("ahead/<uuid:key>/", require_safe(cycles.cycle), name="cycle"),
    path("ahead/<uuid:key>/close/", require_POST(cycles.close), name="cycle_close"),
    path("ahead/<uuid:key>/allot/", require_POST(cycles.allot), name="cycle_allot"),
    path("brands/", require_safe(brands.brands_), name="brands"),
    path("brands/new/", brands.add, name="brand_new"),
    path("brands/<uuid:key>/", require_safe(brands.brand_), name="brand"),
    path("brands/<uuid:key>/change/", brands.change, name="brand_change"),
    path("brands/<uuid:key>/end/", require_POST(brands.end), name="brand_end"),
    path("brands/<uuid:key>/licences/", require_POST(brands.grant), name="licence_new"),
    path("licences/<uuid:key>/withdraw/", brands.withdraw, name="licence_withdraw"),
    path("lots/", require_safe(lots.lots), name="lots"),
    path("lots.<sheet:kind>", require_safe(lots.lots_sheet), name="lots_sheet"),
    path("lots/<uuid:key>/", require_safe(lots.lot), name="lot"),
    path("lots/<uuid:key>/correct/", lots.correct, name="lot_correct"),
    path("lots/<uuid:key>/write-off/", lots.write_off, name="lot_write_off"),
    path("lots/<uuid:key>/trace/", require_safe(trace.trace), name="lot_trace"),
    path("lots/<uuid:key>/note/", trace.note, name="lot_note"),
    path("lots/<uuid:key>/notes/<uuid:note>/", require_safe(trace.paper), name="lot_paper"),
    path("lots/<uuid:key>/events/", require_safe(trace.events), name="lot_events"),
    path("lots/<uuid:key>/recall/", recalls.recall_lot, name="lot_recall"),
    path("recalls/", require_safe(recalls.recalls), name="recalls"),
    path("recalls/<uuid:key>/", require_safe(recalls.recall), name="recall"),
    path("recalls/<uuid:key>/lift/", recalls.lift, name="recall_lift"),
    path("recalls/<uuid:key>/<uuid:telling>/again/", require_POST(recalls.again), name="recall_again"),
    path("platforms/", require_safe(channels.channels), name="channels"),
    path("platforms/new/", channels.connect, name="channel_new"),
    path("platforms/files/", require_POST(channel_files.drop), name="channel_drop"),
    path("platforms/files/<uuid:key>/", channel_files.file, name="channel_file"),
    path("platforms/<uuid:key>/", channels.channel, name="channel"),
    path("platforms/<uuid:key>/month/", require_safe(channel_money.shop_month), name="channel_month"),
    path(
        "platforms/<uuid:key>/waybills.csv",
        require_POST(channel_orders.waybill_sheet),
        name="channel_waybill_sheet",
    ),
    path("platform-goods/", channel_goods.goods, name="channel_goods"),
    path("platform-orders/", require_safe(channel_orders.short), name="channel_short"),
    path("platform-orders/<uuid:key>/", channel_orders.order, name="channel_order"),
    path("platform-waybills/", channel_orders.waybills, name="channel_waybills"),
    path("platform-differences/", channel_money.queue, name="channel_differences"),
    path("payouts/", require_safe(payouts.payouts), name="payouts"),
    path("payouts/prepare/", require_POST(payouts.prepare), name="payout_prepare"),
    path("payouts/<uuid:key>/", require_safe(payouts.batch), name="batch"),
    path("payouts/<uuid:key>/send/", require_POST(payouts.send), name="batch_send"),
    path("payouts/<uuid:key>/withdraw/", require_POST(payouts.withdraw), name="batch_withdraw"),
    path("payouts/<uuid:key>/file/", require_POST(payouts.bank_file), name="batch_file"),
    path("payouts/<uuid:key>/results/", require_POST(payouts.record), name="batch_results"),
    path("refunds/", require_safe(refunds.refunds), name="refunds"),
    path("refunds/<uuid:key>/again/", require_POST(refunds.retry), name="refund_retry"),
    path("provider-bills/", bills.provider_bills, name="bills"),
    path("claims/", require_safe(claims.claims), name="claims"),
    path("claims/bearers/", claims.bearers, name="bearers"),
    path("claims/<uuid:key>/", claims.claim, name="claim"),
    path("claims/<uuid:key>/photos/<uuid:photo>/", require_safe(claims.photo), name="claim_photo"),
    path("shares/", terms.shares, name="shares"),
    path("freight/", terms.freight, name="freight"),
    path("households/", require_safe(households.households), name="households"),
    path("households/new/", households.register, name="household_new"),
    path("households/<uuid:key>/", require_safe(households.household), name="household"),
    path("households/<uuid:key>/consent/", require_POST(households.consent), name="household_consent"),
    path("households/<uuid:key>/withdraw/", require_POST(households.withdraw), name="household_withdraw"),
    path("households/<uuid:key>/identity/", require_POST(households.identity), name="household_identity"),
    path("households/<uuid:key>/statement/", require_safe(statements.statement), name="statement"),
    path("households/<uuid:key>/statement.pdf", require_safe(statements.statement_pdf), name="statement_pdf"),
    path(
        "households/<uuid:key>/statement.<sheet:kind>",
        require_safe(statements.statement_sheet),
        name="statement_sheet",
    ),
    path("stations/", require_safe(stations.stations), name="stations"),
    path("stations/new/", stations.open_station, name="station_new"),
    path("stations/<uuid:key>/", require_safe(stations.station), name="station"),
    path("stations/<uuid:key>/till/", require_safe(stations.till), name="till"),
    path("stations/<uuid:key>/close/", stations.close, name="station_close"),
    path("stations/<uuid:key>/appoint/", require_POST(stations.appoint), name="station_appoint"),
    path("stations/<uuid:key>/dismiss/", require_POST(stations.dismiss), name="station_dismiss"),
    path("shops/", require_safe(shops.shops), name="shops"),
    path("shops/new/", shops.open_shop, name="shop_new"),
    path("shops/<uuid:key>/", require_safe(shops.shop), name="shop"),
    path("shops/<uuid:key>/change/", shops.change_shop, name="shop_change"),
    path("shops/<uuid:key>/close/", shops.close_shop, name="shop_close"),
    path("sales/", require_safe(shops.sales), name="sales"),
    path("organisations/", require_safe(organisations.organisations), name="organisations"),
    path("organisations/new/", organisations.register, name="organisation_new"),
    path("organisations/<uuid:key>/change/", organisations.change, name="organisation_change"),
    path("organisations/<uuid:key>/close/", organisations.close, name="organisation_close"),
    path("people/", require_safe(people.people), name="people"),
    path("people/grant/", people.grant, name="role_grant"),
    path("people/<uuid:key>/end/", people.end, name="role_end"),
    path("news/", require_safe(news.news), name="news"),
    path("webhooks/", require_safe(webhooks.webhooks), name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/<uuid:key>/", webhooks.webhook, name="webhook"),
    path("webhooks/tries/<uuid:key>/", webhooks.tries, name="webhook_tries"),
    path("news/wordings/", news.wordings, name="wordings"),
    path("news/wordings/<str:kind>/<str:language>/", news.wording, name="wording"),
    path("filters/", filters.filters, name="filters"),
    path("filters/<uuid:key>/drop/", require_POST(filters.drop), name="filter_drop"),
    path("files/", require_safe(tasks.tasks), name="tasks"),
    path("files/new/", require_POST(tasks.ask), name="task_new"),
    path("files/<uuid:key>/", require_safe(tasks.task), name="task"),
    path("files/<uuid:key>/stop/", require_POST(tasks.stop), name="task_stop"),
    path("files/<uuid:key>/file/", require_safe(tasks.file), name="task_file"),
    path("trail/", require_safe(trail.trail), name="trail"),
]

urlpatterns = [
    path("", require_safe(today.counties), name="counties"),
    path("<county:county>/", include(desk)),
]
