"""Lots on their way to buyers, and a provider of messages that does as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.sms import Message, NotSent
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.tests.factories import CONTACT, Fair, place
from countyfair.trade.payments.actions import take_cash
from countyfair.trade.trace import actions


@dataclass
class Gateway:
    """A provider: keeps what it was given; `fault` is called before it answers."""

    sent: list[Message] = field(default_factory=list)
    fault: Callable[[], None] = lambda: None

    def __call__(self) -> Gateway:
        return self

    def send(self, message: Message) -> str:
        self.sent.append(message)
        self.fault()
        return "ok"


def refuse() -> None:
    """What a provider says that does not confirm."""
    raise NotSent("no")


def paid(
    fair: Fair,
    packs: int = 1,
    *,
    lines: tuple[tuple[UUID, int], ...] | None = None,
    total_fen: int | None = None,
    contact: Contact = CONTACT,
) -> UUID:
    """An order paid in cash: so many packs of the fair's stall, or these lines."""
    placed = place(fair, packs=packs, lines=lines, expected_total_fen=total_fen, contact=contact)
    take_cash(fair.agent, intent=placed.intent, station=fair.station)
    capture = UUID(str(scalar("SELECT id FROM payments_capture WHERE intent_id = %s", [placed.intent])))
    mark_paid(SYSTEM, captured=[Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)])
    return placed.order


def packed(fair: Fair, packs: int = 1, *, contact: Contact = CONTACT) -> UUID:
    """An order in a parcel."""
    order = paid(fair, packs, contact=contact)
    orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=packs * 500 + 250)
    return order


def delivered(fair: Fair, packs: int = 1, *, contact: Contact = CONTACT) -> UUID:
    """An order that reached its buyer."""
    order = packed(fair, packs, contact=contact)
    orders.hand_over(SYSTEM, order_id=order)
    orders.deliver(SYSTEM, order_id=order, evidence="签收：样例")
    return order


def waybill_of(order: UUID) -> str:
    """The number on an order's parcel."""
    return str(scalar("SELECT waybill FROM logistics_parcel WHERE reference = %s", [str(order)]))


def numbered(fair: Fair) -> None:
    """Give the fair's product its number, as the handler of weigh-ins does."""
    actions.number_goods(SYSTEM, products=[(fair.county, fair.stall.product)])


def recalled(lot: UUID, *, severity: str = "serious") -> UUID:
    """A recall of a lot."""
    recall = uuid7()
    actions.recall_lot(SYSTEM, recall=recall, lot=lot, severity=severity, reason="样例：农残超标")
    return recall
