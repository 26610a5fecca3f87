"""All endpoints, by who calls them: a file each; adding one is a function there."""

from __future__ import annotations

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from countyfair.surfaces.api.endpoints import (
    ahead,
    brands,
    buying,
    certificates,
    claims,
    counter,
    county,
    desk,
    fair,
    farms,
    offers,
    orders,
    own,
    payouts,
    promotions,
    register,
    rounds,
    services,
    shelf,
    shops,
    standards,
    stations,
    terms,
    trace,
    webhooks,
)
from countyfair.surfaces.api.gate import refused

api = NinjaAPI(
    title="CountyFair",
    version="1",
    description="Rural e-commerce of a county: the fair, orders, stations and the centre's desk,"
    " for programs. `docs/api.md` has a quick-start.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, refused)
for tag, module in (
    ("Fair", fair),
    ("Buying", buying),
    ("Claims", claims),
    ("Services", services),
    ("Households", farms),
    ("My news and name", own),
    ("Stations", stations),
    ("Stations", counter),
    ("The round", rounds),
    ("Orders of a county", orders),
    ("Goods of a county", desk),
    ("Standards", standards),
    ("Brands", brands),
    ("Trace and recalls", trace),
    ("Shops and organisations", shops),
    ("Offers", offers),
    ("Goods of a county", shelf),
    ("Goods of a county", certificates),
    ("Sold ahead", ahead),
    ("Promotions", promotions),
    ("Payouts and statements", payouts),
    ("Register of households", register),
    ("Stations of a county", county),
    ("Terms of a county", terms),
    ("Webhooks", webhooks),
):
    api.add_router("", module.routes, tags=[tag])

__all__ = ["api"]
