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
from countyfair.trade.orders.actions.advancing import advance, journal, locked_all
from countyfair.trade.orders.actions.cancelling import undo
from countyfair.trade.orders.actions.giving_back import Part, give_back_missing
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
    cut = 0
    for order in orders.values():
        mine = [lines[one.holder] for one in ground.promises if lines[one.holder].order_id == order.id]
        if mine and order.id not in off:
            cut += _give(order, mine, packs, draws)
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
    off = set()
    for order_id, keys in of_order.items():
        order = orders[order_id]
        nothing = order_id not in with_others and not any(packs[key] for key in keys)
        if nothing or (order.state == "placed" and any(packs[key] < lines[key].quantity for key in keys)):
            was = order.state
            advance(_HOUSE, order, "cancel", reason=HARVEST_SHORT)
            undo(_HOUSE, order, was, HARVEST_SHORT, goods_are_back=True)
            off.add(order_id)
    return off


def _draws(ground: Ground, packs: Mapping[str, int], off: set[str]) -> dict[str, list[Draw]]:
    """Which lots each line's packs come from, who came first drawing on the oldest."""
    served: Sequence[Promised] = [
        one for one in ground.promises if one.holder not in off and packs[one.holder]
    ]
    wants = [packs[one.holder] * one.content_amount for one in served]
    drawn = allocate_in_turn(ground.lots, wants)
    return {one.holder: draws for one, draws in zip(served, drawn, strict=True)}


def _give(
    order: Order, lines: Sequence[Line], packs: Mapping[str, int], draws: Mapping[str, Sequence[Draw]]
) -> bool:
    """Put down what the lines of an order get; whether something is missing, which is paid back."""
    shares = [row for row in shares_of([order.id]) if row.refund is None]
    for line in lines:
        key = str(line.id)
        Allotment.objects.create(line_id=line.id, county=order.county, packs=packs[key], at=now())
        _reshare(order, line, [row for row in shares if row.line == line.id], draws.get(key, ()))
    missing = [
        Part(line.id, unallotted(line.amount_fen, line.quantity, short), short)
        for line in lines
        if (short := line.quantity - packs[str(line.id)])
    ]
    refund, amount_fen = None, sum(part.amount_fen for part in missing)
    if missing:
        refund = give_back_missing(_HOUSE, order, missing, HARVEST_SHORT)
    journal(order, ALLOT, order.state, HARVEST_SHORT if missing else "")
    short_packs = sum(part.quantity for part in missing)
    announce(Allotted(order.id, refund, amount_fen, short_packs), county=order.county)
    return bool(missing)


def _reshare(order: Order, line: Line, rows: Sequence[ShareRow], draws: Sequence[Draw]) -> None:
    """Correct the shares of a line to the lots that it gets, by further rows; its money stays the same."""
    terms = terms_version(order.county, line.terms_version)
    less = discounts_of([line.id]).get(line.id, []) if order.discount_fen else []
    now_held = [
        ShareOf(
            row.beneficiary, row.owner, row.lot, row.lot_amount, row.amount_fen, row.grade, row.factor_milli,
            row.standard_version, row.discount,
        )
        for row in rows
    ]  # fmt: skip
    Share.objects.bulk_create(
        Share(
            order_id=order.id, line_id=line.id, county=order.county, beneficiary=row.beneficiary,
            owner=row.owner, lot_id=row.lot, lot_amount=row.lot_amount, amount_fen=row.amount_fen,
            terms_version=line.terms_version, grade=row.grade, factor_milli=row.factor_milli,
            standard_version=row.standard_version, discount_id=row.discount,
        )
        for row in reshared(now_held, line.amount_fen, draws, terms, less)
    )  # fmt: skip
