"""Addresses of the fair. What lies under /orders/ and /checkout/ is one person's, the rest is everybody's."""

from __future__ import annotations

from django.urls import path, re_path

from countyfair.surfaces.shop.views import (
    basket,
    booking,
    checkout,
    claims,
    fair,
    groups,
    orders,
    origin,
    published,
    standing,
)

app_name = "shop"

urlpatterns = [
    path("", fair.home, name="home"),
    path("goods/", fair.goods, name="goods"),
    path("goods/<uuid:product_id>/", fair.product, name="product"),
    path("goods/<uuid:product_id>/book/", booking.book, name="book"),
    path("stalls/<str:county>/<slug:slug>/", fair.stall, name="stall"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add, name="add"),
    path("basket/change/", basket.change, name="change"),
    path("checkout/<str:county>/", checkout.checkout, name="checkout"),
    path("groups/<uuid:group_id>/", groups.group, name="group"),
    path("groups/<uuid:group_id>/join/", groups.join, name="group_join"),
    path("orders/", orders.mine, name="orders"),
    path("orders/find/", orders.find, name="find"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("orders/<uuid:order_id>/cancel/", orders.cancel, name="cancel"),
    path("orders/<uuid:order_id>/call-off/", booking.call_off, name="call_off"),
    path("orders/<uuid:order_id>/pay/", orders.pay, name="pay"),
    path("orders/<uuid:order_id>/receipt.pdf", orders.receipt, name="receipt"),
    path("orders/<uuid:order_id>/<str:token>/receipt.pdf", orders.receipt, name="receipt_by_link"),
    path("orders/<uuid:order_id>/<str:token>/", orders.order, name="order_by_link"),
    path("orders/<uuid:order_id>/<str:token>/cancel/", orders.cancel, name="cancel_by_link"),
    path("orders/<uuid:order_id>/<str:token>/call-off/", booking.call_off, name="call_off_by_link"),
    path("orders/<uuid:order_id>/<str:token>/pay/", orders.pay, name="pay_by_link"),
    path("01/<str:gtin>/10/<str:lot>", origin.lot, name="lot_origin"),
    path("00/<str:sscc>", origin.parcel_by_sscc, name="parcel_by_sscc"),
    path("parcels/<str:waybill>", origin.parcel, name="parcel_origin"),
    path("orders/<uuid:order_id>/claims/new/", claims.begin, name="claim_new"),
    path("orders/<uuid:order_id>/claims/<uuid:claim_id>/", claims.claim, name="claim"),
    path(
        "orders/<uuid:order_id>/claims/<uuid:claim_id>/photos/<uuid:photo_id>/",
        claims.photo,
        name="claim_photo",
    ),
    path("orders/<uuid:order_id>/<str:token>/claims/new/", claims.begin, name="claim_new_by_link"),
    path("orders/<uuid:order_id>/<str:token>/claims/<uuid:claim_id>/", claims.claim, name="claim_by_link"),
    path(
        "orders/<uuid:order_id>/<str:token>/claims/<uuid:claim_id>/photos/<uuid:photo_id>/",
        claims.photo,
        name="claim_photo_by_link",
    ),
    path("about/", standing.about, name="about"),
    path("sitemap.xml", published.sitemap, name="sitemap"),
    path("sitemap/fair.xml", published.sitemap_fair, name="sitemap_fair"),
    path("sitemap/<str:county>-<int:number>.xml", published.sitemap_page, name="sitemap_page"),
    path("feed/<str:county>.atom", published.feed, name="feed"),
    path("cards/photo/<slug:digest>.jpg", published.card, name="card"),
    path("cards/<slug:category>.jpg", published.drawn_card, name="drawn_card"),
    path("robots.txt", standing.robots, name="robots"),
    path("favicon.ico", standing.favicon, name="favicon"),
    re_path(
        r"^media/(?P<name>[0-9a-f]{2}/[0-9a-f]{64}-\d{3,4}\.(?:avif|webp))$", standing.photo, name="photo"
    ),
    re_path(r"^media/(?P<name>[0-9a-f]{2}/[0-9a-f]{64}\.m4a)$", standing.voice, name="voice"),
]
