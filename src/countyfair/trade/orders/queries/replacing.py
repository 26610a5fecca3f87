"""What could go out again instead of what was claimed: the same offer, from lots that are not in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.rows import one, rows
from countyfair.trade.orders.queries.offered import Basis, basis
from countyfair.trade.orders.rules.claims import NOT_FROM_ITS_LOTS
from countyfair.trade.orders.rules.quote import Offered
from countyfair.trade.stock.rules import available, drawable

#: Lots are read for so many times what is needed: those that are not in question may lie far behind.
_EASE = 100_000


@dataclass(frozen=True, slots=True)
class Spare:
    """What could go out again for a claim.

    `offered` has the lots it may be drawn from, and costs what the buyer paid a pack; None: it is not
    sold any more. `packs` are wanted, `left` can be had. `goes_there`: where it is to go is still served.
    """

    basis: Basis
    offered: Offered | None
    packs: int
    left: int
    goes_there: bool
    paid_order: UUID
    paid_line: UUID


def spare(claim: UUID) -> Spare:
    """What could go out again for a claim as things stand. For who has been let in to it.

    Raises:
        Missing: there is no such claim.
    """
    facts = one(_FACTS, [claim], into=_Facts, missing=_("There is no such claim."))
    pickup = facts.station if facts.fulfilment == "pickup" else None
    found = basis(
        county=facts.county, moment=now(), lines=[(facts.offer, facts.packs)], station=pickup, ease=_EASE
    )
    offered = next((offered for offered, _packs in found.wanted), None)
    sound = _sound(offered, facts) if offered else None
    left = 0
    if sound is not None:
        left = available(drawable(sound.lots, sound.blend), sound.cap_left, 0, sound.content_amount)
    is_open = pickup is None or (found.pickup is not None and found.pickup.is_open)
    return Spare(found, sound, facts.packs, left, is_open, facts.paid_order, facts.paid_line)


def _sound(offered: Offered, facts: _Facts) -> Offered | None:
    """The offer at the price that was paid, drawing on what is not in question; None if it is not here."""
    if offered.state != "on" or offered.supply is None or offered.kind != "goods" or offered.expected_on:
        return None
    avoided = set(facts.lots) if facts.kind in NOT_FROM_ITS_LOTS else set()
    lots = tuple(lot for lot in offered.lots if lot.id not in avoided)
    return replace(offered, lots=lots, price_fen=facts.price_fen)


@dataclass(frozen=True, slots=True)
class ReplacementOf:
    """What an order stands in for: the order that was paid, by its number, and the claim."""

    order: UUID
    claim: UUID
    paid_order: UUID
    number: str


def replacement_of(order: UUID) -> ReplacementOf | None:
    """What this order replaces, if it does. For who has been let in to it."""
    found = rows(
        "SELECT r.order_id, r.claim_id, r.paid_order_id, o.number FROM orders_replacement r"
        " JOIN orders_order o ON o.id = r.paid_order_id WHERE r.order_id = %s",
        [order],
        into=ReplacementOf,
    )
    return found[0] if found else None


class Cancelled(NamedTuple):
    """A claim whose replacement was called off."""

    claim: UUID
    order: UUID


def called_off(orders: Sequence[UUID]) -> list[Cancelled]:
    """Claims of which the latest answer went out as one of these orders, and was called off."""
    return rows(_CALLED_OFF, [list(orders)], into=Cancelled)


class _Facts(NamedTuple):
    county: str
    kind: str
    packs: int
    offer: UUID
    price_fen: int
    lots: Sequence[UUID]
    fulfilment: str
    station: UUID | None
    paid_order: UUID
    paid_line: UUID


_FACTS = """
SELECT c.county, c.kind, c.packs, l.offer_id, paid.price_fen,
       ARRAY(SELECT DISTINCT s.lot_id FROM orders_share s
              WHERE s.order_id = o.id AND s.line_id = l.id AND s.lot_id IS NOT NULL),
       o.fulfilment, o.station_id, paid.order_id, paid.id
  FROM orders_claim c
  JOIN orders_line l ON l.id = c.line_id
  JOIN orders_order o ON o.id = c.order_id
  LEFT JOIN orders_replacement r ON r.order_id = o.id
  JOIN orders_line paid ON paid.id = coalesce(r.paid_line_id, l.id)
 WHERE c.id = %s
"""

_CALLED_OFF = """
SELECT r.claim_id, r.order_id FROM orders_replacement r
  JOIN orders_order o ON o.id = r.order_id AND o.state = 'cancelled'
  JOIN orders_claim c ON c.id = r.claim_id AND c.state IN ('done', 'awaiting')
 WHERE r.order_id = ANY(%s::uuid[])
   AND r.answer_id = (SELECT a.id FROM orders_claimanswer a WHERE a.claim_id = c.id
                       ORDER BY a.at DESC, a.id DESC LIMIT 1)
 ORDER BY r.claim_id
"""
