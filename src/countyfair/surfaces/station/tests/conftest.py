"""A county at work, its agent signed in with a second factor, and people who have no business there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import an_actor
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces.ui.actor import SECOND_FACTOR
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import pay

OTHER = "450225100201"


def signed_in(actor: Actor, *, second_factor: bool = True) -> Client:
    """A browser in English of somebody who has signed in."""
    user = get_user_model().objects.get(pk=str(actor.user_id))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    if second_factor:
        session = client.session
        session[SECOND_FACTOR] = str(user.pk)
        session.save()
    return client


@dataclass(frozen=True, slots=True)
class Counter:
    """One station, its agent's browser, and what happens there."""

    fair: Fair
    client: Client

    @property
    def at(self) -> StationRow:
        return stations.station(self.fair.station)

    def link(self, name: str, *args: object) -> str:
        return reverse(f"station:{name}", args=[self.fair.station, *args])

    def get(self, name: str, *args: object, **query: str) -> tuple[int, str]:
        """Status and text of a page."""
        answer = self.client.get(self.link(name, *args), query)
        return answer.status_code, answer.content.decode()

    def post(self, name: str, *args: object, **form: object) -> tuple[int, str]:
        """Status and text of the answer to a form, or the address it leads to."""
        form.setdefault("once", uuid7())
        answer = self.client.post(self.link(name, *args), form)
        return answer.status_code, answer.headers.get("Location") or answer.content.decode()

    def paid(self, **wanted: Any) -> Placed:
        placed = place(self.fair, **wanted)
        pay(self.fair, placed)
        return placed

    def packed(self, placed: Placed | None = None, **wanted: Any) -> tuple[Placed, str]:
        """A packed order and its pick-up code."""
        placed = placed or self.paid(**wanted)
        done = actions.pack(self.fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600)
        return placed, done.pickup_code


@pytest.fixture
def counter(db: None) -> Counter:
    cache.clear()
    fair = a_fair()
    return Counter(fair, signed_in(fair.agent))


@pytest.fixture
def strangers(counter: Counter) -> list[Client]:
    """An agent of another village, an auditor, a buyer."""
    return [
        signed_in(an_actor("station_agent", place=OTHER)),
        signed_in(an_actor("auditor")),
        signed_in(an_actor()),
    ]


def state(placed: Placed | UUID) -> str:
    """Where an order stands."""
    key = placed.order if isinstance(placed, Placed) else placed
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [key]))
