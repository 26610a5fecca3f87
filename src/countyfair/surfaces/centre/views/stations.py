"""Stations: where they stand, who works there, what lies in their tills."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.registers.ledger import queries as ledger
from countyfair.registers.people import queries as people
from countyfair.registers.stations import actions, queries
from countyfair.surfaces import ui
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import STATION_KINDS
from countyfair.surfaces.ui.given import Given


@page("station.read")
def stations(desk: Desk) -> HttpResponse:
    """The county's stations by place, with what the books say lies in each till."""
    asked = Given(desk.request.GET)
    found = queries.stations(
        county=desk.county, kind=asked.text("kind"), text=asked.text("q"), closed=bool(asked.text("closed"))
    )
    return desk.show(
        "stations",
        {
            "stations": found,
            "tills": _tills(desk),
            "kinds": STATION_KINDS,
            "asked": desk.request.GET,
        },
        codes=[row.place for row in found],
    )


@page("station.read")
def station(desk: Desk, key: UUID) -> HttpResponse:
    """One station and who works there."""
    return _station(desk, key)


@page("till.read")
def till(desk: Desk, key: UUID) -> HttpResponse:
    """The till of a station: what the books say, and its latest counts."""
    row = _own(desk, key)
    found = queries.till(desk.actor, station=row)
    return desk.show("till", {"station": row, "till": found, "kinds": STATION_KINDS}, codes=[row.place])


@page("station.manage")
def open_station(desk: Desk) -> HttpResponse:
    """Open a service point."""

    def act(given: Given) -> HttpResponse:
        place = given.text("place", need=_("Choose the place."))
        once = ui.once(desk.request)
        given.stop()
        if not place.startswith(desk.county):
            raise Invalid(_("Choose a place of this county."), field="place")
        key = actions.open_station(
            desk.actor,
            station_id=once,
            place=place,
            kind=given.text("kind"),
            name=given.text("name", most=80),
            name_en=given.text("name_en", most=120),
            address=given.text("address", most=200),
            phone=given.text("phone", most=20),
            hours=given.text("hours", most=60),
        )
        return desk.go("station", key, said=_("The station is open."))

    return desk.asks(lambda refusal: _opening(desk, refusal), act)


@page("station.manage")
def close(desk: Desk, key: UUID) -> HttpResponse:
    """Ask, then close a station; its agents' roles end with it."""
    row = _own(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        if refusal is not None:
            return _station(desk, key, refusal)
        return desk.show("station_close", {"station": row}, codes=[row.place])

    def act(_given: Given) -> HttpResponse:
        actions.close_station(desk.actor, station=key)
        return desk.go("station", key, said=_("The station is closed."))

    return desk.asks(show, act)


@page("station.manage")
def appoint(desk: Desk, key: UUID) -> HttpResponse:
    """Let somebody work a station: found by phone."""
    _own(desk, key)

    def act(given: Given) -> HttpResponse:
        phone = given.text("phone", need=_("Enter a phone number, for example 138 0013 8000."))
        given.stop()
        found = people.find_user(desk.actor, phone=phone, place=desk.county)
        if found is None:
            raise Invalid(
                _("Nobody signs in with this phone yet. Register them under People and roles."), field="phone"
            )
        actions.appoint_agent(desk.actor, station=key, user=found.id)
        return desk.go("station", key, said=_("The agent may work here now."))

    return desk.asks(lambda refusal: _station(desk, key, refusal), act)


@page("station.manage")
def dismiss(desk: Desk, key: UUID) -> HttpResponse:
    """End an agent's work at a station."""
    _own(desk, key)
    given = Given(desk.request.POST)
    user = given.key("user", need=_("Choose one from the list."))
    if user is not None:
        actions.dismiss_agent(desk.actor, station=key, user=user)
    return desk.go("station", key, said=_("The agent no longer works here."))


def _own(desk: Desk, key: UUID) -> queries.StationRow:
    return desk.own(lambda: queries.station(key), lambda row: row.county)


def _station(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = _own(desk, key)
    return desk.show(
        "station",
        {
            "station": row,
            "agents": queries.agents(desk.actor, station=key),
            "kinds": STATION_KINDS,
            "typed": desk.request.POST,
        },
        codes=[row.place],
        refusal=refusal,
    )


def _tills(desk: Desk) -> dict[str, int]:
    """What lies in each station's till by the books; empty for who may not know."""
    if not desk.may("till.read"):
        return {}
    return {row.owner: row.amount_fen for row in ledger.balances(county=desk.county, code="till")}


def _opening(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    return desk.show(
        "station_new",
        {
            "typed": desk.request.POST,
            "once": desk.request.POST.get("once"),
            "kinds": list(STATION_KINDS.items()),
            "villages": villages.choices(desk.county, whole=True),
        },
        refusal=refusal,
    )
