"""A courier's round: what is out, and what became of each parcel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Forbidden, Invalid, Refusal, Sentence
from countyfair.surfaces import ui
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.rules import MOST_TRIES
from countyfair.trade.logistics.rules.reasons import AT_DOOR, REASONS, in_words
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import rounds
from countyfair.trade.orders.rules.contact import Contact

#: The power that makes a round somebody's.
CARRIES = "orders.deliver"
LONGEST = 200
#: Parcels on one page of the round.
ROWS = 60
#: Why a parcel could not be given: what is chosen, its words, a hint, a picture.
CHOICES = tuple((key, REASONS[key].word, "", REASONS[key].icon) for key in AT_DOOR)


@staff
def round_(request: HttpRequest) -> HttpResponse:
    """What is out: doors by place, then stations; page by page, with how many there are in all."""
    actor = _carrier(request)
    after = parse_uuid(request.GET.get("after", ""))
    found = rounds.to_bring(actor, after=after, limit=ROWS + 1)
    shown = found[:ROWS]
    context = {
        "doors": [row for row in shown if row.station is None],
        "stops": [row for row in shown if row.station is not None],
        "out": rounds.how_many(actor), "ways": _ways(shown), "goes_on": after is not None,
        "further": shown[-1].order if len(found) > ROWS else None,
    }  # fmt: skip
    return _page(request, "round", context)


@staff
def parcel(request: HttpRequest, order: UUID) -> HttpResponse:
    """One parcel: what it is, where it goes, and what became of it."""
    return _parcel(request, _carrier(request), order)


@staff
def call(request: HttpRequest, order: UUID) -> HttpResponse:
    """Open whom to call and which door it is: shown once, and put on record."""
    actor = _carrier(request)
    rounds.brought(actor, order_id=order)
    contact = actions.open_contact(actor, order_id=order, purpose="deliver")
    return _parcel(request, actor, order, contact=contact)


@staff
def delivered(request: HttpRequest, order: UUID) -> HttpResponse:
    """Somebody has it: who."""

    def act(actor: Actor) -> None:
        evidence = _text(request, "evidence")
        if not evidence:
            raise Invalid(_("Write who took it, or what you saw."), field="evidence")
        actions.deliver(actor, order_id=order, evidence=evidence)

    return _act(request, order, act, _("Delivered."))


@staff
def failed(request: HttpRequest, order: UUID) -> HttpResponse:
    """Nobody has it: why."""

    def act(actor: Actor) -> None:
        chosen, note = request.POST.get("reason", ""), _text(request, "note")
        actions.fail_delivery(actor, order_id=order, reason=chosen, note=note)

    return _act(request, order, act, _("Noted. Bring it back, or try again."))


@staff
def again(request: HttpRequest, order: UUID) -> HttpResponse:
    """It goes along once more."""

    def act(actor: Actor) -> None:
        actions.send_out_again(actor, order_id=order)

    return _act(request, order, act, _("It goes along again."))


@staff
def arrived(request: HttpRequest, order: UUID) -> HttpResponse:
    """It lies at the station where its buyer picks it up."""

    def act(actor: Actor) -> None:
        row = rounds.brought(actor, order_id=order)
        if row.station is None:
            raise Invalid(_("This parcel goes to a door."))
        logistics.arrive(actor, parcel=row.parcel, station=row.station)

    return _act(request, order, act, _("It lies at the station."))


def _carrier(request: HttpRequest) -> Actor:
    actor = actor_from(request)
    if not actor.holds(CARRIES):
        raise Forbidden(_("You deliver nothing here. Ask your county centre."))
    return actor


def _act(request: HttpRequest, order: UUID, act: Callable[[Actor], None], done: Sentence) -> HttpResponse:
    """Do what a button of a parcel's page says, and go back to the round; a mistake keeps the page."""
    actor = _carrier(request)
    rounds.brought(actor, order_id=order)
    try:
        act(actor)
    except Correctable as refusal:
        return _parcel(request, actor, order, refusal=refusal)
    ui.flash(request, done)
    return HttpResponseRedirect(reverse("courier:round"))


def _parcel(
    request: HttpRequest,
    actor: Actor,
    order: UUID,
    *,
    contact: Contact | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    row = rounds.brought(actor, order_id=order)
    context = {
        "row": row, "why": in_words(row.why), "contact": contact, "ways": _ways([row]),
        "reasons": CHOICES, "most_tries": MOST_TRIES,
        "typed": request.POST, "errors": [(refusal.field or "", refusal.sentence)] if refusal else [],
        "wrong": refusal.field if refusal else "", "scans": actor.holds("logistics.scan"),
    }  # fmt: skip
    return _page(request, "parcel", context, status=refusal.status if refusal else 200)


def _page(
    request: HttpRequest, name: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the round, kept by no cache: going back asks again."""
    answer = ui.render(
        request, f"courier/{name}.html", {"said": said, **context}, surface="station", status=status
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _ways(found: list[rounds.ToBring]) -> dict[str, object]:
    """Where each destination is: county, township and village as people call them."""
    steps = {
        row.destination: [row.destination[:n] for n in (6, 9, 12) if len(row.destination) >= n]
        for row in found
    }
    names = places.names({code for codes in steps.values() for code in codes})
    return {
        destination: [names[code] for code in codes if code in names] for destination, codes in steps.items()
    }


def _text(request: HttpRequest, name: str) -> str:
    given = Given(request.POST)
    text = given.text(name, most=LONGEST)
    given.stop()
    return text
