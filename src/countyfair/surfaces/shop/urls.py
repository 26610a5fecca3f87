"""Addresses of the fair. What lies under /orders/ and /checkout/ is one person's, the rest is everybody's."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

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
    season,
    standing,
)

app_name = "shop"


def of_order(way: str = "") -> list[URLPattern]:
    """Addresses of one order, for whoever is signed in, or "_by_link" for whoever has its token."""
    return [
        path("", orders.order, name=f"order{way}"),
        path("cancel/", orders.cancel, name=f"cancel{way}"),
        path("call-off/", booking.call_off, name=f"call_off{way}"),
        path("pay/", orders.pay, name=f"pay{way}"),
        path("receipt.pdf", orders.receipt, name=f"receipt{way}"),
        path("claims/new/", claims.begin, name=f"claim_new{way}"),
        path("claims/<uuid:claim_id>/", claims.claim, name=f"claim{way}"),
        path("claims/<uuid:claim_id>/photos/<uuid:photo_id>/", claims.photo, name=f"claim_photo{way}"),
    ]


urlpatterns = [
    path("", fair.home, name="home"),
    path("goods/", fair.goods, name="goods"),
    path("goods/<uuid:product_id>/", fair.product, name="product"),
    path("goods/<uuid:product_id>/book/", booking.book, name="book"),
    path("season/", season.season, name="season"),
    path("stalls/<str:county>/<slug:slug>/", fair.stall, name="stall"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add, name="add"),
    path("basket/bundle/", basket.add_bundle, name="add_bundle"),
    path("basket/change/", basket.change, name="change"),
    path("checkout/<str:county>/", checkout.checkout, name="checkout"),
    path("groups/<uuid:group_id>/", groups.group, name="group"),
    path("groups/<uuid:group_id>/join/", groups.join, name="group_join"),
    path("orders/", orders.mine, name="orders"),
    path("orders/find/", orders.find, name="find"),
    path("orders/<uuid:order_id>/", include(of_order())),
    path("orders/<uuid:order_id>/<str:token>/", include(of_order("_by_link"))),
    path("01/<str:gtin>/10/<str:lot>", origin.lot, name="lot_origin"),
    path("00/<str:sscc>", origin.parcel_by_sscc, name="parcel_by_sscc"),
    path("parcels/<str:waybill>", origin.parcel, name="parcel_origin"),
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
