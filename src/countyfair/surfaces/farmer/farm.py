"""A household's page: whose it is, who looks at it, and how it is opened and answered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing, Refusal, Sentence
from countyfair.registers.people import queries as people
from countyfair.registers.people.rules import SELLING
from countyfair.surfaces import ui
from countyfair.surfaces.farmer import speech
from countyfair.surfaces.ui.actor import actor_from, member
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Wrong, told
from countyfair.surfaces.ui.pictures import food_of, recording, smallest
from countyfair.trade.stock.actions import ANNOUNCES

#: The power by which the pages of a station open.
WORKS = "orders.deliver"


@dataclass(frozen=True, slots=True)
class Farm:
    """One request about one household; `own`: it is the household's own people who ask."""

    request: HttpRequest
    actor: Actor
    household: people.HouseholdRow
    own: bool

    @property
    def id(self) -> UUID:
        return self.household.id

    @property
    def sent(self) -> bool:
        """Whether a form came."""
        return self.request.method == "POST"

    @property
    def at_station(self) -> bool:
        """Whether somebody of a station asks, who has the station's pages to go back to."""
        return not self.own and self.actor.holds(WORKS)

    @property
    def agreed(self) -> bool:
        """Whether the household's consent to selling stands."""
        return SELLING in self.household.agreed

    def link(self, name: str, *args: object) -> str:
        """The address of one of this household's pages."""
        return reverse(f"farmer:{name}", args=(self.household.id, *args))

    def show(
        self, template: str, context: Mapping[str, object] | None = None, *, refusal: Refusal | None = None
    ) -> HttpResponse:
        """A page. `refusal` is what its form was told; the form keeps its id and what was typed."""
        errors = told(refusal)
        given = {
            "farm": self, "link": self.link, "said": said, "food_of": food_of, "picture_of": smallest,
            "recording": recording,
            "speech": speech, "typed": self.request.POST or self.request.GET,
            "once": self.request.POST.get("once"), "errors": errors, "wrong": Wrong(errors),
            **(context or {}),
        }  # fmt: skip
        status = refusal.status if refusal else 200
        response = ui.render(self.request, f"farmer/{template}.html", given, surface="farmer", status=status)
        response["Cache-Control"] = "no-store"
        return response

    def go(self, name: str, *args: object, said: Sentence = "", kind: str = "done") -> HttpResponse:
        """To another page after something was done, with a word on what it was."""
        if said:
            ui.flash(self.request, said, kind)
        return HttpResponseRedirect(self.link(name, *args))


#: A page of a household; what its address names besides the household comes by name.
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page of a household, for its own people, or for who may announce harvests at its place."""

    @member
    @functools.wraps(view)
    def opened(request: HttpRequest, /, *, household: UUID, **named: Any) -> HttpResponse:
        actor = actor_from(request)
        row, own = household_for(actor, household)
        return view(Farm(request, actor, row, own), **named)

    return opened


def household_for(actor: Actor, household: UUID) -> tuple[people.HouseholdRow, bool]:
    """A household for its own people or for who may announce harvests at its place, and whether it is theirs.

    Raises:
        Forbidden: neither.
        Missing: there is none, or its identity was erased.
    """
    row = people.household(actor, household_id=household)
    own = actor.user_id is not None and actor.user_id == row.user_id
    if not own:
        actor.require(ANNOUNCES, place=row.place)
    if row.erased:
        raise Missing(_("There is no such household here."))
    return row, own


def agreed(view: View) -> View:
    """What only a household that has agreed may do, or have done for it; others are asked first."""

    @functools.wraps(view)
    def asked(farm: Farm, **named: Any) -> HttpResponse:
        return view(farm, **named) if farm.agreed else farm.go("agree")

    return page(asked)
