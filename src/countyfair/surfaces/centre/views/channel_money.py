"""What platforms settled: what does not fit, and a shop's month, from households to the platform."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.queries.differences import difference, differences
from countyfair.outreach.channels.queries.months import month, month_by_household
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces.centre.channel_words import DIFFERENCES, REASONS, label
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.views.channels import own_shop
from countyfair.surfaces.ui.given import YEARS, Given


@page("channel.read")
def queue(desk: Desk) -> HttpResponse:
    """What platforms told that does not fit, both sides and the likely reason; and what was dealt with."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        key = given.key("difference", need=_("There is no such difference."))
        given.stop()
        if key is None:
            raise Missing(_("There is no such difference."))
        desk.own(lambda: difference(desk.actor, difference=key), lambda row: row.county)
        note = given.text("note")
        if given.text("do") == "accept":
            actions.accept_difference(desk.actor, difference=key, note=note)
            told = _("Booked as the platform paid it: what is missing is borne as a fee.")
        else:
            actions.end_difference(desk.actor, difference=key, note=note)
            told = _("Noted how it was settled.")
        return desk.go("channel_differences", said=told)

    return desk.asks(lambda refusal: _queue(desk, refusal), act)


@page("channel.read")
def shop_month(desk: Desk, key: UUID) -> HttpResponse:
    """A shop's month: what sold, what the platform took, what stayed, what each household gets."""
    row = own_shop(desk, key)
    first = _first(desk.request.GET.get("month", "")) or today().replace(day=1)
    households = month_by_household(desk.actor, county=desk.county, connection=key, first=first)
    context = {
        "row": row,
        "label": label,
        "first": first,
        "before": _month_of(first - timedelta(days=1)),
        "after": _month_of(first + timedelta(days=31)) if _month_of(first) < _month_of(today()) else "",
        "name": _month_of(first),
        "month": month(desk.actor, county=desk.county, connection=key, first=first),
        "households": households,
    }
    return desk.show("channel_month", context, codes=[one.place for one in households])


def _queue(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    ended = desk.request.GET.get("ended") == "1"
    found = differences(
        desk.actor, county=desk.county, ended=ended, after=after_moment(desk.request), limit=ROWS + 1
    )
    shown = leaf(
        desk.request, found, lambda row: by_moment(row.found_at, row.id), path=desk.at("channel_differences")
    )
    context = {
        "leaf": shown,
        "ended": ended,
        "label": label,
        "kinds": DIFFERENCES,
        "reasons": REASONS,
        "people": colleagues(desk.actor, county=desk.county, keys=[row.ended_by for row in shown.rows]),
        "typed": desk.request.POST,
    }
    return desk.show("channel_differences", context, refusal=refusal)


def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def _first(text: str) -> date | None:
    """The month that an address names as 2026-11."""
    try:
        found = parse_date(f"{text}-01")
    except ValueError:
        return None
    return found if found and found.year in YEARS else None
