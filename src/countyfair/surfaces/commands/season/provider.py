"""The sandbox's provider in the season's time: notices late, twice, lost and forged.

A real provider at work on loopback, so that look-ups and refunds go their usual way; only its
notices are carried by the season, because they must come in its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from countyfair.kernel.actor import Actor
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.trade.payments.actions import receive_notice, settle_waiting_notices
from countyfair.trade.payments.gateways.sandbox import signing
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider, open_provider, serving
from countyfair.trade.payments.gateways.sandbox.provider.store import Refused
from countyfair.trade.payments.queries import IntentRow

NOTIFIER = Actor.system("sandbox notice")

#: How notices come, and how often of a thousand payments.
HABITS = {"at once": 800, "twice": 100, "late": 50, "too late": 20, "lost": 20, "forged first": 10}


@dataclass(frozen=True, slots=True)
class SeasonProvider:
    """Takes payments now and lets their notices come when its habits say."""

    provider: Provider
    agenda: Agenda

    def pay(self, intent: IntentRow) -> None:
        """A payer pays what is asked; `Refused` payments are counted and notify nobody."""
        asked = {
            "intent": str(intent.id), "reference": intent.reference, "amount_fen": intent.amount_fen,
            "currency": intent.currency, "expires": "",
        }  # fmt: skip
        try:
            self.provider.ask(asked)
            paid = self.provider.pay(str(intent.id), "lost")
        except Refused:
            self.agenda.tally["payment refused by the provider"] += 1
            return
        said = {
            "notice": f"N-{intent.id}", "intent": str(intent.id), "payment": paid.payment,
            "amount_fen": intent.amount_fen, "currency": intent.currency,
        }  # fmt: skip
        for wait, forged in self._waits():
            self.agenda.after(wait, partial(self._notify, said, forged))

    def _waits(self) -> list[tuple[timedelta, bool]]:
        habit = self.agenda.chance.choices(list(HABITS), weights=list(HABITS.values()))[0]
        self.agenda.tally[f"notice {habit}"] += 1
        soon, late = timedelta(seconds=2), timedelta(minutes=self.agenda.chance.randint(3, 25))
        return {
            "at once": [(soon, False)],
            "twice": [(soon, False), (late, False)],
            "late": [(late, False)],
            "too late": [(timedelta(hours=self.agenda.chance.randint(2, 30)), False)],
            "lost": [],
            "forged first": [(soon, True), (late, False)],
        }[habit]

    def _notify(self, said: Mapping[str, object], forged: bool) -> None:
        key = "not the key" if forged else settings.COUNTYFAIR_SANDBOX_KEY
        headers, body = signing.signed("provider", said, key=key, moment=self.agenda.moment)
        receive_notice(NOTIFIER, gateway="sandbox", headers=headers, body=body)
        settle_waiting_notices()


@contextmanager
def provider_at_work(agenda: Agenda) -> Iterator[SeasonProvider]:
    """The provider, with a memory of its own, for as long as the season lasts."""
    usual = settings.COUNTYFAIR_SANDBOX_URL
    with TemporaryDirectory(prefix="countyfair-season-") as folder:
        provider = open_provider(Path(folder), key=settings.COUNTYFAIR_SANDBOX_KEY)
        try:
            with serving(provider) as address:
                settings.COUNTYFAIR_SANDBOX_URL = address
                yield SeasonProvider(provider, agenda)
        finally:
            settings.COUNTYFAIR_SANDBOX_URL = usual
            provider.store.close()
