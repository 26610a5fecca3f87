"""Allotting what was weighed of a harvest cycle: promises of expected lots move onto weighed ones, or fall.

Who holds them decides how much each gets (`rules.allot`); rooms above call these within one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions import put_up
from countyfair.trade.stock.actions.closing import locked_cycle
from countyfair.trade.stock.actions.holding import Hold, reserve
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.models import Cycle, Harvest, Lot, Reservation, Supply
from countyfair.trade.stock.queries.cycles import Promised, free_lots, offers_of, promised
from countyfair.trade.stock.rules import Draw, LotState

_HOUSE = Actor.system("stock.settle_cycle")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an allotment rests on, all of it locked: the promises, and the weighed lots that can be given.

    `over`: it was allotted before.
    """

    county: str
    over: bool
    promises: tuple[Promised, ...]
    lots: tuple[LotState, ...]


@verb
def prepare_allotting(actor: Actor, *, cycle: UUID) -> Ground:
    """Lock a closed cycle with its harvests, supplies and lots, and read what is to be allotted.

    Raises:
        Missing: no such cycle.
        Forbidden: no `catalog.offer` in its county.
        Conflict: it is open still.
    """
    pool = Cycle.objects.filter(pk=cycle).values_list("pool__name", flat=True).first()
    list(Harvest.objects.select_for_update(no_key=True).filter(pool_name=pool or "-").order_by("id"))
    row = locked_cycle(cycle)
    actor.require("catalog.offer", place=row.county)
    if row.state == "open":
        raise Conflict(_("This cycle is open still. Close it first."))
    if row.state == "allotted":
        return Ground(row.county, True, (), ())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stock_lock(ARRAY(SELECT id FROM stock_supply WHERE pool_id = %(pool)s::uuid),"
            " ARRAY(SELECT id FROM stock_lot WHERE pool_id = %(pool)s::uuid))",
            {"pool": row.pool_id},
        )
    return Ground(row.county, False, tuple(promised(row.pool_id)), tuple(free_lots(row.pool_id)))


@verb
def settle_cycle(actor: Actor, *, cycle: UUID, draws: Mapping[str, Sequence[Draw]]) -> None:
    """Give the holders of a prepared cycle these draws of weighed lots instead of what they were promised.

    What is not in `draws` falls. What is left goes on sale at the same outlets, as what lies there.

    Raises:
        Missing: no such cycle.
        Conflict: it is not closed, or was allotted before.
        SoldOut, Stale: the lots have less than that.
    """
    row = locked_cycle(cycle)
    if row.state != "closed":
        raise Conflict(_("This cycle cannot be allotted now. Reload the page to see where it stands."))
    before = promised(row.pool_id)
    _let_go(row)
    by_expiry: dict[datetime | None, list[Hold]] = {}
    for one in before:
        by_expiry.setdefault(one.expires_at, []).extend(
            Hold(uuid7(), one.supply, draw.lot.id, draw.amount, one.holder)
            for draw in draws.get(one.holder, ())
        )
    for expires, holds in by_expiry.items():
        if holds:
            reserve(actor, county=row.county, holds=holds, expires=expires)
    Harvest.objects.filter(county=row.county, pool_name=row.pool.name).update(pool_name="")
    row.state, row.allotted_at = "allotted", now()
    row.save(update_fields=["state", "allotted_at"])
    _sell_the_rest(row.pool_id)


def _let_go(row: Cycle) -> None:
    expected = Lot.objects.filter(pool_id=row.pool_id, expected=True)
    held = Reservation.objects.filter(lot__in=expected, state="held")
    ids = list(held.order_by("id").values_list("id", flat=True))
    Reservation.objects.filter(id__in=ids).update(state="moved")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stock_move('release', %s::uuid[], %s, %s::timestamptz)", [ids, "allotted", now()]
        )
    for lot in expected.filter(on_hand__gt=0).order_by("id"):
        append("expect", lot=lot.id, county=row.county, on_hand=-lot.on_hand, source=f"allot:{lot.id}")


def _sell_the_rest(pool: UUID) -> None:
    """Put its offers up again as what lies there, each where a pack of it is left."""
    left = sum(lot.free for lot in free_lots(pool))
    for offer in offers_of(pool):
        cap = Supply.objects.filter(offer_id=offer.id).values_list("cap_amount", "used").first()
        room = left if cap is None or cap[0] is None else min(left, cap[0] - cap[1])
        if offer.may_go_up and room >= offer.content_amount:
            put_up(
                _HOUSE, offer=offer.id, pack=offer.pack, price=Money(offer.price_fen), outlet=offer.outlet,
                most_per_order=offer.most_per_order, most_per_buyer=offer.most_per_buyer,
            )  # fmt: skip
