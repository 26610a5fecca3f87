"""What was weighed stays goods and what had its days opened a service, whoever changes the product."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Conflict, Stale
from countyfair.registers.people.tests.factories import SYSTEM, a_household
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.tests import factories
from countyfair.trade.stock import actions
from countyfair.trade.stock.actions.offering import Outlet
from countyfair.trade.stock.actions.pooling import pool_called
from countyfair.trade.stock.tests.factories import a_harvest, a_lot

pytestmark = pytest.mark.django_db
FACTS = factories.facts()
SERVICE = dataclasses.replace(FACTS, kind="service", unit=Unit.PIECE, category="service")


def refused(product: UUID, **changes: Any) -> str | None:
    """At which field another product's facts are refused."""
    facts = dataclasses.replace(FACTS, **changes)
    with pytest.raises(Conflict) as told:
        catalog.change_product(SYSTEM, product=product, facts=facts)
    return told.value.field


def test_a_product_of_which_nothing_was_weighed_may_become_a_service() -> None:
    product = factories.a_product(said=FACTS)
    assert catalog.change_product(SYSTEM, product=product, facts=SERVICE).kind == "service"
    assert catalog.change_product(SYSTEM, product=product, facts=FACTS).kind == "goods"


def test_what_was_weighed_stays_goods_in_its_unit_but_may_be_called_otherwise() -> None:
    product = factories.a_product(said=FACTS)
    a_lot(product=product)
    assert refused(product, kind="service") == "kind"
    assert refused(product, unit=Unit.PIECE) == "unit"
    renamed = dataclasses.replace(FACTS, name_zh="样例新名")
    assert catalog.change_product(SYSTEM, product=product, facts=renamed).name_zh == "样例新名"


def test_what_is_sold_ahead_stays_goods_before_any_of_it_is_weighed() -> None:
    product = factories.a_product(said=FACTS)
    harvest = a_harvest(a_household(), product)
    actions.open_cycle(
        SYSTEM, cycle=uuid7(), harvests=[harvest], pack=factories.a_pack(product=product), price=Money(900),
        outlets=[Outlet(uuid7(), "shop")], closes_at=now() + timedelta(days=1),
    )  # fmt: skip
    assert refused(product, kind="service") == "kind"


def test_a_service_with_a_day_that_was_opened_stays_one_after_the_day_was_closed_again() -> None:
    household = a_household()
    shop = catalog.open_household_shop(
        SYSTEM, shop=uuid7(), household=household, name_zh="样例农家", licence_number="样例-0"
    ).id
    product = factories.a_product(shop=shop, said=SERVICE)
    for places in (2, 0):
        actions.open_days(
            SYSTEM, household=household, product=product, days=[today() + timedelta(days=3)], places=places
        )
    with pytest.raises(Conflict) as told:
        catalog.change_product(
            SYSTEM, product=product, facts=dataclasses.replace(SERVICE, kind="goods", category="grain")
        )
    assert told.value.field == "kind"


def test_who_weighs_while_the_product_becomes_a_service_is_asked_to_look_again() -> None:
    product = factories.a_product(said=SERVICE)
    with pytest.raises(Stale):
        pool_called(SYSTEM, FACTS.place[:6], product, "", kind="goods")
