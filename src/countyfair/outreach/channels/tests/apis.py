"""A platform's double at work, and the client that speaks with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from countyfair.outreach.channels.platforms import PLATFORMS, speaking
from countyfair.outreach.channels.platforms.shape import Client, Credentials
from countyfair.outreach.channels.tests.doubles.douyin import Douyin
from countyfair.outreach.channels.tests.doubles.pinduoduo import Pinduoduo
from countyfair.outreach.channels.tests.doubles.taobao import Taobao
from countyfair.outreach.channels.tests.doubles.web import serving

Double = Pinduoduo | Douyin | Taobao
DOUBLES: dict[str, type[Double]] = {
    "pinduoduo": Pinduoduo, "douyin": Douyin, "taobao": Taobao,
}  # fmt: skip


@contextmanager
def at_work(name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """The double of a platform, where our clients look for it; nobody waits long."""
    double = DOUBLES[name]()
    monkeypatch.setattr(speaking, "PAUSES", (0.0, 0.01))
    monkeypatch.setattr(speaking, "PATIENCE", 0.4)
    monkeypatch.setattr(speaking, "LONGEST", 0.8)
    monkeypatch.setattr(speaking, "THROTTLED", 0.01)
    with serving(double) as url:
        setattr(settings, f"COUNTYFAIR_{name.upper()}_URL", url)
        yield double


def credentials(double: Double, **other: str) -> Credentials:
    return Credentials(
        other.get("app_key", double.app_key), other.get("app_secret", double.app_secret), "S-1",
        token=other.get("token", double.token), refresh=other.get("refresh", double.refresh),
    )  # fmt: skip


def client_of(name: str, double: Double, **other: str) -> Client:
    made = PLATFORMS[name].client
    assert made is not None
    return made(credentials(double, **other))
