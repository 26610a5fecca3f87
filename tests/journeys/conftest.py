"""Journeys drive the same browser as the tests of components do."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from csp.utils import build_policy
from django.core.cache import cache
from pytest_django import Settings

from config.wiring import JOBS
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SHIPPED
from countyfair.surfaces.commands.sample.definition import sample_counties
from countyfair.surfaces.commands.sample.opening import open_county
from countyfair.surfaces.commands.sample.standing import Ids
from countyfair.surfaces.ui.middleware import ContentPolicy
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider, open_provider, serving
from tests.browser.visiting import PHONE, Visitor
from tests.journeys.walking import Walker

COUNTY = "450225"


@dataclass(frozen=True, slots=True)
class House:
    """The sample county with nothing weighed in yet, served, and a payment provider beside it."""

    visitor: Visitor
    provider: Provider
    provider_address: str

    def somebody(self, name: str, lang: str, *, width: int = PHONE, scripts: bool = True) -> Walker:
        """A person with a browser of their own."""
        person = self.visitor.person(lang=lang, width=width, scripts=scripts)
        return Walker(self.visitor, self.visitor.open("/", person), lang, name, scripts)

    def work(self) -> None:
        """What the worker does meanwhile: every recurring job once, and all news delivered."""
        for job in JOBS:
            deliver_everything()
            job.run()
        deliver_everything()

    def id(self, kind: str, key: str) -> UUID:
        """The id of a thing of the sample county."""
        return Ids(COUNTY).of(kind, key)


@dataclass(frozen=True, slots=True)
class Paying:
    """A payment provider on a port of its own, to whose page the house's forms may lead."""

    provider: Provider
    address: str


@pytest.fixture
def paying(
    visitor: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Paying]:
    settings.COUNTYFAIR_ORIGIN = visitor.address
    provider = open_provider(tmp_path / "provider", key=settings.COUNTYFAIR_SANDBOX_KEY, way="double", pace=0)
    with serving(provider) as address:
        settings.COUNTYFAIR_SANDBOX_URL = address
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"] = ["'self'", address]
        settings.CONTENT_SECURITY_POLICY = policy
        # the house is served already, with a policy worded when it started
        monkeypatch.setattr(ContentPolicy, "policy", property(lambda _self: build_policy()), raising=False)
        yield Paying(provider, address)
    provider.store.close()


@pytest.fixture
def house(visitor: Visitor, paying: Paying, settings: Settings, tmp_path: Path) -> House:
    cache.clear()
    settings.VAR = tmp_path
    load_divisions(LOADER, folder=SHIPPED, counties=(COUNTY,))
    sample = next(one for one in sample_counties() if one.code == COUNTY)
    open_county(sample, step=lambda: None, stocked=False)
    return House(visitor, paying.provider, paying.address)
