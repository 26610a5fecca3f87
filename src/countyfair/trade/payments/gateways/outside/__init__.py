"""Outside platforms as whoever took the money: buyers pay them, and they settle with us by statement.

Nothing is asked of them here: an order comes home paid, a refund was given by them before we hear of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.trade.payments.gateways.shape import Asked, Forged, GiveBack, Refusing, Told


class Outside:
    """One platform: no link, no notice; `rooms` above bring its orders and its statements home."""

    thanks = ""
    codes = False
    by_hand = False
    offered = False

    def __init__(self, name: str, label: Sentence) -> None:
        self.name = name
        self.label = label

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        return None

    def code(self, asked: Asked, *, notify: str) -> str | None:
        return None

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told:
        raise Forged("a platform's orders come by its files and its API")

    def look_up(self, intent: UUID) -> Told | None:
        return None

    def close(self, intent: UUID) -> None:
        return None

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        return None


PLATFORMS = (
    Outside("taobao", _("Taobao")),
    Outside("pinduoduo", _("Pinduoduo")),
    Outside("douyin", _("Douyin")),
    Outside("kuaishou", _("Kuaishou")),
    Outside("sheet", _("Another platform")),
)
