"""Checkout: one page, sent once for the total and once for the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Conflict, Invalid, Refusal, Sentence, SoldOut, Stale
from countyfair.kernel.remembered import Remembered
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.queries import PickupPoint
from countyfair.surfaces import ui
from countyfair.surfaces.shop import bills, checkout_form, place_names
from countyfair.surfaces.shop.checkout_form import Asked
from countyfair.surfaces.shop.frame import personal
from countyfair.surfaces.shop.guest import COOKIE, Shopper, remember, remember_order, shopper
from countyfair.surfaces.shop.paying import onward
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import money, said
from countyfair.surfaces.ui.translation import gettext, spoken
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.rules.quote import Quote
from countyfair.trade.payments.gateways import offered

WAYS: tuple[tuple[str, Sentence, Sentence, str], ...] = (
    ("delivery", _("Delivery"), _("A parcel to the door, anywhere in the country"), "delivery-truck"),
    ("pickup", _("Pick-up"), _("At a station of the county, with a code"), "house-with-garden"),
)


@dataclass(frozen=True, slots=True)
class Buying:
    """What is bought here, the page's own address and what leads back to where its buyer came from, as label
    and address. `lines` None: what of the basket is this county's."""

    county: str
    address: str
    came_from: tuple[str, str]
    lines: tuple[tuple[UUID, int], ...] | None = None
    group: UUID | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest, county: str) -> HttpResponse:
    """The checkout of what one county would send."""
    return answered(
        request, Buying(county, url("shop:checkout", county), (gettext("Basket"), url("shop:basket")))
    )


def answered(request: HttpRequest, what: Buying) -> HttpResponse:
    """The checkout of a basket, or of what is bought without one."""
    mine = shopper(request)
    response = _answer(request, mine, what)
    if mine.brought is not None and COOKIE not in response.cookies:
        remember(request, response, None, mine.brought)
    return response


def _answer(request: HttpRequest, mine: Shopper, what: Buying) -> HttpResponse:
    if request.method != "POST":
        return _page(request, mine, what, checkout_form.fresh())
    form = checkout_form.read(request.POST, ui.once(request))
    if form.wants_next:
        return _page(request, mine, what, form)
    if missing := form.missing():
        return _page(request, mine, what, form.refused(*missing), status=Invalid.status)
    if form.fulfilment == "delivery" and not form.is_total:
        return _place_unless_freight(request, mine, what, form)
    return _place(request, mine, what, form)


def _place_unless_freight(request: HttpRequest, mine: Shopper, what: Buying, form: Asked) -> HttpResponse:
    """Freight comes to most deliveries: that is seen before the order is tried, and not by its refusal."""
    try:
        quote = _quote(mine, what, form)
    except Refusal as refusal:
        return _page(request, mine, what, form.refused(refusal), status=refusal.status)
    if not quote.lines or quote.in_trouble or quote.total_fen == form.expected:
        return _place(request, mine, what, form)
    return _page(request, mine, what, form, quote=quote, told=_first_total(quote))


def _place(request: HttpRequest, mine: Shopper, what: Buying, form: Asked) -> HttpResponse:
    try:
        placed = actions.place_order(
            mine.actor,
            order_id=form.order,
            county=what.county,
            contact=form.contact,
            fulfilment=form.fulfilment,
            gateway=form.gateway,
            coupon=form.coupon,
            expected_total_fen=form.expected,
            basket=mine.basket,
            lines=what.lines,
            group=what.group,
            destination=form.code if form.fulfilment == "delivery" else "",
            station=parse_uuid(form.station) if form.fulfilment == "pickup" else None,
        )
    except Stale as refusal:
        return _with_total(request, mine, what, form, refusal)
    except Conflict as refusal:
        return _lacking(request, refusal)
    except Invalid as refusal:
        if "lines" in refusal.details:
            return _lacking(request, refusal)
        return _page(request, mine, what, form.refused(refusal), status=refusal.status)
    response = onward(request, placed, form.gateway)
    if what.lines is None:
        remember(request, response, mine.basket, 0)
    if mine.actor.user_id is None:
        remember_order(response, placed.order, placed.token)
    return response


