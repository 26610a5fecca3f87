"""Addresses of the station agent's pages."""

from __future__ import annotations

from django.urls import path

from countyfair.surfaces.station.views import (
    cash,
    claims,
    noting,
    packing,
    parcels,
    shops,
    start,
    till,
    weighing,
)

app_name = "station"
urlpatterns = [
    path("", start.choose, name="choose"),
    path("<uuid:station>/", start.today, name="today"),
    path("<uuid:station>/weigh/", weighing.households, name="weigh"),
    path("<uuid:station>/weigh/<uuid:household>/", weighing.products, name="weigh_product"),
    path("<uuid:station>/weigh/<uuid:household>/agree/", weighing.agree, name="agree"),
    path("<uuid:station>/weigh/<uuid:household>/<uuid:product>/", weighing.weigh, name="weigh_in"),
    path("<uuid:station>/harvests/", weighing.coming, name="coming"),
    path("<uuid:station>/harvests/<uuid:harvest>/", weighing.weigh_coming, name="weigh_coming"),
    path("<uuid:station>/lots/", weighing.lots, name="lots"),
    path("<uuid:station>/lots/<uuid:lot>/", weighing.slip, name="slip"),
    path("<uuid:station>/lots/<uuid:lot>/note/", noting.note, name="lot_note"),
    path("<uuid:station>/pack/", packing.waiting, name="pack_list"),
    path("<uuid:station>/pack/<uuid:order>/", packing.pack, name="pack"),
    path("<uuid:station>/orders/<uuid:order>/", packing.order, name="order"),
    path("<uuid:station>/orders/<uuid:order>/label/", packing.label, name="label"),
    path("<uuid:station>/orders/<uuid:order>/slip/", packing.parcel_slip, name="parcel_slip"),
    path("<uuid:station>/round/", packing.hand_over, name="round"),
    path("<uuid:station>/parcels/", parcels.parcels, name="parcels"),
    path("<uuid:station>/parcels/<uuid:order>/arrived/", parcels.arrived, name="arrived"),
    path("<uuid:station>/parcels/<uuid:order>/give/", parcels.give, name="give"),
    path("<uuid:station>/parcels/<uuid:order>/failed/", parcels.failed, name="failed"),
    path("<uuid:station>/parcels/<uuid:order>/again/", parcels.again, name="again"),
    path("<uuid:station>/parcels/<uuid:order>/returned/", parcels.returned, name="returned"),
    path("<uuid:station>/cash/", cash.waiting, name="cash"),
    path("<uuid:station>/cash/<uuid:order>/", cash.take, name="take_cash"),
    path("<uuid:station>/refunds/", cash.refunds, name="refunds"),
    path("<uuid:station>/refunds/<uuid:refund>/", cash.hand_back, name="hand_back"),
    path("<uuid:station>/claims/", claims.awaited, name="claims"),
    path("<uuid:station>/claims/<uuid:claim>/", claims.receive, name="claim"),
    path("<uuid:station>/shops/", shops.households, name="shops"),
    path("<uuid:station>/shops/<uuid:household>/", shops.shop, name="shop"),
    path("<uuid:station>/shops/<uuid:household>/background/", shops.background, name="shop_background"),
    path("<uuid:station>/till/", till.till, name="till"),
]
