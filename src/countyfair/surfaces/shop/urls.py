"""Addresses of the fair. What lies under /orders/ and /checkout/ is one person's, the rest is everybody's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter

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


class Token(StringConverter):
    """The secret part of a link, as `kernel.seal.link_token` makes it; longer than any word of an address."""

    regex = "[A-Za-z0-9_-]{16,200}"


register_converter(Token, "token")


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


_goods = [
    path("<uuid:product_id>/", fair.product, name="product"),
    path("", fair.goods, name="goods"),
    path("<uuid:product_id>/book/", booking.book, name="book"),
]
_basket = [
    path("add/", basket.add, name="add"),
    path("", basket.basket, name="basket"),
    path("bundle/", basket.add_bundle, name="add_bundle"),
    path("change/", basket.change, name="change"),
]
_orders: list[URLPattern | URLResolver] = [
    path("<uuid:order_id>/<token:token>/", include(of_order("_by_link"))),
    path("<uuid:order_id>/", include(of_order())),
    path("", orders.mine, name="orders"),
    path("find/", orders.find, name="find"),
]
_groups = [
    path("", groups.group, name="group"),
    path("join/", groups.join, name="group_join"),
]
_sitemap = [
    path(".xml", published.sitemap, name="sitemap"),
    path("/fair.xml", published.sitemap_fair, name="sitemap_fair"),
    path("/<str:county>-<int:number>.xml", published.sitemap_page, name="sitemap_page"),
]
_cards = [
    path("photo/<slug:digest>.jpg", published.card, name="card"),
    path("<slug:category>.jpg", published.drawn_card, name="drawn_card"),
]
_media = [
    re_path(r"^(?P<name>[0-9a-f]{2}/[0-9a-f]{64}-\d{3,4}\.(?:avif|webp))$", standing.photo, name="photo"),
    re_path(r"^(?P<name>[0-9a-f]{2}/[0-9a-f]{64}\.m4a)$", standing.voice, name="voice"),
]

#: Each is tried from the top, so they stand by their first word, what is asked for most before the rest.
urlpatterns = [
    path("goods/", include(_goods)),
    path("basket/", include(_basket)),
    path("checkout/<str:county>/", checkout.checkout, name="checkout"),
    path("orders/", include(_orders)),
    path("", fair.home, name="home"),
    path("media/", include(_media)),
    path("stalls/<str:county>/<slug:slug>/", fair.stall, name="stall"),
    path("season/", season.season, name="season"),
    path("groups/<uuid:group_id>/", include(_groups)),
    path("01/<str:gtin>/10/<str:lot>", origin.lot, name="lot_origin"),
    path("00/<str:sscc>", origin.parcel_by_sscc, name="parcel_by_sscc"),
    path("parcels/<str:waybill>", origin.parcel, name="parcel_origin"),
    path("about/", standing.about, name="about"),
    path("sitemap", include(_sitemap)),
    path("feed/<str:county>.atom", published.feed, name="feed"),
    path("cards/", include(_cards)),
    path("robots.txt", standing.robots, name="robots"),
    path("favicon.ico", standing.favicon, name="favicon"),
]
