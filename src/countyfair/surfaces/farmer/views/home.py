"""Where a household begins: four pictures, and whom to speak with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Forbidden
from countyfair.registers.people import queries as people
from countyfair.registers.stations import queries as stations
from countyfair.surfaces import ui
from countyfair.surfaces.farmer.farm import Farm, page
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.actor import actor_from, member
from countyfair.trade.orders.queries.of_household import boxes
from countyfair.trade.stock.queries import harvests
from countyfair.trade.stock.queries.services import services_of

#: Stations shown to a household, the nearest first.
NEAREST = 3


@member
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the one household of who is signed in; a list for who belongs to several."""
    actor = actor_from(request)
    own = people.households_of_user(actor.user_id) if actor.user_id else []
    if not own:
        raise Forbidden(
            _("No household belongs to this phone. Ask the agent of your station to put it on record.")
        )
    if len(own) == 1:
        return HttpResponseRedirect(reverse("farmer:home", args=[own[0].id]))
    names = places.names({one.place for one in own})
    return ui.render(request, "farmer/choose.html", {"households": own, "names": names}, surface="farmer")


@page
def home(farm: Farm) -> HttpResponse:
    """What can be done, each thing with its picture, its number and its sentence."""
    mine = harvests.harvests_of(farm.actor, farm.household)
    coming = [one for one in mine if one.state == "announced"]
    waiting = sum(not one.ready for one in boxes(farm.actor, farm.household))
    return farm.show(
        "home",
        {
            "coming": coming,
            "open": [one for one in mine if one.state == "draft"],
            "to_pack": waiting,
            "services": services_of(farm.actor, farm.household, today=today()),
        },
    )


@page
def station(farm: Farm) -> HttpResponse:
    """Whom to speak with: the nearest stations, their hours and phones."""
    near = stations.pickup_near(farm.household.place, county=farm.household.county, limit=NEAREST)
    return farm.show("station", {"stations": near})
