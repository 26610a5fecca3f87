"""A service point: who stands at which station's counter, and how a page of it is opened and answered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, today
from countyfair.kernel.refusal import Forbidden, Missing, Refusal, Sentence
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces import ui
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Wrong, told
from countyfair.surfaces.ui.pictures import food_of


@dataclass(frozen=True, slots=True)
class Point:
    """One request at one station."""

    request: HttpRequest
    actor: Actor
    at: StationRow

    @property
    def sent(self) -> bool:
        """Whether a form came."""
        return self.request.method == "POST"

    def may(self, power: str) -> bool:
        return self.actor.may(power, place=self.at.place)

    def link(self, name: str, *args: object) -> str:
        """The address of one of this station's pages."""
        return reverse(f"station:{name}", args=(self.at.id, *args))

    def show(
        self,
        template: str,
        context: Mapping[str, object] | None = None,
        *,
        refusal: Refusal | None = None,
        once: UUID | str | None = None,
    ) -> HttpResponse:
        """A page. `refusal` is what its form was told; `once` the id that the form goes on with."""
        errors = told(refusal)
        given = {
            "point": self,
            "link": self.link,
            "said": said,
            "food_of": food_of,
            "typed": self.request.POST or self.request.GET,
            "once": once or self.request.POST.get("once"),
            "errors": errors,
            "wrong": Wrong(errors),
            **(context or {}),
        }
        status = refusal.status if refusal else 200
        return kept_private(
            ui.render(self.request, f"station/{template}.html", given, surface="station", status=status)
        )

    def go(self, name: str, *args: object, said: Sentence = "", kind: str = "done") -> HttpResponse:
        """To another page after something was done, with a word on what it was."""
        if said:
            ui.flash(self.request, said, kind)
        return HttpResponseRedirect(self.link(name, *args))


def kept_private(response: HttpResponse) -> HttpResponse:
    """Going back asks again, so that an old form never stands there as if it were new."""
    response["Cache-Control"] = "no-store"
    return response


def day_began() -> datetime:
    """Midnight on the county's clocks."""
    return datetime.combine(today(), time.min, COUNTY_ZONE)


#: A page of a station; what its address names besides the station comes by name.
View = Callable[..., HttpResponse]


def page(*powers: str) -> Callable[[View], View]:
    """A page of the station that any one of these powers, held at its place, opens."""

    def opens(view: View) -> View:
        @staff
        @functools.wraps(view)
        def opened(request: HttpRequest, /, *, station: UUID, **named: Any) -> HttpResponse:
            actor = actor_from(request)
            at = stations.station(station)
            if not any(actor.may(power, place=at.place) for power in powers):
                raise Forbidden(_("You do not work at this station. Ask your county centre."))
            if not at.is_open:
                raise Missing(_("This station is closed."))
            return view(Point(request, actor, at), **named)

        return opened

    return opens
