"""One lot sold in the shop, on two platforms by file and on one by API, all at the same moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from pytest_django import Settings

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import column, scalar
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.models import Connection
from countyfair.outreach.channels.platforms import speaking
from countyfair.outreach.channels.platforms.shape import TheirLine
from countyfair.outreach.channels.tests.apis import at_work, credentials
from countyfair.outreach.channels.tests.doubles.pinduoduo import Pinduoduo
from countyfair.outreach.channels.tests.factories import a_connection
from countyfair.outreach.channels.tests.making import made_order, write_orders
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import availability
from tests.concurrency.test_races import all_proved, at_once

pytestmark = pytest.mark.django_db(transaction=True)

BY_FILE, BY_API = ("douyin", "kuaishou"), "pinduoduo"
#: Packs that there are, and how many are wanted in each place: one and a half times as many.
PACKS, IN_SHOP, ON_EACH = 12, 6, 4


@dataclass(frozen=True, slots=True)
class Market:
    """A fair with shops on three platforms, one of which is asked by its API."""

    fair: Fair
    shops: dict[str, UUID]
    double: Pinduoduo
    folder: Path


@pytest.fixture
def market(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    fair = a_fair()
    shops = {name: a_connection(fair, name) for name in (*BY_FILE, BY_API)}
    with at_work(BY_API, settings, monkeypatch) as double:
        monkeypatch.setattr(speaking, "PATIENCE", 20.0)  # many ask at once here
        market = Market(fair, shops, cast("Pinduoduo", double), tmp_path)
        channels.grant(SYSTEM, connection=shops[BY_API], credentials=credentials(double))
        yield market


def orders_by_file(market: Market, platform: str, round_: int) -> None:
    """A file of orders of one pack each, looked at and waiting for the worker."""
    moment = now()
    told = []
    for at in range(ON_EACH):
        base = made_order(platform, 30 + round_, at)
        line = TheirLine(f"{base.number}1", "8801", "9901", "", "样例黑米", "500g", 1, 2980)
        told.append(
            replace(
                base, state="paid", lines=(line,), paid_fen=2980, freight_fen=0, platform_fen=0, host_fen=0,
                host="", refunded_fen=0, ordered_at=moment, paid_at=moment, shipped_at=None, received_at=None,
                waybill="", carrier="",
            )
        )  # fmt: skip
    path = market.folder / f"{platform}-{round_}.csv"
    write_orders(path, platform, told)
    row = channels.open_file(
        SYSTEM, intake=uuid7(), county=market.fair.county, name=path.name, path=path,
        connection=market.shops[platform],
    )  # fmt: skip
    channels.start_intake(SYSTEM, intake=row.id)


def orders_by_api(market: Market, round_: int) -> None:
    for at in range(ON_EACH):
        goods = [{
            "goods_id": 7001, "sku_id": 9001, "outer_id": "", "goods_name": "样例黑米", "goods_spec": "500g",
            "goods_count": 1, "goods_price": "29.80",
        }]  # fmt: skip
        market.double.order(
            f"API-{round_}-{at}", int(time.time()), item_list=goods, pay_amount="29.80", postage="0.00",
            platform_discount="0.00", seller_discount="0.00",
        )  # fmt: skip


def everything_is_known(market: Market, offers: dict[str, UUID]) -> None:
    """All goods of all platforms are the round's pack."""
    for platform, shop in market.shops.items():
        sql = "SELECT id FROM channels_listing WHERE connection_id = %s"
        for listing in column(sql, [shop], of=UUID):
            channels.map_listing(SYSTEM, listing=listing, offer=offers[platform])


def a_round(market: Market, round_: int) -> None:
    """All come at once for a lot that is too small: it is sold to its last pack, and never beyond."""
    stall = a_stall(market.fair.households, market.fair.station, lots=(4000, 2000))
    offers = {}
    for platform in market.shops:
        offers[platform] = an_offer(pack=stall.pack, outlet=platform)
        stock.feed(SYSTEM, offer=offers[platform])
    everything_is_known(market, offers)
    for platform in BY_FILE:
        orders_by_file(market, platform, round_)
    orders_by_api(market, round_)
    fair = replace(market.fair, stall=stall)
    buy = partial(place, fair)

    said = at_once(
        *[buy] * IN_SHOP, channels.read_intakes, channels.read_intakes,
        partial(channels.sync_shop, SYSTEM, market.shops[BY_API]),
    )  # fmt: skip

    bought = [one for one in said[:IN_SHOP] if one != "sold_out"]
    placed = column(
        "SELECT l.quantity FROM orders_line l JOIN channels_arrival a ON a.id = l.order_id"
        " WHERE l.offer_id = ANY(%s::uuid[])", [list(offers.values())], of=int,
    )  # fmt: skip
    assert said[-1] == "", "the API was read"
    assert len(bought) + sum(placed) == PACKS
    assert availability([stall.offer, *offers.values()]) == dict.fromkeys([stall.offer, *offers.values()], 0)
    assert scalar("SELECT min(on_hand - reserved) FROM stock_lot") == 0
    waiting = scalar("SELECT count(*) FROM channels_arrival WHERE standing = 'short'")
    assert waiting == 3 * ON_EACH - sum(placed)
    for key in column("SELECT id FROM channels_arrival WHERE standing = 'short'", of=UUID):
        channels.call_off_short(SYSTEM, arrival=key, reason="out_of_stock")


def goods_are_seen(market: Market) -> None:
    """A first order of each platform, so that its goods have a listing."""
    for platform in BY_FILE:
        orders_by_file(market, platform, -1)
    orders_by_api(market, -1)
    channels.read_intakes()
    assert channels.sync_shop(SYSTEM, market.shops[BY_API]) == ""
    for listing in column("SELECT id FROM channels_listing", of=UUID):
        channels.ignore_listing(SYSTEM, listing=listing)


def rounds(market: Market, count: int) -> None:
    Connection.objects.filter(id=market.shops[BY_API]).update(begun_at=now())
    goods_are_seen(market)
    for round_ in range(count):
        a_round(market, round_)
    all_proved()


@pytest.mark.slow
def test_a_lot_is_sold_in_four_places_at_once_and_never_oversold(market: Market) -> None:
    rounds(market, 8)


@pytest.mark.nightly
def test_a_hundred_lots_are_sold_in_four_places_at_once_and_never_oversold(market: Market) -> None:
    rounds(market, 100)
