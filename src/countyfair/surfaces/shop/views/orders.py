"""Orders after they were placed: one's own list, one order by log-in or by its link, paying, calling off."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from countyfair.kernel.refusal import Missing, Refusal
from countyfair.registers.stations import queries as stations
from countyfair.surfaces import ui
from countyfair.surfaces.shop import booking_shown, claims_shown, group_shown, order_shown, place_names
from countyfair.surfaces.shop.frame import confirm, personal
from countyfair.surfaces.shop.guest import buyer, last_order
from countyfair.surfaces.shop.limits import count_guess
from countyfair.surfaces.shop.paying import scans, to_provider
from countyfair.surfaces.shop.walk import cursor
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.papers import SHEET, qr
from countyfair.surfaces.ui.printing import paper
from countyfair.trade.logistics.rules import ON_SPOT
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries.claims import claims_on
from countyfair.trade.orders.queries.finding import find_order
from countyfair.trade.orders.queries.marks import marks_on
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.gateways import GATEWAYS

#: How often the page that a payer comes back to looks for the notice by itself, and after how many seconds.
LOOKS = 20
SECONDS = 3
#: At these looks the notice is late, and the provider is asked.
ASKING = frozenset({3, 8, 15})
PAGE = 20


def _address(name: str, order_id: UUID, token: str) -> str:
    """An order's page, or its `cancel` or `pay`, in the way the visitor came: by link or by log-in."""
    return url(f"shop:{name}_by_link", order_id, token) if token else url(f"shop:{name}", order_id)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """A member's orders, the newest first; a guest is asked for number and phone."""
    actor = buyer(request)
    if actor.user_id is None:
        return HttpResponseRedirect(url("shop:find"))
    rows = queries.my_orders(actor, after=cursor(request.GET.get("before", "")), limit=PAGE)
    context = {
        "orders": [order_shown.listed(row, _address("order", row.id, "")) for row in rows],
        "after": f"?before={rows[-1].placed_at.isoformat()}_{rows[-1].id}" if len(rows) == PAGE else "",
    }
    return personal(request, "orders", context)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """An order by its number and the phone that was given with it."""
    number, phone = request.POST.get("number", "")[:40], request.POST.get("phone", "")[:40]
    kept = {"number": number, "phone": phone, "last": last_order(request)}
    if request.method != "POST":
        return personal(request, "find", {**kept, "refusals": []})
    try:
        count_guess(request, number)
        found = find_order(number=number, phone=phone)
    except Refusal as refusal:
        sentence = (
            _("No order has this number and this phone. Look at both again.")
            if isinstance(refusal, Missing)
            else refusal.sentence
        )
        context = {**kept, "refusals": [(refusal.field or "", sentence)]}
        return personal(request, "find", context, status=refusal.status)
    return HttpResponseRedirect(_address("order", found.order, found.token))


@require_safe
def order(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """One order. `?back=N` is where a payer comes back to: the page then looks for the notice by itself."""
    actor = buyer(request)
    row = queries.order(actor, order_id=order_id, token=token)
    looked = _looked(request.GET.get("back", ""))
    awaited = _awaited(row)
    if looked in ASKING and awaited:
        payments.ask_provider(actor, intent=awaited)
        row = queries.order(actor, order_id=order_id, token=token)
    station = stations.station(row.station) if row.station else None
    way = place_names.way(row.destination) if row.fulfilment != "pickup" else ()
    ways = order_shown.Ways(
        page=_address("order", order_id, token),
        pay=_address("pay", order_id, token),
        cancel=_address("cancel", order_id, token),
        by_link=bool(token),
    )
    shown = order_shown.shown(row, ways, station, way)
    is_asked = shown.to_pay or bool(shown.weighing and shown.weighing.pay_href)
    waits = is_asked and (0 < looked <= LOOKS or shown.is_noted)
    claims = claims_shown.on_order(row, claims_on(actor, order=row), token)
    next_look = f"{ways.page}?back={min(looked + 1, LOOKS + 1)}" if waits else ""
    context = {
        "order": shown,
        "claims": claims,
        "replaces": claims_shown.replaces(row, token),
        "group": group_shown.of_order(row),
        "waiting": looked,
        "next_look": next_look,
        "next_look_seconds": SECONDS,
        "booking": booking_shown.of(row, _address("call_off", order_id, token))
        if row.fulfilment == ON_SPOT
        else None,
    }
    return personal(request, "order", context)


@require_safe
def receipt(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """The order on paper, as PDF: for one's own files."""
    row = queries.order(buyer(request), order_id=order_id, token=token)
    context = {"order": row, "marks": marks_on(row), "said": said}
    return paper(f"receipt-{row.number}", "ui/papers/receipt.html", context, SHEET)


@require_safe
def pay(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """To the provider's page, or at a PC a code to scan, if there is still something to pay; else back to the
    order, which says why."""
    row = queries.order(buyer(request), order_id=order_id, token=token)
    if scans(request, row.gateway):
        return _code(request, row, _address("order", order_id, token))
    link = partial(payments.payment_link, _awaited(row) or row.intent, subject=row.number)
    return to_provider(request, page=_address("order", order_id, token), gateway=row.gateway, link=link)


def _code(request: HttpRequest, row: queries.OrderShown, page: str) -> HttpResponse:
    intent = _awaited(row) or row.intent
    try:
        notify = absolute(url("payments:notify", row.gateway))
        code = payments.payment_code(intent, notify=notify, subject=row.number)
    except Refusal as refusal:
        ui.flash(request, refusal.sentence, "info")
        return HttpResponseRedirect(page)
    context = {
        "number": row.number,
        "amount": money.intent(intent).amount_fen,
        "code": qr(code or ""),
        "way": GATEWAYS[row.gateway].label,
        "back": f"{page}?back=1",
    }
    return personal(request, "pay_code", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """Ask once, then call the order off."""
    actor, page = buyer(request), _address("order", order_id, token)
    if request.method == "POST":
        actions.cancel(actor, order_id=order_id, token=token)
        ui.flash(request, _("The order is cancelled."), "done")
        return HttpResponseRedirect(page)
    row = queries.order(actor, order_id=order_id, token=token)
    if "cancel" not in row.verbs or not row.is_buyer:
        ui.flash(request, _("This order has gone too far to be cancelled here."), "info")
        return HttpResponseRedirect(page)
    paid = row.state != "placed"
    consequences = [_("What was held for you goes back on the shelf.")]
    consequences += [_("What you paid is given back the way you paid it.")] if paid else []
    return confirm(
        request,
        question=_("Cancel order %(number)s?") % {"number": row.number},
        consequences=consequences,
        action=_("Cancel the order"),
        back=page,
    )


def _awaited(row: queries.OrderShown) -> UUID | None:
    """The payment that is asked of the buyer now: of the order, or of what its goods weighed more."""
    if row.state == "placed":
        return row.intent if row.intent_state == "awaiting" else None
    return row.bill_intent if row.bill_state == "asked" else None


def _looked(text: str) -> int:
    """How often the page a payer came back to has looked, this time included; 0: nobody came back."""
    return min(int(text), LOOKS + 1) if text.isascii() and text.isdigit() and len(text) < 4 else 0
