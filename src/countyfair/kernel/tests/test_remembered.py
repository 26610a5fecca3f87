"""What a process remembers for a while."""

from __future__ import annotations

import time
from collections.abc import Collection

import pytest
from pytest_django.fixtures import Settings

from countyfair.kernel.remembered import Remembered


@pytest.fixture(autouse=True)
def remembering(settings: Settings) -> None:
    settings.COUNTYFAIR_REMEMBER = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The process's own clock, to be moved."""
    hands = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: hands[0])
    return hands


def test_a_value_is_read_once_until_its_time_is_over(clock: list[float]) -> None:
    kept: Remembered[str, int] = Remembered(10)
    asked = iter((1, 2))
    assert kept.get("a", lambda: next(asked)) == 1
    clock[0] += 9.9
    assert kept.get("a", lambda: next(asked)) == 1
    clock[0] += 0.2
    assert kept.get("a", lambda: next(asked)) == 2


def test_only_what_is_not_known_is_read(clock: list[float]) -> None:
    kept: Remembered[str, str] = Remembered(10)
    asked: list[set[str]] = []

    def read(keys: Collection[str]) -> dict[str, str]:
        asked.append(set(keys))
        return {key: key.upper() for key in keys if key != "none"}

    assert kept.some({"a", "b"}, read) == {"a": "A", "b": "B"}
    assert kept.some({"b", "c", "none"}, read) == {"b": "B", "c": "C"}
    assert asked == [{"a", "b"}, {"c", "none"}]


def test_what_is_not_known_stays_bounded(clock: list[float]) -> None:
    kept: Remembered[int, int] = Remembered(10, most=3)
    for number in range(10):
        kept.some([number], lambda keys: {key: key for key in keys})
        assert len(kept._values) <= 3


def test_remembering_can_be_turned_off(settings: Settings) -> None:
    settings.COUNTYFAIR_REMEMBER = False
    kept: Remembered[str, int] = Remembered(10)
    asked = iter(range(9))
    assert kept.get("a", lambda: next(asked)) == 0
    assert kept.get("a", lambda: next(asked)) == 1


def test_a_failed_read_leaves_nothing() -> None:
    kept: Remembered[str, int] = Remembered(10)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7
