"""Many offers at once: ticked on the list, changed by one verb, shown as one change, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.views.offers import offer_list
from countyfair.surfaces.centre.words import OFFERS, OUTLETS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.bulk import bulk_change, bulk_lines
from countyfair.trade.catalog.rules.bulk import Edit

#: Offers of a change that its page lists.
SHOWN = 100


@page("catalog.offer", own=True)
def edit(desk: Desk) -> HttpResponse:
    """Change the ticked offers: price, window, or off the shelf, as the pressed button says."""
    given = Given(desk.request.POST)
    try:
        seen = _ticked(given)
        wanted = _edit(given)
        given.stop()
        done = actions.edit_offers(
            desk.actor, change=ui.once(desk.request), county=desk.county, seen=seen, edit=wanted
        )
    except (Invalid, Conflict) as refusal:
        return offer_list(desk, refusal)
    return desk.go("offers_changed", done.id)


@page("catalog.offer", own=True)
def changed(desk: Desk, key: UUID) -> HttpResponse:
    """What a change of many offers did, and the button that takes it back."""
    return _changed(desk, key)


@page("catalog.offer", own=True)
def undo(desk: Desk, key: UUID) -> HttpResponse:
    """Give all of its offers their terms back, if nobody has changed them since."""
    desk.own(lambda: bulk_change(desk.actor, change=key), lambda found: found.county)
    try:
        done = actions.undo_bulk(desk.actor, change=key, undo=ui.once(desk.request))
    except (Invalid, Conflict) as refusal:
        return _changed(desk, key, refusal)
    return desk.go("offers_changed", done.id, said=_("It is undone."))


def _changed(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    head = desk.own(lambda: bulk_change(desk.actor, change=key), lambda found: found.county)
    context = {
        "head": head, "rows": bulk_lines(desk.actor, change=key, limit=SHOWN), "states": OFFERS,
        "outlets": OUTLETS, "said": said, "once": uuid7(),
        "people": colleagues(desk.actor, county=desk.county, keys=[head.actor]),
    }  # fmt: skip
    return desk.show("offers_changed", context, refusal=refusal)


def _ticked(given: Given) -> dict[UUID, int]:
    """The ticked offers with the versions that the page showed."""
    seen = {}
    for text in given.many("offer"):
        key, _mark, version = text.partition(":")
        offer = parse_uuid(key)
        if offer is not None and version.isascii() and version.isdecimal() and len(version) < 10:
            seen[offer] = int(version)
    if not seen:
        raise Invalid(_("Tick the offers first."), field="offer")
    return seen


def _edit(given: Given) -> Edit:
    match given.text("what"):
        case "price":
            return Edit(percent=given.rate("percent"))
        case "window":
            return Edit(window=(given.moment("opens_at"), given.moment("closes_at")))
        case "down":
            return Edit(take_down=True)
    raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
