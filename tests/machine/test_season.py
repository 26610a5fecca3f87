"""Whatever people do, in whatever order and at whatever time, goods and money are all there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from countyfair.kernel.clock import at
from countyfair.registers.people import sms
from countyfair.trade.orders.tests.factories import a_fair
from countyfair.trade.payments.gateways.sandbox.provider.server import open_provider, serving
from countyfair.trade.payments.gateways.wechat import channel
from countyfair.trade.payments.tests.doubles import alipay as alipays
from countyfair.trade.payments.tests.doubles import wechat as wechats
from countyfair.trade.payments.tests.doubles.keys import a_certificate
from countyfair.trade.trace.tests.factories import Gateway
from tests.machine import books
from tests.machine.season import BEGIN, RULES
from tests.machine.told import OUTCOMES, STORIES, SURE, TOLD
from tests.machine.whole import WholeSeason

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fair(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A county with a station, two households, terms and freight, opened before the season begins.

    Its provider is at work, and knows every season's payments by their ids.
    """
    with at(BEGIN):
        WholeSeason.fair = a_fair(lots=(500,))
    books.forget_the_season()
    WholeSeason.tally.clear()
    WholeSeason.messages = Gateway()
    monkeypatch.setitem(cast("dict[str, object]", sms.PROVIDERS), "console", WholeSeason.messages)
    provider = open_provider(tmp_path, key=settings.COUNTYFAIR_SANDBOX_KEY)
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with (
        serving(provider) as address,
        wechats.at_work(tmp_path, settings) as WholeSeason.wechat,
        alipays.at_work(tmp_path, settings) as WholeSeason.alipay,
    ):
        settings.COUNTYFAIR_SANDBOX_URL = address
        WholeSeason.provider = provider
        key, _certificate = WholeSeason.wechat.keys[0]
        WholeSeason.wechat.keys[0] = (key, a_certificate(key, begins=BEGIN - timedelta(days=1), days=3650))
        yield
    provider.store.close()
    del WholeSeason.fair, WholeSeason.provider, WholeSeason.messages, WholeSeason.wechat, WholeSeason.alipay


def play(seasons: int, steps: int, *, same_each_time: bool, shortened: bool = False) -> None:
    """Play so many seasons of so many steps. A failure is `shortened` to its least steps, in minutes."""
    run_state_machine_as_test(
        WholeSeason,
        settings=settings(
            max_examples=seasons,
            stateful_step_count=steps,
            derandomize=same_each_time,
            phases=[Phase.generate, Phase.shrink] if shortened else [Phase.generate],
            print_blob=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_whatever_happens_in_a_season_goods_and_money_are_all_there(fair: None) -> None:
    play(70, 50, same_each_time=True)
    missed = _without_a_turn()
    assert missed <= SURE
    assert len(missed) <= 3


@pytest.mark.nightly
def test_whatever_happens_in_a_long_season_goods_and_money_are_all_there(fair: None) -> None:
    play(600, 150, same_each_time=False, shortened=True)
    missed = {what for what in (*OUTCOMES, *TOLD) if not WholeSeason.tally[what]}
    assert missed <= TOLD, "what no season told by hand comes to, chance has to"
    assert len(missed) <= 3


@pytest.mark.slow
def test_a_season_told_by_hand_comes_to_all_that_each_subject_can_come_to(fair: None) -> None:
    """What chance need not meet in so few seasons: each subject's own ends, one after the other."""
    for tell in STORIES:
        season = WholeSeason()
        season.open(cap=None, ways=[], plenty=True)
        try:
            tell(season)
            season.nothing_is_wrong()
        finally:
            season.teardown()
    assert {what for what in TOLD if not WholeSeason.tally[what]} == set()
    assert _without_a_turn() & SURE == set()


def _without_a_turn() -> set[str]:
    return {name for name in RULES if not WholeSeason.tally[f"rule {name}"]}
