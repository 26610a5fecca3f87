"""Shops opened and their operators closed at the same moment, on a real PostgreSQL."""

from __future__ import annotations

from threading import Barrier
from uuid import UUID

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_organisation
from countyfair.registers.people.tests.test_at_once import AT_ONCE, together
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.actions import shops

pytestmark = pytest.mark.django_db(transaction=True)


def opened(shop: UUID, organisation: UUID, slug: str = "") -> UUID:
    return actions.open_shop(
        SYSTEM, shop=shop, county=COUNTY, name_zh="样例摊", slug=slug, organisation=organisation
    ).id


def looking_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody write before all have looked which address is free; once they write, they look alone."""
    looked, look = Barrier(AT_ONCE), shops._free_slug

    def slow(county: str, name_zh: str) -> str:
        found = look(county, name_zh)
        if not found[-1].isdigit():
            looked.wait(timeout=30)
        return found

    monkeypatch.setattr(shops, "_free_slug", slow)


def test_shops_of_one_name_opened_at_once_get_addresses_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    looking_together(monkeypatch)
    operators = [an_organisation() for _one in range(AT_ONCE)]
    answers = together(lambda i: opened(uuid7(), operators[i]))
    assert all(isinstance(answer, UUID) for answer in answers), answers
    assert scalar("SELECT count(DISTINCT slug) FROM catalog_shop") == AT_ONCE


def test_one_address_asked_for_at_once_is_one_shop_s() -> None:
    operators = [an_organisation() for _one in range(AT_ONCE)]
    answers = together(lambda i: opened(uuid7(), operators[i], "stall"))
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert [str(one) for one in refused] == ["Another shop has this address."] * (AT_ONCE - 1)


def test_one_form_sent_at_once_is_one_shop() -> None:
    operator, shop = an_organisation(), uuid7()
    assert together(lambda _: opened(shop, operator)) == [shop] * AT_ONCE


def test_no_shop_stays_open_of_an_organisation_closed_at_the_same_moment() -> None:
    for _again in range(12):
        operator = an_organisation()

        def act(number: int, operator: UUID = operator) -> str:
            try:
                if number % 2:
                    opened(uuid7(), operator)
                else:
                    actions.close_operator(SYSTEM, organisation=operator)
            except Invalid as refusal:
                return str(refusal.field)
            return "done"

        together(act)
        assert (
            scalar(
                "SELECT count(*) FROM catalog_shop s JOIN people_organisation g ON g.id = s.organisation_id"
                " WHERE g.closed_on IS NOT NULL AND s.closed_on IS NULL"
            )
            == 0
        )
