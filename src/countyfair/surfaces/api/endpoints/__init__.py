"""All endpoints, by who calls them: a file each; adding one is a function there."""

from __future__ import annotations

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from countyfair.surfaces.api.endpoints import (
    ahead,
    brands,
    buying,
    claims,
    desk,
    fair,
    farms,
    offers,
    orders,
    payouts,
    promotions,
    services,
    standards,
    stations,
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
    ("Stations", stations),
    ("Orders of a county", orders),
    ("Goods of a county", desk),
    ("Standards", standards),
    ("Brands", brands),
    ("Trace and recalls", trace),
    ("Offers", offers),
    ("Sold ahead", ahead),
    ("Promotions", promotions),
    ("Payouts and statements", payouts),
    ("Webhooks", webhooks),
):
    api.add_router("", module.routes, tags=[tag])

__all__ = ["api"]
