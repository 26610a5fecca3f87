"""The benchmark's own arithmetic, on figures that can be reckoned by hand."""

from __future__ import annotations

import pytest

from benchmarks.figures import (
    NOTHING,
    Cost,
    Line,
    Report,
    each_ms,
    middle,
    pgbench_transactions,
    ratio,
    statements,
    written,
)

LOG = """\
bench-web|LOG:  statement: BEGIN
bench-web|LOG:  execute <unnamed>: SELECT set_config('countyfair.actor', $1, true)
bench-web|DETAIL:  Parameters: $1 = 'guest:execute x: y'
bench-buyer|LOG:  statement: SELECT 1
bench-web|LOG:  execute _pg3_7: SELECT d.id,
\td.name FROM catalog_product d
|LOG:  received SIGHUP, reloading configuration files
bench-web|LOG:  statement: COMMIT
"""


def test_the_cost_of_an_operation_is_that_of_application_and_database() -> None:
    cost = Cost(operations=50, application=0.4, database=0.1, wall=1.0)
    assert (cost.application_ms, cost.database_ms, cost.cpu_ms, cost.wall_ms) == pytest.approx((8, 2, 10, 20))


def test_rounds_add_up_before_they_are_divided() -> None:
    """A round of few operations must not weigh as much as one of many."""
    both = Cost(1, 0.010, 0.0, 0.01) + Cost(99, 0.099, 0.0, 0.1)
    assert both.cpu_ms == pytest.approx(1.09)
    assert NOTHING + both == both


def test_an_empty_run_is_no_quick_one() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        each_ms(0.0, 0)
    with pytest.raises(ValueError, match="nothing was measured"):
        middle([])


def test_a_ratio_says_how_many_times_pgbench_it_is() -> None:
    assert ratio(3.0, 1.5) == 2.0
    with pytest.raises(ValueError, match="nothing to compare"):
        ratio(1.0, 0.0)


def test_one_disturbed_round_does_not_move_the_middle() -> None:
    assert middle([2.0, 2.1, 90.0]) == 2.1


def test_every_statement_of_one_program_is_counted_and_nobody_elses() -> None:
    found = statements(LOG, "bench-web")
    assert [text.split()[0] for text in found] == ["BEGIN", "SELECT", "SELECT", "COMMIT"]


def test_a_limit_is_kept_up_to_itself() -> None:
    kept = Line("", "six", {"statements": 6}, ("statements", 6))
    missed = Line("", "seven", {"statements": 7}, ("statements", 6))
    free = Line("", "unlimited", {"statements": 99})
    assert (kept.is_kept, missed.is_kept, free.is_kept) == (True, False, None)
    assert Report([kept, missed, free]).missed == [missed]


@pytest.mark.parametrize(
    ("value", "text"), [(0.123, "0.12"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1,234"), (6.0, "6")]
)
def test_figures_are_written_as_far_as_they_matter(value: float, text: str) -> None:
    assert written(value) == text


def test_pgbench_is_taken_at_its_word() -> None:
    assert pgbench_transactions("number of transactions actually processed: 1005\ntps = 335") == 1005
    with pytest.raises(ValueError, match="pgbench said nothing"):
        pgbench_transactions("pgbench: error")
