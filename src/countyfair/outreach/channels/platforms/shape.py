"""The shape of a platform: pure translation between its words and ours.

A platform's folder holds `orders` (their orders), `statement` (their settlements), `listing` (our
offers in their words) and `client` (their open API). None of them reads or writes a table. To add one,
make the folder and name it in `platforms/__init__.py`.

Money is whole fen, moments are aware; what a platform leaves out is "" or None, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from countyfair.kernel.refusal import Sentence

#: Where an order stands on its platform, in our words.
State = Literal["unpaid", "paid", "shipped", "received", "closed"]
STATES: tuple[State, ...] = ("unpaid", "paid", "shipped", "received", "closed")

#: What a settlement row moves money for.
Charge = Literal[
    "sale",
    "refund",
    "commission",
    "service_fee",
    "promotion",
    "host",
    "freight_insurance",
    "subsidy",
    "other",
]


@dataclass(frozen=True, slots=True)
class TheirLine:
    """One kind of goods of an order, as the platform calls it.

    `key` is the sub-order's id, or else its place in the order ("1", "2", …). `goods` and `sku` are the
    platform's ids, `code` the merchant's own code; each "" where unknown. `amount_fen` is what the line
    comes to for the merchant before fees and without freight, with what platform and host bear of its
    discounts; None where the platform tells it of the whole order only. `off`: called off on the platform
    while other lines of the order go on: it is not to be sent, and `refunded_fen` holds its money.
    """

    key: str
    goods: str
    sku: str
    code: str
    title: str
    spec: str
    quantity: int
    amount_fen: int | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class TheirDetail:
    """The goods of an order from a file that tells nothing else of it (Taobao's ExportOrderDetailList).

    The lines' `amount_fen` are list prices times pieces: weights by which the order's own amount is parted
    (`rules.joining`).
    """

    number: str
    lines: tuple[TheirLine, ...]
    row: int = 0


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a parcel goes to. `masked`: the platform hides who it is; then these say what it shows."""

    name: str
    phone: str
    province: str
    city: str
    county: str
    town: str
    address: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class TheirOrder:
    """An order as a file or an API tells it. `row` is where it stood (1 is the row under the header).

    What the merchant is owed before fees is `paid_fen` (what the buyer paid, freight and all) and what
    `platform_fen`, `host_fen` bear of the discounts; `shop_fen` is the shop's own discount, gone already.
    `refunded_fen` is what went back to the buyer so far. `aftersale`: a refund is asked for and open.
    `changed_at` is when the platform changed it last, as its API tells: told twice, the later counts.
    """

    number: str
    state: State
    lines: tuple[TheirLine, ...]
    paid_fen: int
    freight_fen: int = 0
    platform_fen: int = 0
    host_fen: int = 0
    shop_fen: int = 0
    refunded_fen: int = 0
    aftersale: bool = False
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    ship_before: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    waybill: str = ""
    carrier: str = ""
    host: str = ""
    reason: str = ""
    currency: str = "CNY"
    receiver: Receiver | None = field(default=None, repr=False)
    row: int = 0
    changed_at: datetime | None = None

    @property
    def due_fen(self) -> int:
        """What the merchant is owed for it before fees and refunds."""
        return self.paid_fen + self.platform_fen + self.host_fen


@dataclass(frozen=True, slots=True)
class TheirCharge:
    """One movement of a settlement: to the merchant positive, from the merchant negative.

    `key` is the platform's number of the movement, unique with its `kind`. `said` is the platform's own
    word for it.
    """

    key: str
    number: str
    line_key: str
    kind: Charge
    amount_fen: int
    at: datetime | None
    said: str
    currency: str = "CNY"
    row: int = 0


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row: the sentence is for whoever dropped the file; `column` "" for the row."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a file: its cells by header, trimmed; "" for what the platform marks as nothing.

    A row that could not be read as cells, and was told as an error, has none at all: an order of several rows
    must know that one of them may be missing.
    """

    row: int
    by_name: Mapping[str, str]

    def get(self, *names: str) -> str:
        """The first of these columns that is there and not empty."""
        for name in names:
            if text := self.by_name.get(name, ""):
                return text
        return ""


# --- The open API ------------------------------------------------------------------------------


class Unreachable(Exception):
    """No usable answer: late, an error page, a dropped line. Ask again later."""


class Throttled(Unreachable):
    """Too many requests; `after_s` seconds from now it may be asked again."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"asked too often; wait {after_s:g} s")
        self.after_s = after_s


class Expired(Exception):
    """The access token has ended: renew it and ask again."""


class Revoked(Exception):
    """The shop's consent is gone: its owner must grant it anew."""


class Refused(Exception):
    """The platform will never do that; the sentence is its own."""


class NoCarrier(Refused):
    """The platform has no carrier of that name; it was not asked."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a shop's owner granted: sealed where it is kept, never logged.

    `token_until` is when the access token ends; `refresh` renews it until `refresh_until`.
    """

    app_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    shop: str
    token: str = field(default="", repr=False)
    token_until: datetime | None = None
    refresh: str = field(default="", repr=False)
    refresh_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders changed in a window, and where the next page begins; `cursor` "" after the last.

    `flaws`: orders of the page that cannot be used; the others can.
    """

    orders: tuple[TheirOrder, ...]
    cursor: str
    flaws: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class StockPush:
    """So many packs may be sold of a listing from now on."""

    goods: str
    sku: str
    packs: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel that left for an order; `lines` are the keys of what is in it, () for all."""

    number: str
    waybill: str
    carrier: str
    lines: tuple[str, ...] = ()


class Client(Protocol):
    """A platform's open API for one shop.

    Every call may raise Unreachable, Throttled, Expired, Revoked and, where the platform says no, Refused.
    Settlements come by file: no platform's API for them is open to every shop.
    """

    def orders(self, *, since: datetime, until: datetime, cursor: str = "") -> OrderPage:
        """What was ordered or changed in a window no longer than the platform's `window`."""

    def push_stock(self, push: StockPush) -> None:
        """Say how much may be sold; the same again changes nothing."""

    def send(self, sent: Sent) -> None:
        """Say that a parcel left; the same again changes nothing."""

    def renewed(self) -> Credentials:
        """New tokens for the old, whose refresh token may be used up by it: keep them at once."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What a folder offers.

    `columns`: every head that its readers use, half-width and without spaces. `order_marks` and
    `charge_marks`: sets of heads, any one of which, wholly there, tells a file of this kind. `ship_hours`:
    how long a merchant has from payment to hand-over where an order does not say.
    `reasons`: the platform's codes for a merchant who must call an order off, with their words.
    `client` None: this platform has files only; `window`: the longest that it may be asked for at once.

    Readers are streams in constant memory. An order of several rows (sub-orders) is gathered over the next
    `rows.WINDOW` orders; a row that comes later is an error that says so, and the order stands as it was told
    till then: sorted by number, the file is read whole. `read_details` None: there is no second file.
    """

    name: str
    label: Sentence
    columns: frozenset[str]
    order_marks: tuple[frozenset[str], ...]
    charge_marks: tuple[frozenset[str], ...]
    read_orders: Callable[[Iterable[Cells]], Iterator[TheirOrder | RowError]]
    read_charges: Callable[[Iterable[Cells]], Iterator[TheirCharge | RowError]]
    ship_hours: int
    reasons: Mapping[str, Sentence]
    client: Callable[[Credentials], Client] | None = None
    window: timedelta = timedelta(minutes=30)
    detail_marks: tuple[frozenset[str], ...] = ()
    read_details: Callable[[Iterable[Cells]], Iterator[TheirDetail | RowError]] | None = None
