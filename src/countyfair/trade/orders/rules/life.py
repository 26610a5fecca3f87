"""The life of an order, as one table: from which state, by which verb, by whom, to which state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict, Forbidden, Sentence
from countyfair.trade.logistics.rules import ON_SPOT

#: Who may, where it is no power: the buyer of the order, or the house itself in a job or handler.
BUYER: Final = "buyer"
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `who` names powers, BUYER or SYSTEM; one of them is enough.

    `where` says at which of the order's places a power must be held: `county`; `origin`, where it
    is packed; `door`, where it is packed or goes to in the county, and nowhere if it is picked up; `goal`,
    where it is picked up, or else `door`; `way`, `goal` or `origin`.
    `at_counter` are the powers instead of `who` for an order that its buyer picks up, () for the same;
    `on_spot` those for one that its buyer goes to, None for the same.
    `parcel` is the state that its parcels must be in, "" for any: their own table keeps them to it.
    """

    before: str
    verb: str
    who: tuple[str, ...]
    after: str
    where: str = "county"
    parcel: str = ""
    at_counter: tuple[str, ...] = ()
    on_spot: tuple[str, ...] | None = None


#: What lies at a station is given out by who works there: who carries parcels brings to doors only.
_GIVES_OUT = ("orders.hand_out",)

LIFE: tuple[Move, ...] = (
    Move("placed", "pay", (SYSTEM,), "paid"),
    Move("placed", "join", (SYSTEM,), "gathering"),
    Move("placed", "fall_through", (SYSTEM,), "cancelled"),
    Move("gathering", "gathered", (SYSTEM,), "paid"),
    Move("gathering", "fall_through", (SYSTEM,), "cancelled"),
    Move("gathering", "cancel", (BUYER, "orders.cancel"), "cancelled"),
    Move("placed", "expire", (SYSTEM,), "cancelled"),
    Move("placed", "cancel", (BUYER, "orders.cancel"), "cancelled"),
    Move("cancelled", "pay_late", (SYSTEM,), "paid"),
    Move("paid", "cancel", (BUYER, "orders.cancel"), "cancelled", on_spot=("orders.cancel",)),
    Move("paid", "pack", ("orders.pack",), "packed", "origin", on_spot=()),
    Move("paid", "serve", (SYSTEM,), "delivered"),
    Move("paid", "send_outside", (SYSTEM,), "handed_over"),
    Move("packed", "cancel", ("orders.cancel",), "cancelled"),
    Move("packed", "hand_over", ("orders.hand_over",), "handed_over", "origin"),
    Move("packed", "deliver", ("orders.deliver",), "delivered", "goal", at_counter=_GIVES_OUT),
    Move("handed_over", "deliver", ("orders.deliver",), "delivered", "goal", at_counter=_GIVES_OUT),
    Move("handed_over", "send_out_again", ("orders.deliver",), "handed_over", "way", "failed"),
    Move("handed_over", "return_to_sender", ("orders.return",), "cancelled", "origin", "failed"),
    Move("handed_over", "cancel", ("orders.cancel",), "cancelled"),
    Move("delivered", "complete", (SYSTEM,), "completed"),
    Move("delivered", "refund", ("orders.refund",), "delivered"),
    Move("delivered", "refund_all", ("orders.refund",), "refunded"),
    Move("completed", "refund", ("orders.refund",), "completed"),
    Move("completed", "refund_all", ("orders.refund",), "refunded"),
)

STATES: tuple[str, ...] = (
    "placed",
    "gathering",
    "paid",
    "packed",
    "handed_over",
    "delivered",
    "completed",
    "cancelled",
    "refunded",
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places an order belongs to, and whether its buyer picks it up, or goes there to have it."""

    county: str
    origin: str
    destination: str
    is_pickup: bool
    is_on_spot: bool = False

    @classmethod
    def going(cls, county: str, origin: str, destination: str, fulfilment: str) -> Places:
        """The places of an order that is fulfilled this way."""
        return cls(county, origin, destination, fulfilment == "pickup", fulfilment == ON_SPOT)

    def of(self, where: str) -> tuple[str, ...]:
        """Where a power must be held for a row of the table; one of these is enough."""
        if where == "county":
            return (self.county,)
        if where == "origin":
            return (self.origin,)
        if where == "way":
            return tuple(dict.fromkeys((*self.of("goal"), self.origin)))
        if self.is_pickup:
            return () if where == "door" else (self.destination,)
        inside = self.destination.startswith(self.county)
        return (self.origin, self.destination) if inside else (self.origin,)

    def of_readers(self) -> tuple[str, ...]:
        """Where `orders.read` opens it: where it is packed, and where it is picked up."""
        return (self.origin, self.destination) if self.is_pickup else (self.origin,)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands before an order: an actor, whether as its buyer, and the places it belongs to."""

    actor: Actor
    is_buyer: bool
    places: Places

    def may(self, move: Move) -> bool:
        """Whether one of the row's `who` is given: BUYER, SYSTEM, or a power at a place of its `where`."""
        allowed = move.at_counter if self.places.is_pickup and move.at_counter else move.who
        if self.places.is_on_spot and move.on_spot is not None:
            allowed = move.on_spot
        return any(self._is(who, move.where) for who in allowed)

    def _is(self, who: str, where: str) -> bool:
        if who == SYSTEM:
            return self.actor.everything
        if who == BUYER:
            return self.is_buyer
        return any(self.actor.may(who, place=place) for place in self.places.of(where))


#: What somebody is told who comes too late.
_MOVED_ON = _("This order has moved on. Reload the page to see where it stands.")


def next_state(
    state: str,
    verb: str,
    standing: Standing,
    *,
    table: Sequence[Move] = LIFE,
    moved_on: Sentence = _MOVED_ON,
) -> str:
    """The state after `verb`, by the life of orders or by the `table` of what hangs on one.

    Raises:
        Forbidden: whatever the state, this actor may not do that to this order.
        Conflict: it has moved on, which `moved_on` says; `details["state"]` says where it stands.
    """
    named = [row for row in table if row.verb == verb]
    fitting = [row for row in named if row.before == state]
    if not any(standing.may(row) for row in fitting or named):
        raise Forbidden(_("Your role does not allow this for this order."))
    if not fitting:
        raise Conflict(moved_on, details={"state": state})
    return fitting[0].after


def possible(
    state: str, standing: Standing, parcels: Collection[str] = (), *, table: Sequence[Move] = LIFE
) -> tuple[str, ...]:
    """The verbs that this actor may use on an order in this state, for the buttons of a page.

    Args:
        parcels: the states of its parcels.
        table: the life of what hangs on an order, instead of its own.
    """
    return tuple(
        row.verb
        for row in table
        if row.before == state and (not row.parcel or row.parcel in parcels) and standing.may(row)
    )
