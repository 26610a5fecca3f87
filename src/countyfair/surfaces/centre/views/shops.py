"""Shops: opening, changing, closing; and what a shop's own people sold."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.registers.people import queries as known
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_name, after_two_keys, by_key, leaf
from countyfair.surfaces.centre.words import OPERATORS, ORDERS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.keepers import BACKGROUNDS, MISSING
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.rules.keeping import licence_asked, licence_missing
from countyfair.trade.orders.queries.sales import sold


@page("catalog.read", own=True)
def shops(desk: Desk) -> HttpResponse:
    """The county's shops by name; with `closed`, those that are over too."""
    asked = Given(desk.request.GET)
    found = queries.shops(
        county=desk.county,
        closed=bool(asked.text("closed")),
        text=asked.text("q"),
        after=after_name(desk.request),
        limit=ROWS + 1,
    )
    shown = leaf(desk.request, found, lambda row: by_key(row.name_zh, row.id))
    context = {"leaf": shown, "kinds": OPERATORS, "asked": desk.request.GET, "said": said}
    return desk.show("shops", context)


@page("catalog.read", own=True)
def shop(desk: Desk, key: UUID) -> HttpResponse:
    """One shop: who runs it, and what it has."""
    return _shop(desk, key)


@page("catalog.manage")
def open_shop(desk: Desk) -> HttpResponse:
    """Open a shop for an organisation or a household of the county."""

    def act(given: Given) -> HttpResponse:
        opened_on, once = given.day("opened_on"), ui.once(desk.request)
        given.stop()
        organisation, household = _operator(desk, given)
        actions.open_shop(
            desk.actor,
            shop=once,
            county=desk.county,
            name_zh=given.text("name_zh"),
            name_en=given.text("name_en"),
            known_as=given.text("known_as"),
            organisation=organisation,
            household=household,
            licence_number=given.text("licence_number"),
            opened_on=opened_on,
        )
        return desk.go("shop", once, said=_("The shop is open. Add its products next."))

    return desk.asks(lambda refusal: _opening(desk, refusal), act)


@page("catalog.manage", own=True)
def change_shop(desk: Desk, key: UUID) -> HttpResponse:
    """Say something else of a shop."""
    row = _own_shop(desk, key)

    def act(given: Given) -> HttpResponse:
        opened_on = given.day("opened_on") or row.opened_on
        given.stop()
        actions.change_shop(
            desk.actor,
            shop=key,
            name_zh=given.text("name_zh"),
            name_en=given.text("name_en"),
            known_as=given.text("known_as"),
            licence_number=given.text("licence_number"),
            opened_on=opened_on,
        )
        return desk.go("shop", key, said=_("Saved. What was sold keeps what it said then."))

    return desk.asks(lambda refusal: _changing(desk, row, refusal), act)


@page("catalog.manage")
def close_shop(desk: Desk, key: UUID) -> HttpResponse:
    """Ask, then close a shop that sells nothing any more."""
    row = _own_shop(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        if refusal is not None:
            return _shop(desk, key, refusal)
        return desk.show("shop_close", {"shop": row, "said": said})

    def act(_given: Given) -> HttpResponse:
        actions.close_shop(desk.actor, shop=key)
        return desk.go("shop", key, said=_("The shop is closed."))

    return desk.asks(show, act)


@page("orders.read", own=True)
def sales(desk: Desk) -> HttpResponse:
    """What the shops of one's own organisation sold, the newest first; nothing of who bought."""
    found = sold(desk.actor, county=desk.county, before=after_two_keys(desk.request), limit=ROWS + 1)
    shown = leaf(desk.request, found, lambda row: by_key(row.order, row.id))
    return desk.show("sales", {"leaf": shown, "states": ORDERS, "said": said})


def _operator(desk: Desk, given: Given) -> tuple[UUID | None, UUID | None]:
    """The organisation that was chosen, or the household whose number was written."""
    if given.text("run_by") != "household":
        return given.key("organisation"), None
    number = given.text("household")
    found = known.households(desk.actor, county=desk.county, number=number, limit=2) if number else []
    household = next((row.id for row in found if row.number == number), None)
    if household is None:
        raise Invalid(_("No household of this county has this number."), field="household")
    return None, household


def _own_shop(desk: Desk, key: UUID) -> queries.ShopSeen:
    return desk.own(lambda: queries.shop_whole(desk.actor, shop=key), lambda row: row.county)


def _shop(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = _own_shop(desk, key)
    asked = licence_asked(row.operator_kind, row.categories)
    missing = MISSING[asked] if licence_missing(asked, row.licence_number, row.registration_number) else ""
    context = {"shop": row, "kinds": OPERATORS, "said": said, "backgrounds": BACKGROUNDS, "missing": missing}
    return desk.show("shop", context, refusal=refusal)


def _opening(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    choices = [(row.id, row.name) for row in known.organisations(desk.actor, county=desk.county)]
    return desk.show(
        "shop_form",
        {
            "shop": None,
            "typed": {"opened_on": today().isoformat()} | desk.request.POST.dict(),
            "once": desk.request.POST.get("once"),
            "organisations": choices,
            "said": said,
        },
        refusal=refusal,
    )


def _changing(desk: Desk, row: queries.ShopSeen, refusal: Refusal | None = None) -> HttpResponse:
    stands = {
        "name_zh": row.name_zh, "name_en": row.name_en, "known_as": row.known_as,
        "licence_number": row.licence_number,
        "opened_on": row.opened_on.isoformat(),
    }  # fmt: skip
    typed = {**stands, **desk.request.POST.dict()}
    context = {"shop": row, "typed": typed, "once": None, "organisations": [], "said": said}
    return desk.show("shop_form", context, refusal=refusal)
