"""A desk: who sits at it, in which county, and how a page of it is opened and answered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Missing, Refusal, Sentence
from countyfair.registers.people.queries import OrganisationRow, organisations_by_id
from countyfair.surfaces import ui
from countyfair.surfaces.centre.words import yuan
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given, Wrong, told

P = ParamSpec("P")
T = TypeVar("T")

#: Lengths of a place code, county first.
STEPS = (6, 9, 12)


@dataclass(frozen=True, slots=True)
class Door:
    """A link at the side of the desk: where it leads, the powers of which one opens it, its sign.

    `whose` says for whom it is: for who holds a power at the `county`, for who keeps a shop here and sees
    their `own`, or for `both`.
    """

    name: str
    label: Sentence
    sign: str
    powers: tuple[str, ...]
    whose: str = "county"


@dataclass(frozen=True, slots=True)
class Corner:
    """A group of links."""

    label: Sentence
    doors: tuple[Door, ...]


#: Of these one asks for some kind of file that takes long.
TASK_POWERS = ("orders.read", "payout.read", "stock.read", "catalog.read")
CORNERS: tuple[Corner, ...] = (
    Corner(
        _("Trade"),
        (
            Door("orders", _("Orders"), "receipt", ("orders.read",)),
            Door("claims", _("Claims"), "megaphone", ("orders.refund",)),
            Door("products", _("Products"), "leaf", ("catalog.read",), "both"),
            Door("offers", _("Offers"), "tag", ("catalog.read",), "both"),
            Door("promotions", _("Promotions"), "megaphone", ("catalog.read",), "both"),
            Door("sales", _("What we sold"), "receipt", ("orders.read",), "own"),
            Door("cycles", _("Sold ahead"), "calendar-blank", ("stock.read",)),
            Door("season", _("Season calendar"), "sun", ("stock.read",)),
            Door("lots", _("Lots"), "package", ("stock.read",)),
            Door("standards", _("Standards"), "seal-check", ("catalog.read",)),
            Door("brands", _("Brands"), "medal", ("catalog.read",)),
            Door("recalls", _("Recalls"), "warning-octagon", ("trace.read",)),
        ),
    ),
    Corner(
        _("Outside platforms"),
        (
            Door("channels", _("Shops and files"), "storefront", ("channel.read",)),
            Door("channel_goods", _("Goods there"), "tag", ("channel.read",)),
            Door("channel_short", _("Orders that wait"), "hourglass-medium", ("channel.read",)),
            Door("channel_waybills", _("Waybills to tell"), "truck", ("channel.read",)),
            Door("channel_differences", _("Differences"), "scales", ("channel.read",)),
        ),
    ),
    Corner(
        _("Money"),
        (
            Door("payouts", _("Payouts"), "hand-coins", ("payout.read",)),
            Door("refunds", _("Refunds"), "arrow-u-up-left", ("payments.read",)),
            Door("bills", _("Providers' bills"), "receipt", ("payments.read",)),
            Door("shares", _("Share terms"), "coins", ("settlement.read", "terms.manage")),
            Door("freight", _("Freight"), "truck", ("logistics.read",)),
        ),
    ),
    Corner(
        _("House"),
        (
            Door("households", _("Households"), "house", ("household.read",)),
            Door("stations", _("Stations"), "storefront", ("station.read",)),
            Door("shops", _("Shops"), "basket", ("catalog.read",), "both"),
            Door("organisations", _("Organisations"), "handshake", ("people.read",)),
            Door("people", _("People and roles"), "users", ("people.read",)),
            Door("news", _("Messages sent"), "bell", ("orders.read",)),
            Door("webhooks", _("Webhooks"), "webhooks-logo", ("webhook.read",)),
            Door("tasks", _("Files that take long"), "download-simple", TASK_POWERS, "both"),
            Door("trail", _("Trail of changes"), "scroll", ("audit.read",)),
        ),
    ),
)
#: Any of these at a county makes somebody its staff.
ANY = tuple(dict.fromkeys(power for corner in CORNERS for door in corner.doors for power in door.powers))


@dataclass(frozen=True, slots=True)
class Desk:
    """One request at one county's desk."""

    request: HttpRequest
    actor: Actor
    county: str
    #: Organisations of this county at which this person holds a role.
    organisations: frozenset[UUID] = frozenset()

    def may(self, *powers: str) -> bool:
        """Whether one of these powers is held at the county, or, over goods, by who keeps a shop here."""
        return self.at_county(*powers) or self.keeps(*(one for one in powers if one.startswith("catalog.")))

    def at_county(self, *powers: str) -> bool:
        """Whether one of these powers is held at the county."""
        return any(self.actor.may(power, place=self.county) for power in powers)

    def keeps(self, *powers: str) -> bool:
        """Whether one of these powers is held at an organisation of this county."""
        return any(self.organisations.intersection(self.actor.organisations(power)) for power in powers)

    def require(self, *powers: str) -> None:
        """Raise Forbidden unless one of these powers is held at the county."""
        if not self.at_county(*powers):
            self.actor.require(powers[0], place=self.county)

    def at(self, name: str, *args: object) -> str:
        """The address of one of this county's pages."""
        return reverse(f"centre:{name}", args=(self.county, *args))

    def own(self, read: Callable[[], T], county: Callable[[T], str]) -> T:
        """What `read` finds, when it is this county's.

        Raises:
            Missing: there is no such thing, or it is another county's: one is not told apart from the other.
        """
        try:
            found = read()
        except Forbidden:
            raise Missing(_("There is no such thing in this county.")) from None
        if county(found) != self.county:
            raise Missing(_("There is no such thing in this county."))
        return found

    def corners(self) -> list[Corner]:
        """The links that open to this person."""
        open_ = [
            Corner(corner.label, tuple(door for door in corner.doors if self._opens(door)))
            for corner in CORNERS
        ]
        return [corner for corner in open_ if corner.doors]

    @property
    def works_here(self) -> bool:
        """Whether this person is the county's staff, and not only a shop's."""
        return self.at_county(*ANY)

    def _opens(self, door: Door) -> bool:
        at_county = door.whose != "own" and self.at_county(*door.powers)
        return at_county or (door.whose != "county" and self.keeps(*door.powers))

    def show(
        self,
        template: str,
        context: Mapping[str, object] | None = None,
        *,
        codes: Iterable[str] = (),
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        """A page. `codes` are the places it names; `refusal` is what its form was told."""
        errors = told(refusal)
        given = {
            "desk": self,
            "at": self.at,
            "names": self.names(codes),
            "errors": errors,
            "wrong": Wrong(errors),
            "yuan": yuan,
            "said": said,
            **(context or {}),
        }
        status = refusal.status if refusal else 200
        response = ui.render(self.request, f"centre/{template}.html", given, surface="centre", status=status)
        response["Cache-Control"] = "no-store"
        return response

    def names(self, codes: Iterable[str]) -> Names:
        """What these places are called, and those above them, and the county; in one statement."""
        named = {self.county, *(code for code in codes if code.isascii() and code.isdecimal())}
        wanted = named | {code[:length] for code in named for length in STEPS if len(code) >= length}
        return Names(places.names(wanted), self.county)

    def asks(
        self, show: Callable[[Refusal | None], HttpResponse], act: Callable[[Given], HttpResponse]
    ) -> HttpResponse:
        """A form: `show` is its page, `act` does what was sent.

        What is refused is told on the same page, so that nothing typed is lost; only what is not this
        person's, or not there, becomes a page of its own.
        """
        if self.request.method != "POST":
            return show(None)
        try:
            return act(Given(self.request.POST))
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            return show(refusal)

    def go(self, name: str, *args: object, said: Sentence = "", kind: str = "done") -> HttpResponse:
        """To another page after something was done, with a word on what it was."""
        if said:
            ui.flash(self.request, said, kind)
        return HttpResponseRedirect(self.at(name, *args))


@dataclass(frozen=True, slots=True)
class Names:
    """What people call places: `of` the place alone, `way` from the township down."""

    known: Mapping[str, Markup]
    county: str

    def of(self, code: str) -> str:
        return self.known.get(code, code)

    def way(self, code: str) -> str:
        steps = [code[:length] for length in STEPS[1:] if len(code) >= length]
        if code[:6] != self.county:
            steps.insert(0, code[:6])
        way = Markup(" ").join(self.known[step] for step in steps if step in self.known)
        return way or self.of(code)

    def plain(self, code: str) -> str:
        """The way as text alone, as a file holds it."""
        way = self.way(code)
        return way.striptags() if isinstance(way, Markup) else way


def kept_by(actor: Actor) -> list[OrganisationRow]:
    """The open organisations at which a role is held; no statement where there are none."""
    held = {grant.organisation for grant in actor.grants if grant.organisation is not None}
    return [row for row in organisations_by_id(held).values() if row.closed_on is None] if held else []


View = Callable[Concatenate[Desk, P], HttpResponseBase]


def page(*powers: str, own: bool = False) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page of the desk that any one of these powers, held at its county, opens.

    Args:
        own: it opens also to who holds a power at an organisation of the county, and its queries and verbs
            keep them to what is that organisation's.
    """

    def opens(view: View[P]) -> Callable[..., HttpResponse]:
        def opened(request: HttpRequest, /, county: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_from(request)
            kept = frozenset(row.id for row in kept_by(actor) if row.county == county)
            desk = Desk(request, actor, county, kept)
            if not (own and desk.keeps(*powers)):
                desk.require(*powers)
            answer = view(desk, *args, **kwargs)
            return cast("HttpResponse", answer)  # a download is one in all but name

        shown: Callable[..., HttpResponse] = staff(opened)
        functools.update_wrapper(shown, view)
        return shown

    return opens
