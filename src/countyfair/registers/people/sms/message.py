"""What a provider is given, what it does, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Refusal


class NotSent(Refusal):
    """The provider did not take the message; nothing of it is left waiting."""

    status = 503
    code = "not_sent"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Providers that send approved templates only use `template` and `values`, others `text`."""

    phone: str
    template: str
    values: Mapping[str, str]
    text: str
    id: UUID = field(default_factory=uuid7)


class Provider(Protocol):
    """The one shape: send now, or raise NotSent."""

    def send(self, message: Message) -> str:
        """Send, and return the provider's reference."""
        ...


def sign_in_code(phone: str, code: str, minutes: int) -> Message:
    """The message with a one-time code, in the language in force."""
    text = gettext(
        "CountyFair: your code is %(code)s. It is good for %(minutes)s minutes. Tell it to nobody."
    )
    values = {"code": code, "minutes": str(minutes)}
    return Message(phone, "sign_in_code", values, text % values)


def pickup_code(phone: str, code: str, order: str, station: str) -> Message:
    """The message with the code that opens a parcel at a station, in the language in force."""
    text = gettext(
        "CountyFair: the pick-up code of your order %(order)s is %(code)s. Fetch it at %(station)s."
    )
    values = {"code": code, "order": order, "station": station}
    return Message(phone, "pickup_code", values, text % values)


def recall(phone: str, goods: str, order: str, lot: str, advice: str) -> Message:
    """The message that a lot which a buyer has was recalled, in the language in force."""
    text = gettext("CountyFair: %(goods)s of your order %(order)s (lot %(lot)s) is recalled. %(advice)s")
    values = {"goods": goods, "order": order, "lot": lot, "advice": advice}
    return Message(phone, "recall", values, text % values)


def recall_unsent(phone: str, goods: str, order: str, lot: str) -> Message:
    """The message that a lot was recalled before any of it was sent, in the language in force."""
    text = gettext(
        "CountyFair: %(goods)s of your order %(order)s (lot %(lot)s) is recalled and is not sent."
        " The order is cancelled; what you paid comes back."
    )
    values = {"goods": goods, "order": order, "lot": lot}
    return Message(phone, "recall_unsent", values, text % values)


def not_sent() -> NotSent:
    """What is raised when a provider does not take a message."""
    return NotSent(_("The message could not be sent. Try again in a minute."))
