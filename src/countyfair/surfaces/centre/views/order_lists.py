"""Lists of orders: by filter on a page, and all of them for download."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.sheets import Mark, Row, Table, download, every, strides, yuan
from countyfair.surfaces.centre.words import FULFILMENTS, ORDERS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.orders import queries
from countyfair.trade.orders.queries import OrderRow


@page("orders.read")
def orders(desk: Desk) -> HttpResponse:
    """Orders, the newest first; filters: number, state, place, days, lost to a shortfall."""
    found = listed(desk, after_moment(desk.request), ROWS + 1)
    return desk.show(
        "orders",
        {
            "leaf": leaf(desk.request, found, lambda row: by_moment(row.placed_at, row.id)),
            "asked": desk.request.GET,
            "states": ORDERS,
            "ways": FULFILMENTS,
            "said": said,
        },
        codes=[code for row in found for code in (row.destination, row.origin_place)],
    )


@page("orders.read")
def orders_sheet(desk: Desk, kind: str) -> HttpResponseBase:
    """The same orders for download, all of them."""
    return download(desk, kind, TABLE)


def every_order(desk: Desk) -> Iterator[OrderRow]:
    """All orders of the list that the address asks for."""
    return every(functools.partial(listed, desk), lambda last: (last.placed_at, last.id))


def listed(desk: Desk, after: Mark | None, limit: int) -> list[OrderRow]:
    """So many orders of that list, behind a mark."""
    asked = Given(desk.request.GET)
    since, until = asked.day("since"), asked.day("until")
    return queries.orders_of(
        desk.actor,
        county=desk.county,
        state=asked.text("state"),
        number=asked.text("q"),
        place=asked.text("place"),
        short=bool(asked.text("short")),
        since=datetime.combine(since, time.min, COUNTY_ZONE) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, COUNTY_ZONE) if until else None,
        after=after,
        limit=limit,
    )


def _rows(desk: Desk) -> Iterator[Row]:
    for rows in strides(functools.partial(listed, desk), lambda last: (last.placed_at, last.id)):
        names = desk.names(code for row in rows for code in (row.destination, row.origin_place))
        for row in rows:
            yield (
                row.number, ORDERS[row.state].word, row.placed_at, said(row.name_zh, row.name_en), row.lines,
                FULFILMENTS[row.fulfilment],
                said(row.station_name, row.station_name_en) or names.plain(row.destination), row.destination,
                said(row.origin_name, row.origin_name_en) or names.plain(row.origin_place),
                yuan(row.total_fen), yuan(row.discount_fen),
            )  # fmt: skip


TABLE = Table(
    "orders", ("orders.read",),
    lambda: (
        _("Number"), _("State"), _("Placed"), _("Goods"), _("Lines"), _("Way"), _("Destination"),
        _("Place code"), _("Packed at"), _("Amount"), _("Taken off"),
    ),
    _rows,
)  # fmt: skip
