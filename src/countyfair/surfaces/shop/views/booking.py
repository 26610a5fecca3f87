"""Services: the page with free days, the form that books some of them, and calling a booking off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from countyfair.kernel import clock
from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Refusal, Sentence, Stale
from countyfair.surfaces import ui
from countyfair.surfaces.shop import bills, booking_shown, goods, place_names
from countyfair.surfaces.shop.frame import browse, confirm, personal
from countyfair.surfaces.shop.guest import buyer, remember_order
from countyfair.surfaces.shop.linked_data import product_head
from countyfair.surfaces.shop.paying import onward
from countyfair.surfaces.shop.sent_form import SentForm
from countyfair.surfaces.ui import calendar
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import money, said
from countyfair.trade.bookings import actions, queries
from countyfair.trade.bookings.rules import FARTHEST, check_wish, days_of
from countyfair.trade.catalog import queries as catalog
from countyfair.trade.catalog.queries import ProductPage
from countyfair.trade.orders import queries as orders
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.quote import QuotedLine
from countyfair.trade.payments.gateways import offered
from countyfair.trade.stock.queries.services import service_days


@dataclass(frozen=True, slots=True)
class Asked(SentForm):
    """One sending of the form. `order` is the id made with it, `expected` what the page said it comes to."""

    FIELDS = frozenset({"name", "phone", "gateway"})

    order: UUID
    offer: UUID | None
    on: date | None
    days: int
    places: int
    name: str = ""
    phone: str = ""
    gateway: str = ""
    expected: int = 0


def service(request: HttpRequest, page: ProductPage, left: Mapping[UUID, int]) -> HttpResponse:
    """A service with its free days; the chosen one is in the address, so that no script is needed."""
    today = clock.today()
    chosen = calendar.day_in(request.GET.get("on", ""))
    sheet = calendar.sheet(chosen or calendar.day_in(request.GET.get("from", "")), today, FARTHEST)
    free = {
        row.day: row.free
        for row in service_days(product=page.id, since=max(sheet.first, today), until=sheet.last)
    }
    shown = goods.shown(page, left, place_names.way(page.place), today.month, _share(page))
    context = {
        "goods": shown,
        "told": product_head(page, shown),
        "sheet": sheet,
        "free": free,
        "chosen": chosen if chosen and free.get(chosen) else None,
        "today": today,
        "most": max((offer.most_per_order for offer in page.offers), default=1),
        "rule": booking_shown.in_words(queries.rule_of(page.id)),
        "packs": [(one.offer, one.label, money(one.price_fen, one.currency), "") for one in shown.packs],
        "book": url("shop:book", page.id),
        "asked": request.GET,
    }
    return browse(request, "service", context, category=page.category, county=page.county)


def _share(page: ProductPage) -> goods.PriceShare | None:
    if not page.offers:
        return None
    first = page.offers[0]
    share = orders.shares_of_price(county=page.county, price_fen=first.price_fen)
    return goods.share_of(first.price_fen, first.currency, share) if share else None


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """What a booking comes to, who comes, how it is paid; sent, it is booked and leads on to the payment."""
    if request.method != "POST":
        return _page(request, product_id, _read(request.GET, uuid7()))
    form = _read(request.POST, ui.once(request))
    missing = _missing(form)
    if missing:
        return _page(request, product_id, replace(form, refusals=missing), status=Invalid.status)
    return _book(request, product_id, form)


def _book(request: HttpRequest, product_id: UUID, form: Asked) -> HttpResponse:
    actor = buyer(request)
    try:
        placed = actions.book(
            actor,
            order_id=form.order,
            offer=form.offer or form.order,
            first_on=form.on or clock.today(),
            days=form.days,
            places=form.places,
            contact=Contact(form.name, form.phone),
            gateway=form.gateway,
            expected_total_fen=form.expected,
        )
    except Stale as refusal:
        return _page(request, product_id, replace(form, refusals=(refusal,)), status=refusal.status)
    except Conflict as refusal:
        return _back(request, product_id, form, refusal.sentence)
    except Invalid as refusal:
        return _page(request, product_id, replace(form, refusals=(refusal,)), status=refusal.status)
    response = onward(request, placed, form.gateway)
    if actor.user_id is None:
        remember_order(response, placed.order, placed.token)
    return response


def _read(data: Mapping[str, str], order: UUID) -> Asked:
    return Asked(
        order,
        offer=parse_uuid(data.get("offer", "")),
        on=calendar.day_in(data.get("on", "")),
        days=_whole(data.get("days", "1")),
        places=_whole(data.get("places", "1")),
        name=data.get("name", "")[:200],
        phone=data.get("phone", "")[:40],
        gateway=data.get("gateway", "")[:20],
        expected=_whole(data.get("expected", "")),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else 0


def _missing(form: Asked) -> tuple[Refusal, ...]:
    wrong: list[Refusal] = []
    if not form.name.strip():
        wrong.append(Invalid(_("Write the name of who comes."), field="name"))
    if not form.phone.strip():
        wrong.append(Invalid(_("Enter a phone number, for example 138 0013 8000."), field="phone"))
    return tuple(wrong)


def _back(request: HttpRequest, product_id: UUID, form: Asked, sentence: Sentence) -> HttpResponse:
    """To the free days again, with what is wrong."""
    ui.flash(request, sentence, "refused")
    on = f"?on={form.on}#days" if form.on else ""
    return HttpResponseRedirect(url("shop:product", product_id) + on)


def _page(request: HttpRequest, product_id: UUID, form: Asked, status: int = 200) -> HttpResponse:
    page = catalog.product_page(product=product_id)
    offer = next((one for one in page.offers if one.id == form.offer), None)
    if page.kind != "service" or offer is None or form.on is None:
        return _back(request, product_id, form, _("Choose a day that is free."))
    try:
        check_wish(form.on, form.days, form.places, clock.today())
        line = _quoted(request, page, form, form.on)
    except Refusal as refusal:
        return _back(request, product_id, form, refusal.sentence)
    if line.trouble:
        return _back(request, product_id, form, _trouble(line))
    context = {
        "goods": page,
        "said": said,
        "offer": offer,
        "form": form,
        "days": days_of(form.on, form.days),
        "total": line.amount_fen,
        "gateways": [(way.name, way.label) for way in offered() if not way.by_hand],
        "errors": form.errors,
        "rule": booking_shown.in_words(queries.rule_of(product_id)),
        "back": f"{url('shop:product', product_id)}?on={form.on}",
        "action": url("shop:book", product_id),
    }
    return personal(request, "book", context, status=status)


def _quoted(request: HttpRequest, page: ProductPage, form: Asked, first_on: date) -> QuotedLine:
    quote = orders.quote(
        buyer(request),
        county=page.county,
        lines=[(form.offer or page.id, form.days * form.places)],
        days=days_of(first_on, form.days),
    )
    return quote.lines[0]


def _trouble(line: QuotedLine) -> Sentence:
    """What is wrong with these days, as a person would say it."""
    if line.trouble == "sold_out" and not line.left:
        return _("One of these days has no place left. Choose other days, or fewer.")
    if line.trouble == "sold_out":
        return _("These days have %(left)s places left for you.") % {"left": line.left}
    return bills.trouble_of(line)


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """Ask once, saying what comes back, then call the booking off."""
    actor = buyer(request)
    page = url("shop:order_by_link", order_id, token) if token else url("shop:order", order_id)
    if request.method == "POST":
        back = actions.call_off(actor, order_id=order_id, token=token)
        ui.flash(request, _("The booking is called off. %(much)s goes back to you.") % {"much": money(back)})
        return HttpResponseRedirect(page)
    row = orders.order(actor, order_id=order_id, token=token)
    shown = booking_shown.of(row, page)
    if shown is None or not shown.call_off_href:
        ui.flash(request, _("This booking cannot be called off any more."), "info")
        return HttpResponseRedirect(page)
    much = _("%(much)s of %(total)s goes back the way you paid it.") % {
        "much": money(shown.back_fen, row.currency),
        "total": money(row.total_fen, row.currency),
    }
    return confirm(
        request,
        question=_("Call off booking %(number)s?") % {"number": row.number},
        consequences=[much, _("Your places are free for others again.")],
        action=_("Call it off"),
        back=page,
    )
