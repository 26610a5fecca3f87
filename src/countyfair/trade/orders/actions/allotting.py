"""Allotting a harvest cycle: who had ordered ahead gets what was weighed, fairly cut where it is short.

All of a cycle in one transaction: it is allotted once, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import Walked, journal_all, locked_all
from countyfair.trade.orders.actions.cancelling import call_off
from countyfair.trade.orders.actions.giving_back import give_back_missing
from countyfair.trade.orders.actions.owing import Part
from countyfair.trade.orders.events import Allotted
from countyfair.trade.orders.models import Allotment, Line, Order, Share
from countyfair.trade.orders.queries.ahead import lines_of_cycle
from countyfair.trade.orders.queries.shares import ShareRow, discounts_of, shares_of
from countyfair.trade.orders.queries.terms import terms_version
from countyfair.trade.orders.rules.ahead import reshared, unallotted
from countyfair.trade.orders.rules.reasons import ALLOT, HARVEST_SHORT
from countyfair.trade.orders.rules.shares import ShareOf
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions import Ground
from countyfair.trade.stock.queries.cycles import Promised
from countyfair.trade.stock.rules import Draw, Promise, allocate_in_turn, allot

#: What falls is called off by the house itself, whoever pressed the button.
_HOUSE = Actor.system("orders.allot_cycle")
#: How many rows go with one statement.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an allotment came to: orders served in full, cut, and called off."""

    whole: int
    cut: int
    off: int


@verb
def allot_cycle(actor: Actor, *, cycle: UUID) -> Outcome:
    """Allot what was weighed of a closed cycle. Pressed again, nothing happens.

    Orders that are not paid yet take part where there is enough for all; else they are cancelled. Of paid
    ones each gets packs by `stock.rules.allot`; what is missing is paid back once, an order that gets
    nothing at all is cancelled and all of it paid back.

    Raises:
        Missing, Forbidden, Conflict: as `stock.prepare_allotting`.
        Stale: somebody ordered or paid this moment; press again.
    """
    orders = {order.id: order for order in locked_all({line.order for line in lines_of_cycle(cycle)})}
    ground = stock.prepare_allotting(actor, cycle=cycle)
    if ground.over:
        return Outcome(0, 0, 0)
    lines = {
        str(line.id): line
        for line in Line.objects.filter(id__in=[parse_uuid(one.holder) for one in ground.promises])
    }
    if any(lines[one.holder].order_id not in orders for one in ground.promises):
        raise Stale(_("Somebody ordered this moment. Press again."))
    packs = _packs(ground)
    off = _call_off(orders, lines, packs)
    draws = _draws(ground, packs, {key for key, line in lines.items() if line.order_id in off})
    stock.settle_cycle(actor, cycle=cycle, draws=draws)
    cut = _give(orders, [line for line in lines.values() if line.order_id not in off], packs, draws)
    served = len({line.order_id for line in lines.values()}) - len(off)
    return Outcome(served - cut, cut, len(off))


def _packs(ground: Ground) -> dict[str, int]:
    """How many packs each line gets; what is not paid yet takes part only where all get all."""
    brought = sum(lot.free for lot in ground.lots)
    enough = sum(one.amount for one in ground.promises) <= brought
    takes_part = [one for one in ground.promises if enough or one.expires_at is None]
    got = allot(
        [Promise(one.holder, one.packs, one.content_amount, one.held_at) for one in takes_part], brought
    )
    return {one.holder: got.get(one.holder, 0) for one in ground.promises}


def _call_off(orders: Mapping[UUID, Order], lines: Mapping[str, Line], packs: Mapping[str, int]) -> set[UUID]:
    """Cancel the orders that wait for their money and get too little, and those that would get nothing."""
    of_order: dict[UUID, list[str]] = {}
    for key, line in lines.items():
        of_order.setdefault(line.order_id, []).append(key)
    others = Line.objects.filter(order_id__in=list(of_order)).exclude(
        id__in=[row.id for row in lines.values()]
    )
    with_others = set(others.values_list("order_id", flat=True))
    off = []
    for order_id, keys in of_order.items():
        order = orders[order_id]
        nothing = order_id not in with_others and not any(packs[key] for key in keys)
        if nothing or (order.state == "placed" and any(packs[key] < lines[key].quantity for key in keys)):
            off.append(order)
    call_off(_HOUSE, off, HARVEST_SHORT)
    return {order.id for order in off}


