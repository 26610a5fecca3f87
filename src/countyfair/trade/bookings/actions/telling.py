"""Telling the buyer of a booking its code: it is made at sending only, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.verbs import verb
from countyfair.registers.notices.actions import Address
from countyfair.trade.bookings.rules import code_of, shown
from countyfair.trade.orders import actions as orders


@verb
def addresses(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Address]:
    """Where the buyers of these bookings are reached, and the code that only they may know.

    Raises:
        Forbidden: anybody but the house itself.
    """
    reached = orders.addresses(actor, list(keys))
    return {order: replace(one, secrets={"code": shown(code_of(order))}) for order, one in reached.items()}
