"""Cash at a station's counter: an agent takes it into the till and hands it back from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.trade.payments.gateways.shape import Asked, Forged, GiveBack, Refusing, Told, Unreachable


class Counter:
    """No provider: the verbs `take_cash` and `hand_back_cash` are all of it."""

    name = "counter"
    label = _("Cash at the station")
    thanks = ""
    codes = False
    by_hand = True
    offered = True

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        return None

    def code(self, asked: Asked, *, notify: str) -> str | None:
        return None

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told:
        raise Forged("nobody sends notices for cash")

    def look_up(self, intent: UUID) -> Told | None:
        return None

    def close(self, intent: UUID) -> None:
        return None

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        raise Unreachable("cash is handed back by an agent")


GATEWAY = Counter()
