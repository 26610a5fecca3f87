"""The basket: put in, change, look at."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.shop import place_names
from countyfair.surfaces.shop.bills import baskets, trouble_words
from countyfair.surfaces.shop.frame import PERSONAL, personal
from countyfair.surfaces.shop.guest import Shopper, known, last_order, remember, shopper
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.rules.quote import Trouble
from countyfair.trade.promotions import queries as promotions

MOST = 999
#: The header X-Part, by which scripts ask for a piece of a page instead of a page.
PART = "HTTP_X_PART"


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """What is in it, a bill for each county."""
    return _basket(request, shopper(request))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put packs of an offer in; the basket's page comes next, or for scripts a notice on the same page."""
    mine, quantity = shopper(request), _quantity(request)
    key = mine.basket or uuid7()
    actions.add_to_basket(mine.actor, basket=key, offer=_offer(request), quantity=quantity)
    before = known(request).packs if mine.brought is None else mine.brought
    packs = min(before + quantity, MOST)
    response = _added(request, packs) if PART in request.META else HttpResponseRedirect(url("shop:basket"))
    remember(request, response, None if mine.actor.user_id else key, packs)
    return response


def _added(request: HttpRequest, packs: int) -> HttpResponse:
    """How many packs are in the basket now and where to go from here, for scripts to show on the page."""
    county = request.POST.get("county", "")
    is_county = county.isascii() and county.isdigit() and len(county) == 6
    context = {"packs": packs, "checkout": url("shop:checkout", county) if is_county else ""}
    response = HttpResponse(ui.part("shop/added.html", context))
    response["Cache-Control"] = PERSONAL
    return response


@require_POST
def add_bundle(request: HttpRequest) -> HttpResponse:
    """Put a whole bundle in, or what the one that was begun lacks: all of it, or nothing and why not."""
    mine = shopper(request)
    key, bundle = mine.basket or uuid7(), parse_uuid(request.POST.get("bundle", ""))
    if bundle is None:
        raise Invalid(_("Choose a pack first."), field="bundle")
    product = parse_uuid(request.POST.get("product", ""))
    try:
        put = actions.add_bundle(mine.actor, basket=key, bundle=bundle, completing=product is None)
    except Conflict as refusal:
        ui.flash(request, _why_not(refusal), "refused")
        return HttpResponseRedirect(url("shop:product", product) if product else url("shop:basket"))
    before = known(request).packs if mine.brought is None else mine.brought
    response = HttpResponseRedirect(url("shop:basket"))
    remember(request, response, None if mine.actor.user_id else key, min(before + put, MOST))
    return response


def _why_not(refusal: Conflict) -> str:
    """Why a set was not put in, kind by kind."""
    lines = refusal.details.get("lines", ())
    lacks = [
        f"{said(line['name_zh'], line['name_en'])} – {trouble_words(Trouble(line['trouble']), line['left'])}"
        for line in (lines if isinstance(lines, list) else ())
    ]
    return " ".join([str(refusal.sentence), *lacks])


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Another number of packs of an offer, or none of it."""
    mine = shopper(request)
    try:
        quantity = 0 if request.POST.get("remove") else _quantity(request)
        actions.set_quantity(
            mine.actor, basket=mine.basket or uuid7(), offer=_offer(request), quantity=quantity
        )
    except Missing as refusal:
        ui.flash(request, refusal.sentence, "refused")
    except Invalid as refusal:
        return _basket(request, mine, refusal)
    return HttpResponseRedirect(url("shop:basket"))


def _basket(request: HttpRequest, mine: Shopper, refusal: Refusal | None = None) -> HttpResponse:
    quote = queries.basket(mine.actor, basket=mine.basket)
    names = place_names.names({line.offered.county for line in quote.lines}) if quote.lines else {}
    packs = sum(line.quantity for line in quote.lines)
    named = [line.offered.offer for line in quote.lines if line.offered.bundled]
    context = {
        "counties": baskets(quote, names, promotions.bundles_seen(offers=named) if named else ()),
        "errors": [("", refusal.sentence)] if refusal else [],
        "last": "" if quote.lines else last_order(request),
    }
    response = personal(request, "basket", context, status=refusal.status if refusal else 200, packs=packs)
    if packs != known(request).packs or mine.brought is not None:
        remember(request, response, mine.basket, packs)
    return response


def _quantity(request: HttpRequest) -> int:
    text = request.POST.get("quantity", "1").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Invalid(_("Give the number of packs as a figure."), field="quantity")
    return int(text)


def _offer(request: HttpRequest) -> UUID:
    offer = parse_uuid(request.POST.get("offer", ""))
    if offer is None:
        raise Invalid(_("Choose a pack first."), field="offer")
    return offer
