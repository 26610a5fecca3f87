"""CPU of processes, from lines as the kernel writes them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

from benchmarks.cpu import TICK, read_stat, tree

LINE = (
    "4711 (postgres: a) b) S 42 4711 4711 0 -1 4194560 468 174 0 0 250 50 2091 997 20 0 1 0 528886 171360256"
)


def test_a_name_with_brackets_does_not_shift_the_fields() -> None:
    stat = read_stat(LINE)
    assert stat.parent == 42
    assert stat.own == pytest.approx(300 * TICK)
    assert stat.reaped == pytest.approx(3088 * TICK)


def test_a_tree_is_all_that_descends_from_a_process() -> None:
    assert tree(1, {1: 0, 2: 1, 3: 2, 4: 0, 5: 4}) == {1, 2, 3}
    assert tree(9, {1: 0}) == {9}


def test_work_of_a_child_counts_while_it_lives_and_after_it_was_waited_for() -> None:
    """In a process of its own: what else descends from this one may end meanwhile, and its work with it."""
    asked = (
        "import os, subprocess, sys\n"
        "from benchmarks.cpu import used_by\n"
        "before = used_by(os.getpid())\n"
        "subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'], check=True)\n"
        "print(used_by(os.getpid()) - before)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True, cwd=settings.ROOT
    )
    assert float(told.stdout) > 0.01
