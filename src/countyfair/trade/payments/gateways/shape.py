"""The shape of a gateway: pure translation between a provider's words and ours.

A gateway reads no table and writes none. It signs, verifies and speaks with its provider; what
follows from it is decided by the verbs of `payments.actions`. To add one, make a folder with a
`GATEWAY`, name it in `gateways/__init__.py`, and let forms lead to its page (docs/settings.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from countyfair.kernel.refusal import Sentence


class Forged(Exception):
    """A notice that its provider did not sign, or not now."""


class Unreachable(Exception):
    """The provider gave no usable answer; ask again later."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a payer is asked for. `subject` is what it is called before the payer: an order's number."""

    intent: UUID
    reference: str
    amount_fen: int
    currency: str
    expires_at: datetime | None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says it holds for an intent. `key` names the saying, `payment` the money."""

    key: str
    intent: UUID
    payment: str
    amount_fen: int
    currency: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """A refund to be asked of a provider; `refund` is its idempotency key."""

    refund: UUID
    payment: str
    amount_fen: int
    currency: str
    intent: UUID
    paid_fen: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a provider says unbidden of a refund: that it is done, or, with `refused`, never will be."""

    key: str
    refund: UUID
    amount_fen: int
    refused: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusing:
    """The provider will never do it; `why` in its own words."""

    why: str


class NoBill(Exception):
    """The provider has no bill of that day: nothing happened then, or it is not made yet."""


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of a provider's daily bill. `key` names the payment or, of a refund, our refund there.

    `payment` is what captures are known by; `number` the intent's id, None where it is none of ours. Amounts
    are positive; `fee_fen` is what the provider keeps of it, negative where it gives some of that back.
    """

    kind: Literal["payment", "refund"]
    key: str
    payment: str
    number: UUID | None
    amount_fen: int
    fee_fen: int
    at: datetime | None = None


class Bills(Protocol):
    """A gateway whose provider makes a bill of each day."""

    def bill(self, day: date) -> Sequence[Billed]:
        """What moved on a day of China's clocks.

        Raises:
            NoBill: there is none.
            Unreachable: no usable answer, or a file that is not the one that was told of.
        """


class Gateway(Protocol):
    """One way to pay."""

    @property
    def name(self) -> str:
        """Its folder's name; what intents and captures are marked with."""

    @property
    def label(self) -> Sentence:
        """What payers choose it by."""

    @property
    def by_hand(self) -> bool:
        """Whether an agent takes and hands back the money; then there is no provider."""

    @property
    def codes(self) -> bool:
        """Whether `code` answers something, for a payer who sits at a PC."""

    @property
    def offered(self) -> bool:
        """Whether this deployment lets payers choose it."""

    @property
    def thanks(self) -> str:
        """The text that tells the provider that its notice is kept; "" where any 200 does."""

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        """Where the payer, who comes from this network `address`, goes to pay; None where they pay by hand.

        Raises:
            Unreachable: no usable answer.
        """

    def code(self, asked: Asked, *, notify: str) -> str | None:
        """What a QR code on another screen must say for a phone to pay it; None where there is no such way.

        Raises:
            Unreachable: no usable answer.
        """

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told | GivenBack | None:
        """What a notice says; None where it is true and asks nothing of us.

        Raises:
            Forged: it was not signed by the provider, or too long ago, or is meant for another merchant.
        """

    def look_up(self, intent: UUID) -> Told | None:
        """What the provider holds for an intent; None when it holds nothing.

        Raises:
            Unreachable: no usable answer.
        """

    def close(self, intent: UUID) -> None:
        """Have the provider take no more money for an intent; again changes nothing.

        Raises:
            Unreachable: no usable answer.
        """

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        """Ask for a refund, under its key however often; None when it is done.

        Raises:
            Unreachable: no usable answer.
        """
