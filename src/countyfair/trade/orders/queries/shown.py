"""What one order is shown as: itself, its lines, life, shares, parcels and money. Read by `detail`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.trade.orders.rules.contact import Contact


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line as it was frozen. `packed` is what was really packed, `refunded_fen` what went back.

    `amount_fen` is what it was billed: of what is sold by weight by what was packed, else as ordered
    (`ordered_fen`). `asked_fen` is what it weighed more and is not paid. `brand` is whose mark it bore when
    it was ordered; `marks.marks_on` names it as it was then.
    """

    id: UUID
    position: int
    offer: UUID
    shop_name: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    place: str
    quantity: int
    content_amount: int
    unit: str
    sold_by: str
    price_fen: int
    ordered_fen: int
    amount_fen: int
    asked_fen: int
    packed: int | None
    refunded_fen: int
    returned: int
    brand: UUID | None

    def of_packs(self, packs: int) -> int:
        """What so many of its packs weighed, or count, in base units: in proportion to what was packed."""
        sent = self.quantity * self.content_amount if self.packed is None else self.packed
        return sent * packs // self.quantity

    @property
    def discount_fen(self) -> int:
        """What promotions took off it when it was ordered."""
        return self.price_fen * self.quantity - self.ordered_fen

    @property
    def packs_left(self) -> int:
        """Its packs without those that fell short or came back."""
        return self.quantity - self.returned

    @property
    def left_fen(self) -> int:
        """What can still be given back."""
        return self.amount_fen - self.refunded_fen


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of an order's life."""

    verb: str
    before: str
    after: str
    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ShareShown:
    """A row of the table of shares; a refund's rows are negative. `line` is a position, None for freight.

    `name` is what a household or station is known by: for staff only.
    """

    line: int | None
    beneficiary: str
    owner: str
    name: str
    lot: UUID | None
    lot_number: str
    amount_fen: int
    terms_version: int
    refunded: bool


@dataclass(frozen=True, slots=True)
class RefundShown:
    """What goes back to the buyer, and why. `state` is of the payment: asked, done or failed."""

    id: UUID
    amount_fen: int
    reason: str
    at: datetime
    actor: str
    payment: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class ScanShown:
    """One thing that happened to a parcel."""

    kind: str
    place: str
    station_name: str
    at: datetime
    evidence: str
    actor: str


@dataclass(frozen=True, slots=True)
class ParcelShown:
    """A parcel of the order and its way. `pickup_code` is shown to the buyer only."""

    id: UUID
    waybill: str
    carrier: str
    state: str
    weight_g: int
    pickup_code: str
    scans: tuple[ScanShown, ...]


@dataclass(frozen=True, slots=True)
class CaptureShown:
    """Money received."""

    gateway: str
    provider_key: str
    amount_fen: int
    station_name: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class RepaymentShown:
    """Money on its way back, surplus too. `state` is asked, done or failed."""

    id: UUID
    amount_fen: int
    state: str
    last_error: str
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderHead:
    """What an order says of itself. Stations are named where it is picked up and where it is packed.

    `bill_*` is what came of weighing, None where nothing was weighed (yet). `gift`: it goes to somebody else,
    without prices.
    """

    id: UUID
    county: str
    number: str
    state: str
    outlet: str
    buyer: UUID | None
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    fulfilment: str
    destination: str
    station: UUID | None
    station_name: str
    origin: UUID | None
    origin_place: str
    origin_name: str
    gateway: str
    intent: UUID
    intent_state: str
    placed_at: datetime
    pay_before: datetime | None
    paid_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    return_window_days: int
    bill_refund_fen: int | None
    bill_asked_fen: int | None
    bill_state: str | None
    bill_intent: UUID | None
    bill_pay_before: datetime | None
    gift: bool

    @property
    def billed_fen(self) -> int:
        """The total after weighing: what went back taken off, what was paid afterwards added."""
        more_fen = (self.bill_asked_fen or 0) if self.bill_state == "paid" else 0
        return self.total_fen - (self.bill_refund_fen or 0) + more_fen


@dataclass(frozen=True, slots=True)
class OrderShown(OrderHead):
    """An order, whole. `contact` is its buyer's to see, None for others and once erased.

    `verbs` are what this actor may do with it now.
    `captures` and `repayments` are for staff: none for a buyer.
    """

    contact: Contact | None
    lines: tuple[LineShown, ...]
    steps: tuple[StepShown, ...]
    shares: tuple[ShareShown, ...]
    refunds: tuple[RefundShown, ...]
    parcels: tuple[ParcelShown, ...]
    captures: tuple[CaptureShown, ...]
    repayments: tuple[RepaymentShown, ...]
    is_buyer: bool
    verbs: tuple[str, ...]

    @property
    def refunded_fen(self) -> int:
        """What went or goes back to the buyer."""
        return sum(refund.amount_fen for refund in self.refunds)

    @property
    def shared_fen(self) -> int:
        """What all shares come to: what was billed less what was given back."""
        return sum(share.amount_fen for share in self.shares)

    @property
    def freight_left_fen(self) -> int:
        """What of the freight can still be given back."""
        return sum(share.amount_fen for share in self.shares if share.line is None)

    def still_held(self) -> dict[tuple[str, str, str], int]:
        """What each (beneficiary, owner, number of the lot) holds after refunds, in this order."""
        held: dict[tuple[str, str, str], int] = {}
        for share in sorted(self.shares, key=lambda one: (one.beneficiary, one.owner, one.lot_number)):
            whose = (share.beneficiary, share.owner, share.lot_number)
            held[whose] = held.get(whose, 0) + share.amount_fen
        return held
