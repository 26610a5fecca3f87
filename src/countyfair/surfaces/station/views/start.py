"""Where a working day begins: which station, and what is to be done there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Forbidden
from countyfair.registers.notices.queries import unread
from countyfair.registers.stations import queries as stations
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, day_began, kept_private, page
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.surfaces.ui.formats import said
from countyfair.trade.orders.queries import at_counter

#: Held by everybody who works at stations, and by nobody who only looks.
WORKS = "orders.deliver"
MOST_SHOWN = 60
#: Digits of a village: whoever works in one alone has no other station to go to.
VILLAGE = 12


@staff
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the one station; a list for who works at several, or looks for another (`?all=1`)."""
    actor = actor_from(request)
    if not actor.holds(WORKS) or actor.user_id is None:
        raise Forbidden(_("You do not work at a station. Ask your county centre."))
    own = [] if "all" in request.GET else stations.stations_of(actor.user_id)
    found = own or stations.stations_at(actor, power=WORKS)
    if len(found) == 1 and "q" not in request.GET:
        return HttpResponseRedirect(reverse("station:today", args=[found[0].id]))
    text = request.GET.get("q", "").strip()[:60].casefold()
    shown = [row for row in found if text in f"{row.name} {row.name_en} {row.code}".casefold()]
    context = {"stations": shown[:MOST_SHOWN], "more": len(shown) - MOST_SHOWN, "q": text, "said": said}
    return kept_private(ui.render(request, "station/choose.html", context, surface="station"))


@page(WORKS)
def today(point: Point) -> HttpResponse:
    """What is to be done, each thing with its picture and its number."""
    work = at_counter.work(point.actor, point.at, since=day_began(), moment=now())
    reach = point.actor.places(WORKS)
    is_bound = len(reach) == 1 and len(reach[0]) == VILLAGE
    return point.show("today", {"work": work, "elsewhere": not is_bound, "unread": unread(point.actor)})
