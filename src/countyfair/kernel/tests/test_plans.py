"""Plans of statements: kept where a statement says so, compared anew elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from countyfair.kernel.plans import connected, keep_plans
from countyfair.kernel.rows import rows

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Mode:
    name: str


def _mode(*, keep_plan: bool) -> str:
    return rows("SELECT current_setting('plan_cache_mode')", into=Mode, keep_plan=keep_plan)[0].name


def test_a_statement_says_whether_its_plan_is_kept() -> None:
    asked = [_mode(keep_plan=keep) for keep in (False, True, True, False)]
    assert asked == ["auto", "force_generic_plan", "force_generic_plan", "auto"]


@pytest.mark.parametrize("keep", [True, False])
def test_what_is_rolled_back_is_not_believed_to_stand(keep: bool) -> None:
    before = _mode(keep_plan=keep)
    with transaction.atomic():
        meanwhile = _mode(keep_plan=not keep)
        transaction.set_rollback(True)
    assert meanwhile != before
    assert _mode(keep_plan=not keep) == meanwhile
    assert _mode(keep_plan=keep) == before


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_stands_in_the_transactions_after() -> None:
    with transaction.atomic():
        assert _mode(keep_plan=True) == "force_generic_plan"
    with transaction.atomic():
        assert _mode(keep_plan=True) == "force_generic_plan"
        assert _mode(keep_plan=False) == "auto"
        transaction.set_rollback(True)
    assert _mode(keep_plan=True) == "force_generic_plan"
    assert _mode(keep_plan=False) == "auto"


def test_a_kept_plan_is_one_for_all_values() -> None:
    @dataclass(frozen=True)
    class Found:
        number: int

    text = "SELECT u.number FROM unnest(%s::int[]) AS u (number) ORDER BY 1"
    for values in ([2, 1], [3], [5, 4, 6], [7], [8], [9], [10]):
        found = rows(text, [values], into=Found, keep_plan=True)
        assert [one.number for one in found] == sorted(values)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT u.number%"]
        )
        assert cursor.fetchall() == [(0,)]


def test_a_session_that_is_gone_is_told_as_any_other_fault_of_the_database() -> None:
    keep_plans(connected(), keep=False)
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SELECT 1 / 0")
    with pytest.raises(DatabaseError):
        keep_plans(connected(), keep=True)  # the transaction of this test is broken by now
