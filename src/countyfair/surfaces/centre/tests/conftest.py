"""A county at work for tests of the desk, and browsers of those who work in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import DjangoDbBlocker

from countyfair.kernel.rows import scalar
from countyfair.registers.people.queries import household_labels
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments.actions import take_cash
from tests.databases import empty


@dataclass(frozen=True, slots=True)
class County:
    """A county with one paid order and one unpaid."""

    fair: Fair
    paid: UUID
    unpaid: UUID

    @property
    def code(self) -> str:
        return self.fair.county

    @property
    def shop(self) -> UUID:
        return UUID(
            str(scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [self.fair.stall.product]))
        )

    @property
    def organisation(self) -> UUID:
        return UUID(str(scalar("SELECT organisation_id FROM catalog_shop WHERE id = %s", [self.shop])))

    @property
    def household(self) -> UUID:
        return self.fair.households[0]

    @property
    def household_number(self) -> str:
        return household_labels([self.household])[self.household].number

    def at(self, tail: str = "") -> str:
        return f"/centre/{self.code}/{tail}"


def paid_order(fair: Fair, packs: int = 1) -> UUID:
    """An order paid in cash; tests share one transaction, so the news is told by hand."""
    placed = place(fair, packs=packs)
    take_cash(fair.agent, intent=placed.intent, station=fair.station)
    capture = UUID(str(scalar("SELECT id FROM payments_capture WHERE intent_id = %s", [placed.intent])))
    mark_paid(SYSTEM, captured=[Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)])
    return placed.order


def body(answer: HttpResponseBase) -> bytes:
    """The whole of an answer, streamed or not; its files are closed, the test's connection stays open."""
    whole = b"".join(cast("Iterator[bytes]", answer))
    for close in getattr(answer, "_resource_closers", ()):
        close()
    return whole


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[County]:
    """One county for a module: each test takes back what it did."""
    with django_db_blocker.unblock():
        empty()
        fair = a_fair()
        made = County(fair, paid_order(fair), place(fair).order)
    yield made
    with django_db_blocker.unblock():
        empty()


@pytest.fixture
def staff() -> Client:
    return signed_in("centre_staff")


@pytest.fixture
def admin() -> Client:
    return signed_in("county_admin")


@pytest.fixture
def finance() -> Client:
    return signed_in("centre_finance")
