"""Writing down what a platform told, for many orders in one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import array, run
from countyfair.outreach.channels.models import Connection
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import TheirLine, TheirOrder
from countyfair.outreach.channels.rules.arriving import LineOf, Mapped, ship_before


@dataclass(frozen=True, slots=True)
class New:
    """An order that was never told of before, under the id that it gets here."""

    id: UUID
    order: TheirOrder
    lines: list[LineOf]
    print: str


def keep_listings(shop: Connection, goods: Sequence[tuple[str, TheirLine, int]], moment: datetime) -> None:
    """Goods that nobody has mapped yet, by key, with what a piece was sold for; those that are there stay."""
    lines = [line for _key, line, _price in goods]
    lists: dict[str, Iterable[object]] = {
        "ids": [uuid7() for _line in lines],
        "keys": [key for key, _line, _price in goods],
        "goods": [line.goods[:64] for line in lines],
        "skus": [line.sku[:64] for line in lines],
        "codes": [line.code[:64] for line in lines],
        "titles": [line.title[:200] for line in lines],
        "specs": [line.spec[:200] for line in lines],
        "prices": [price for _key, _line, price in goods],
    }
    _run(_LISTINGS, shop, lists, connection=shop.id, moment=moment)


def keep_arrivals(
    shop: Connection,
    new: Sequence[New],
    standings: Mapping[UUID, str],
    moment: datetime,
) -> None:
    """Orders as they were told, each where it stands."""
    hours = PLATFORMS[shop.platform].ship_hours
    told = [one.order for one in new]
    lists: dict[str, Iterable[object]] = {
        "ids": [one.id for one in new],
        "numbers": [order.number for order in told],
        "states": [order.state for order in told],
        "standings": [standings[one.id] for one in new],
        "dues": [order.due_fen for order in told],
        "freights": [order.freight_fen for order in told],
        "platforms": [order.platform_fen for order in told],
        "hosts_fen": [order.host_fen for order in told],
        "shops": [order.shop_fen for order in told],
        "refunds": [order.refunded_fen for order in told],
        "aftersales": [order.aftersale for order in told],
        "hosts": [order.host[:64] for order in told],
        "ordered": [order.ordered_at or order.paid_at or moment for order in told],
        "paid": [order.paid_at for order in told],
        "before": [ship_before(order, hours) for order in told],
        "told": [moment if order.waybill else None for order in told],
        "prints": [one.print for one in new],
    }
    _run(_ARRIVALS, shop, lists, connection=shop.id, moment=moment)


def keep_lines(shop: Connection, new: Sequence[New], mapped: Mapping[str, Mapped]) -> None:
    """The lines of these orders."""
    lines = [(one.id, line) for one in new for line in one.lines]
    lists: dict[str, Iterable[object]] = {
        "ids": [uuid7() for _line in lines],
        "arrivals": [arrival for arrival, _line in lines],
        "keys": [line.key[:64] for _arrival, line in lines],
        "listings": [mapped[line.listing].id for _arrival, line in lines],
        "quantities": [line.quantity for _arrival, line in lines],
        "amounts": [line.amount_fen for _arrival, line in lines],
    }
    _run(_LINES, shop, lists)


def _run(sql: str, shop: Connection, lists: Mapping[str, Iterable[object]], **alone: object) -> None:
    params = {name: array(values) for name, values in lists.items()}
    run(sql, params | {"county": shop.county} | alone, keep_plan=True)


_LISTINGS = """
INSERT INTO channels_listing (id, connection_id, county, key, goods, sku, code, title, spec, price_fen,
                              standing, packs, confirmed_by, seen_at)
SELECT l.id, %(connection)s::uuid, %(county)s, l.key, l.goods, l.sku, l.code, l.title, l.spec, l.price, 'new',
       1, '', %(moment)s::timestamptz
  FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(goods)s::text[], %(skus)s::text[], %(codes)s::text[],
              %(titles)s::text[], %(specs)s::text[], %(prices)s::bigint[])
    AS l (id, key, goods, sku, code, title, spec, price)
ON CONFLICT (connection_id, key) DO NOTHING
"""

_ARRIVALS = """
INSERT INTO channels_arrival
       (id, connection_id, county, number, state, standing, why, due_fen, freight_fen, platform_fen, host_fen,
        shop_fen, refunded_fen, cut_fen, aftersale, host, ordered_at, paid_at, ship_before, waybill_at,
        fingerprint, seen_at)
SELECT a.id, %(connection)s::uuid, %(county)s, a.number, a.state, a.standing, '', a.due, a.freight,
       a.platform, a.host_fen, a.shop, a.refunded, 0, a.aftersale, a.host, a.ordered, a.paid, a.before,
       a.told, a.print, %(moment)s::timestamptz
  FROM unnest(%(ids)s::uuid[], %(numbers)s::text[], %(states)s::text[], %(standings)s::text[],
              %(dues)s::bigint[], %(freights)s::bigint[], %(platforms)s::bigint[],
              %(hosts_fen)s::bigint[], %(shops)s::bigint[], %(refunds)s::bigint[], %(aftersales)s::boolean[],
              %(hosts)s::text[], %(ordered)s::timestamptz[], %(paid)s::timestamptz[],
              %(before)s::timestamptz[], %(told)s::timestamptz[], %(prints)s::text[])
    AS a (id, number, state, standing, due, freight, platform, host_fen, shop, refunded, aftersale, host,
          ordered, paid, before, told, print)
"""

_LINES = """
INSERT INTO channels_arrivalline (id, arrival_id, county, key, listing_id, quantity, amount_fen)
SELECT l.id, l.arrival, %(county)s, l.key, l.listing, l.quantity, l.amount
  FROM unnest(%(ids)s::uuid[], %(arrivals)s::uuid[], %(keys)s::text[], %(listings)s::uuid[],
              %(quantities)s::int[], %(amounts)s::bigint[])
    AS l (id, arrival, key, listing, quantity, amount)
"""