def _draws(ground: Ground, packs: Mapping[str, int], off: set[str]) -> dict[str, list[Draw]]:
    """Which lots each line's packs come from, who came first drawing on the oldest."""
    served: Sequence[Promised] = [
        one for one in ground.promises if one.holder not in off and packs[one.holder]
    ]
    wants = [packs[one.holder] * one.content_amount for one in served]
    drawn = allocate_in_turn(ground.lots, wants)
    return {one.holder: draws for one, draws in zip(served, drawn, strict=True)}


def _give(
    orders: Mapping[UUID, Order],
    lines: Sequence[Line],
    packs: Mapping[str, int],
    draws: Mapping[str, Sequence[Draw]],
) -> int:
    """Put down what these lines get; of how many orders something is missing, which is paid back.

    All of them at once: three thousand orders take as many statements as three.
    """
    moment = now()
    Allotment.objects.bulk_create(
        (Allotment(line_id=row.id, county=row.county, packs=packs[str(row.id)], at=moment) for row in lines),
        batch_size=_BATCH,
    )
    _reshare(orders, lines, draws)
    missing: dict[UUID, list[Part]] = {}
    for row in lines:
        parts = missing.setdefault(row.order_id, [])
        if short := row.quantity - packs[str(row.id)]:
            parts.append(Part(row.id, unallotted(row.amount_fen, row.quantity, short), short))
    served = [orders[key] for key in missing]
    refunds = give_back_missing(_HOUSE, missing, served, HARVEST_SHORT)
    journal_all(
        [Walked(order, order.state, HARVEST_SHORT if order.id in refunds else "") for order in served], ALLOT
    )
    _say(served, missing, refunds)
    return len(refunds)


def _say(
    orders: Sequence[Order], missing: Mapping[UUID, Sequence[Part]], refunds: Mapping[UUID, UUID]
) -> None:
    by_county: dict[str, list[Allotted]] = {}
    for order in orders:
        parts = missing[order.id]
        amount_fen, packs = sum(part.amount_fen for part in parts), sum(part.quantity for part in parts)
        by_county.setdefault(order.county, []).append(
            Allotted(order.id, refunds.get(order.id), amount_fen, packs)
        )
    for county, events in by_county.items():
        announce(*events, county=county)


def _reshare(
    orders: Mapping[UUID, Order], lines: Sequence[Line], draws: Mapping[str, Sequence[Draw]]
) -> None:
    """Correct the shares of lines to the lots that they get, by further rows; their money stays the same."""
    rows: dict[UUID, list[ShareRow]] = {row.id: [] for row in lines}
    for share in shares_of(sorted({row.order_id for row in lines})):
        if share.refund is None and share.line in rows:
            rows[share.line].append(share)
    keys = sorted({(row.county, row.terms_version) for row in lines})
    terms = {(county, version): terms_version(county, version) for county, version in keys}
    less = discounts_of([row.id for row in lines if orders[row.order_id].discount_fen])
    Share.objects.bulk_create(
        (
            Share(
                order_id=row.order_id, line_id=row.id, county=row.county, beneficiary=one.beneficiary,
                owner=one.owner, lot_id=one.lot, lot_amount=one.lot_amount, amount_fen=one.amount_fen,
                terms_version=row.terms_version, grade=one.grade, factor_milli=one.factor_milli,
                standard_version=one.standard_version, discount_id=one.discount,
            )
            for row in lines
            for one in reshared(
                [_share(held) for held in rows[row.id]], row.amount_fen, draws.get(str(row.id), ()),
                terms[row.county, row.terms_version], less.get(row.id, []),
            )
        ),
        batch_size=_BATCH,
    )  # fmt: skip


def _share(row: ShareRow) -> ShareOf:
    return ShareOf(
        row.beneficiary, row.owner, row.lot, row.lot_amount, row.amount_fen, row.grade, row.factor_milli,
        row.standard_version, row.discount,
    )  # fmt: skip
