"""Addresses that hear the county's events: asked for, ended, taken up again, and the log of what was sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid, Missing, Refusal
from countyfair.outreach.webhooks import actions, queries
from countyfair.outreach.webhooks.rules import KINDS
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import HOOKED, TRIED
from countyfair.surfaces.ui.given import Given


@page("webhook.read")
def webhooks(desk: Desk) -> HttpResponse:
    """Addresses of the county, the newest first."""
    found = queries.webhooks(
        desk.actor, county=desk.county, before=parse_uuid(desk.request.GET.get("after", "")), limit=ROWS + 1
    )
    context = {"leaf": leaf(desk.request, found, lambda row: str(row.id)), "kinds": KINDS}
    return desk.show("webhooks", context)


@page("webhook.manage")
def new(desk: Desk) -> HttpResponse:
    """Ask for events; the answer shows the secret, once. The form's id becomes the webhook's."""

    def show(refusal: Refusal | None, made: actions.Made | None = None) -> HttpResponse:
        kinds = [
            (name, kind.label) for name, kind in KINDS.items()
            if desk.actor.may(kind.power, place=desk.county)
        ]  # fmt: skip
        context = {
            "made": made, "kinds": kinds, "typed": desk.request.POST,
            "chosen": desk.request.POST.getlist("kinds"),
            "once": desk.request.POST.get("once") if isinstance(refusal, Invalid) else None,
            "rotated": False,
        }  # fmt: skip
        return desk.show("webhook_new", context, refusal=refusal)

    def act(given: Given) -> HttpResponse:
        made = actions.subscribe(
            desk.actor, subscription=ui.once(desk.request), county=desk.county, url=given.text("url"),
            kinds=given.many("kinds"),
        )  # fmt: skip
        return show(None, made)

    return desk.asks(show, act)


@page("webhook.read")
def webhook(desk: Desk, key: UUID) -> HttpResponse:
    """One address with what was sent to it; filter: state. `act` renews its secret, ends it, takes it up."""
    row = queries.webhook(desk.actor, county=desk.county, subscription=key)

    def act(given: Given) -> HttpResponse:
        match given.text("act"):
            case "end":
                actions.end(desk.actor, county=desk.county, subscription=key)
                return desk.go("webhook", key, said=_("It hears nothing more."))
            case "rotate" | "replace" as how:
                made = actions.rotate(
                    desk.actor, county=desk.county, subscription=key, at_once=how == "replace"
                )
                return desk.show("webhook_new", {"made": made, "rotated": True})
            case "take_up":
                actions.take_up(desk.actor, county=desk.county, subscription=key)
                return desk.go("webhook", key, said=_("It hears again what happens from now on."))
        raise Missing(_("There is no such button."))

    def show(refusal: Refusal | None) -> HttpResponse:
        asked = desk.request.GET
        state = asked.get("state", "")
        found = queries.deliveries(
            desk.actor, county=desk.county, subscription=key, state=state if state in HOOKED else "",
            before=parse_uuid(asked.get("after", "")), limit=ROWS + 1,
        )  # fmt: skip
        context = {
            "row": row, "leaf": leaf(desk.request, found, lambda one: str(one.id)), "kinds": KINDS,
            "states": HOOKED, "tried": TRIED, "asked": asked,
        }  # fmt: skip
        return desk.show("webhook", context, refusal=refusal)

    return desk.asks(show, act)


@page("webhook.read")
def tries(desk: Desk, key: UUID) -> HttpResponse:
    """Every try of one delivery. Sent: once more, as it was."""

    def act(given: Given) -> HttpResponse:
        actions.replay(desk.actor, county=desk.county, delivery=key)
        return desk.go("webhook_tries", key, said=_("It is sent once more."))

    def show(refusal: Refusal | None) -> HttpResponse:
        whose, row, found = queries.delivery(desk.actor, county=desk.county, delivery=key)
        context = {
            "whose": whose,
            "row": row,
            "tries": found,
            "kinds": KINDS,
            "states": HOOKED,
            "tried": TRIED,
        }
        return desk.show("webhook_tries", context, refusal=refusal)

    return desk.asks(show, act)
