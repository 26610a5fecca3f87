"""Whatever people do, in whatever order and at whatever time, goods and money are all there."""

from __future__ import annotations

from collections.abc import Iterator
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
from countyfair.trade.trace.tests.factories import Gateway
from tests.machine import books
from tests.machine.season import BEGIN
from tests.machine.whole import WholeSeason

pytestmark = pytest.mark.django_db(transaction=True)

#: What a run must have done at least once, or it proves less than it says.
TRIED = {
    "weigh in", "recount", "recount and release", "write off", "change a cap", "change a price", "take down",
    "order", "order at the counter", "press twice", "other content: refused", "order: refused",
    "notice in time", "notice twice", "notice paid twice", "notice forged", "notice wrong amount",
    "notice early", "pay cash", "cancel", "cancel: refused", "pack", "hand over", "deliver",
    "refund part of delivered", "refund part of completed", "refund all of delivered",
    "refund all of completed", "refund answered done", "refund answered refused", "hand back cash",
    "paid in silence", "found by the job", "silence broken", "asked at once: awaiting is paid",
    "asked at once: expired is paid", "given back by the provider", "count a till: refused",
    "till counted even, some banked", "till counted short, some banked", "till counted over, none banked",
    "prepare a payout", "payout: send", "payout: withdraw", "payout: by the same: refused",
    "the bank says paid", "the bank says returned", "refund after payout",
    "refused SoldOut", "refused Stale", "refused Conflict", "refused Forbidden",
}  # fmt: skip


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
    with serving(provider) as address:
        settings.COUNTYFAIR_SANDBOX_URL = address
        WholeSeason.provider = provider
        yield
    provider.store.close()
    del WholeSeason.fair, WholeSeason.provider, WholeSeason.messages


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
    play(40, 60, same_each_time=True)


@pytest.mark.nightly
def test_whatever_happens_in_a_long_season_goods_and_money_are_all_there(fair: None) -> None:
    play(600, 150, same_each_time=False, shortened=True)
    assert {what for what in TRIED if not WholeSeason.tally[what]} == set()