def _with_total(
    request: HttpRequest, mine: Shopper, what: Buying, form: Asked, refusal: Stale
) -> HttpResponse:
    """The page again with its whole total: freight came to it, or it changed. Nothing was ordered."""
    try:
        quote = _quote(mine, what, form)
    except Refusal as further:
        return _page(request, mine, what, form.refused(further), status=further.status)
    if not form.is_total:
        return _page(request, mine, what, form, quote=quote, told=_first_total(quote))
    told = _("It is %(total)s now. Look at it again, then order.") % {"total": money(quote.total_fen)}
    return _page(request, mine, what, form, quote=quote, told=told, status=refusal.status)


def _first_total(quote: Quote) -> str:
    return _("With freight it comes to %(total)s. If that suits you, place the order.") % {
        "total": money(quote.total_fen)
    }


def _lacking(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Somebody was quicker: what is left of each kind, and where to go from here."""
    lines = refusal.details.get("lines", ())
    if not isinstance(lines, list | tuple):
        raise refusal
    rows = [[said(line["name_zh"], line["name_en"]), line["wanted"], line["left"]] for line in lines]
    context = {"lacking": rows, "sentence": refusal.sentence, "is_sold_out": isinstance(refusal, SoldOut)}
    return personal(request, "sold_out", context, status=refusal.status)


def _quote(mine: Shopper, what: Buying, form: Asked | None = None) -> Quote:
    return queries.quote(
        mine.actor,
        basket=mine.basket,
        lines=what.lines,
        group=what.group,
        county=what.county,
        fulfilment=form.fulfilment if form else "",
        destination=form.code if form else "",
        station=parse_uuid(form.station) if form else None,
        coupon=form.coupon if form else "",
    )


def _goods(mine: Shopper, what: Buying, form: Asked) -> tuple[Quote, Asked]:
    """The goods, with freight where it is known whither they go and what a coupon takes off; or why not."""
    coupon = "" if form.error("coupon") else form.coupon
    if not form.says_where and not coupon:
        return _quote(mine, what), form
    asked = form if form.says_where else Asked(form.order, fulfilment="")
    try:
        return _quote(mine, what, replace(asked, coupon=coupon)), form
    except Refusal as refusal:
        told = form.refused(*form.refusals, refusal)
    return _goods(mine, what, told) if coupon and told.error("coupon") else (_quote(mine, what), told)


def _page(
    request: HttpRequest,
    mine: Shopper,
    what: Buying,
    form: Asked,
    *,
    quote: Quote | None = None,
    told: Sentence = "",
    status: int = 200,
) -> HttpResponse:
    if quote is None:
        quote, form = _goods(mine, what, form)
    if not quote.lines:
        return HttpResponseRedirect(url("shop:basket"))
    drawn = bills.bill(quote)
    context = {
        "action": what.address,
        "came_from": what.came_from,
        "name": place_names.names({what.county}).get(what.county, what.county),
        "form": form,
        "fields": _fields(what, form),
        "quote": drawn,
        "totals": bills.totals(quote, drawn),
        "errors": form.errors,
        "told": told,
        "is_changed": status != 200,
    }
    return personal(request, "checkout", context, status=status)


#: What the checkout asks before anything was answered, by language: most people see no other.
_unanswered: Remembered[str, Markup] = Remembered(60)


def _fields(what: Buying, form: Asked) -> Markup:
    if form == Asked(form.order) and what.group is None:
        return _unanswered.get(spoken(), lambda: _drawn(what, form))
    return _drawn(what, form)


def _drawn(what: Buying, form: Asked) -> Markup:
    near = stations.pickup_points(county=what.county) if form.fulfilment == "pickup" else None
    context = {
        "form": replace(form, place=place_names.picker(form.code)),
        "takes_coupon": what.group is None,
        "ways": WAYS,
        "stations": None if near is None else _by_township(near),
        "gateways": [(way.name, way.label) for way in sorted(offered(), key=lambda way: way.by_hand)],
    }
    return ui.part("shop/checkout_fields.html", context)


def _by_township(
    near: Sequence[PickupPoint],
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    names = place_names.names({one.place[:9] for one in near})
    return [
        (
            names[township].striptags() if township in names else "",
            [(str(one.id), one.place, said(one.name, one.name_en)) for one in points],
        )
        for township, points in groupby(near, key=lambda one: one.place[:9])
    ]
