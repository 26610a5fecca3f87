"""A county's refunds are listed for who reads its payments, page by page."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Forbidden
from countyfair.registers.people.tests.factories import OTHER_COUNTY, an_actor
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, a_paid_intent

pytestmark = pytest.mark.django_db


def some(count: int) -> list[UUID]:
    """So many refunds of one payment, all asked at one moment, so that the key decides their order."""
    intent = a_paid_intent(3600)
    with clock.at(now()):
        return [
            actions.ask_refund(SYSTEM, source=f"return:{one}", intent=intent, amount_fen=100, reason="return")
            for one in range(count)
        ]


def test_refunds_come_page_by_page_without_gap_or_overlap(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made, finance = some(5), an_actor("centre_finance")
    seen: list[UUID] = []
    after = None
    with django_assert_num_queries(4):
        while found := queries.refunds(finance, county=COUNTY, after=after, limit=2):
            seen += [row.id for row in found]
            after = (found[-1].asked_at, found[-1].id)
    assert seen == sorted(made, reverse=True)


def test_one_state_goes_on_within_itself() -> None:
    made, finance = some(4), an_actor("centre_finance")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_refund SET state = 'failed' WHERE id = ANY (%s::uuid[])", [[made[0], made[2]]]
        )
    (last,) = queries.refunds(finance, county=COUNTY, state="failed", limit=1)
    assert last.id == max(made[0], made[2])
    (rest,) = queries.refunds(finance, county=COUNTY, state="failed", after=(last.asked_at, last.id))
    assert {last.id, rest.id} == {made[0], made[2]}
    assert queries.refunds(finance, county=COUNTY, state="done") == []


def test_refunds_are_shown_to_who_reads_the_county_s_payments() -> None:
    made = some(1)
    assert [row.id for row in queries.refunds(an_actor("auditor", place="45"), county=COUNTY)] == made
    assert queries.refunds(an_actor("centre_finance", place=OTHER_COUNTY), county=OTHER_COUNTY) == []
    for stranger in (an_actor(), an_actor("courier"), an_actor("centre_finance", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            queries.refunds(stranger, county=COUNTY)
