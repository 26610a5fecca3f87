"""An order found again by who knows its number and the phone that was given with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import column
from countyfair.kernel.seal import blind, link_token
from countyfair.registers.people.rules import phone as as_phone


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order and the token that opens its page."""

    order: UUID
    token: str


def find_order(*, number: str, phone: str) -> FoundOrder:
    """The latest order of this number whose contact has this phone. Whoever asks counts the tries.

    Raises:
        Invalid: no such phone number is possible.
        Missing: there is none; it is not told whether number or phone is wrong, nor of erased contacts.
    """
    found = column(
        "SELECT o.id FROM orders_order o JOIN orders_contact c ON c.order_id = o.id"
        " WHERE o.number = %s AND c.phone_blind = %s ORDER BY o.placed_at DESC LIMIT 1",
        [number.strip(), blind(as_phone(phone), "phone")],
        of=UUID,
    )
    if not found:
        raise Missing(_("There is no such order."))
    return FoundOrder(found[0], link_token(str(found[0]), "order"))
