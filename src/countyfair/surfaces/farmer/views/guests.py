"""Services of a household: who comes when, redeeming a code, opening days, the rule of calling off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Invalid, Missing, Refusal, Sentence
from countyfair.registers.people import queries as people
from countyfair.surfaces import ui
from countyfair.surfaces.farmer.farm import Farm, agreed, page
from countyfair.surfaces.ui import calendar
from countyfair.surfaces.ui.actor import actor_from, member
from countyfair.surfaces.ui.formats import said, short_day, short_moment
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.bookings import actions, queries
from countyfair.trade.bookings.queries import BookingRow
from countyfair.trade.bookings.rules import PRESETS, ROUNDS, key_of
from countyfair.trade.stock.actions import open_days
from countyfair.trade.stock.queries.services import ServiceRow, service_days, services_of

_WORKER = Path(__file__).parents[1] / "worker.js"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps a household's page of guests on its phone, for when the line is down."""
    return HttpResponse(
        _WORKER.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@member
def choose(request: HttpRequest) -> HttpResponse:
    """Where the picture of a code leads: to the guests of the one household of who is signed in."""
    actor = actor_from(request)
    own = people.households_of_user(actor.user_id) if actor.user_id else []
    if len(own) != 1:
        return HttpResponseRedirect(reverse("farmer:choose"))
    return HttpResponseRedirect(reverse("farmer:guests", args=[own[0].id]))


@page
def guests(farm: Farm) -> HttpResponse:
    """Who comes when; sending redeems a code. A phone sends what it redeemed without a line as a part."""
    if not farm.sent:
        return _guests(farm)
    part = bool(farm.request.headers.get("X-Part"))
    try:
        done = actions.redeem(
            farm.actor,
            redemption=ui.once(farm.request),
            household=farm.id,
            code=farm.request.POST.get("code", "")[:40],
            at=_moment(farm.request.POST.get("at", "")),
        )
    except Refusal as refusal:
        if part and refusal.status != 403:
            return JsonResponse({"ok": False, "said": str(refusal.sentence)})
        if isinstance(refusal, (*Correctable, Missing)):
            return _guests(farm, refusal)
        raise
    sentence = _said(done)
    if part:
        return JsonResponse({"ok": True, "said": str(sentence)})
    return farm.go("guests", said=sentence, kind="info" if done.again else "done")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text) if len(text) < 40 else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _said(done: actions.Redeemed) -> Sentence:
    words = {
        "what": said(done.name_zh, done.name_en),
        "places": done.places,
        "at": short_moment(done.at),
    }
    if done.again:
        return _("This code was redeemed before, on %(at)s: %(what)s, places: %(places)s.") % words
    return _("Welcome your guest: %(what)s, places: %(places)s.") % words


def _guests(farm: Farm, refusal: Refusal | None = None) -> HttpResponse:
    coming = queries.bookings_of(farm.actor, farm.household, since=today())
    return farm.show(
        "guests",
        {
            "services": services_of(farm.actor, farm.household, today=today()),
            "coming": coming,
            "today": today(),
            "key": key_of(farm.id),
            "rounds": ROUNDS,
            "kept": json.dumps([_kept(row) for row in coming if row.is_open], ensure_ascii=False),
            "worker": reverse("farmer:worker"),
        },
        refusal=refusal,
    )


def _kept(row: BookingRow) -> dict[str, str]:
    """What a phone keeps of a booking: a slow keyed hash of its code, nothing of who comes."""
    what = f"{said(row.name_zh, row.name_en)} · {short_day(row.first_on)} · × {row.places}"
    return {"hash": row.code_hash, "what": what, "from": str(row.first_on)}


@agreed
def days(farm: Farm, product: UUID) -> HttpResponse:
    """The days of a service: which are open, how many places they have, who booked; sending changes some."""
    row = _own(farm, product)
    if not farm.sent:
        return _days(farm, row)
    given = Given(farm.request.POST)
    try:
        places = 0 if farm.request.POST.get("close") else given.whole("places")
        given.stop()
        chosen = _chosen(farm.request.POST.getlist("day"))
        fuller = open_days(farm.actor, household=farm.id, product=product, days=chosen, places=places)
    except Correctable as refusal:
        return _days(farm, row, refusal)
    if fuller:
        farm_said: Sentence = _("Done. Where guests have booked already, their places stay.")
    else:
        farm_said = _("These days are closed.") if not places else _("These days are open.")
    ui.flash(farm.request, farm_said)
    return HttpResponseRedirect(f"{farm.link('days', product)}?from={min(chosen)}")


@agreed
def rule(farm: Farm, product: UUID) -> HttpResponse:
    """By which rule guests may call off."""
    row = _own(farm, product)
    if not farm.sent:
        return farm.go("days", product)
    preset = PRESETS.get(farm.request.POST.get("rule", ""))
    if preset is None:
        return _days(farm, row, Invalid(_("Choose one of the rules."), field="rule"))
    actions.set_rule(farm.actor, household=farm.id, product=product, rule=preset.rule)
    return farm.go("days", product, said=_("Bookings made from now on follow this rule."))


def _own(farm: Farm, product: UUID) -> ServiceRow:
    found = [row for row in services_of(farm.actor, farm.household, today=today()) if row.id == product]
    if not found:
        raise Missing(_("There is no such service any more."))
    return found[0]


def _chosen(texts: Sequence[str]) -> list[date]:
    return [day for day in (calendar.day_in(text) for text in texts) if day is not None]


def _days(farm: Farm, row: ServiceRow, refusal: Refusal | None = None) -> HttpResponse:
    sheet = calendar.sheet(calendar.day_in(farm.request.GET.get("from", "")), today())
    known = service_days(product=row.id, since=max(today(), sheet.first), until=sheet.last)
    now_rule = queries.rule_of(row.id)
    context = {
        "service": row,
        "sheet": sheet,
        "known": {one.day: one for one in known},
        "chosen": set(_chosen(farm.request.POST.getlist("day"))),
        "today": today(),
        "rules": [(key, one.label, "", one.icon) for key, one in PRESETS.items()],
        "rule_now": next((key for key, one in PRESETS.items() if one.rule == now_rule), ""),
    }
    return farm.show("days", context, refusal=refusal)
