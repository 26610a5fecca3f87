"""Stations and their agents, made through the room's own verbs."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM, VILLAGE, a_user
from countyfair.registers.stations import actions


def a_station(*, place: str = VILLAGE, kind: str = "village", name: str = "样例村服务站") -> UUID:
    return actions.open_station(SYSTEM, place=place, kind=kind, name=name)


def an_agent(station: UUID) -> Actor:
    """A new user who works at the station."""
    user = a_user(name="样例·站长")
    actions.appoint_agent(SYSTEM, station=station, user=user)
    return people.actor_of(user)
