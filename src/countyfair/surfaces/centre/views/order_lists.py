"""Lists of orders: by filter on a page, and all of them for download."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.sheets import Mark, Row, every, sheet, yuan
from countyfair.surfaces.centre.words import FULFILMENTS, ORDERS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.orders import queries


@page("orders.read")
def orders(desk: Desk) -> HttpResponse:
    """Orders, the newest first; filters: number, state, place, days, lost to a shortfall."""
    found = _found(desk, after_moment(desk.request), ROWS + 1)
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
    head: tuple[Sentence, ...] = (
        _("Number"), _("State"), _("Placed"), _("Goods"), _("Lines"), _("Way"), _("Destination"),
        _("Packed at"), _("Amount"), _("Taken off"),
    )  # fmt: skip
    return sheet(kind, f"orders-{desk.county}", head, _every(desk))


def _found(desk: Desk, after: Mark | None, limit: int) -> list[queries.OrderRow]:
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


def _every(desk: Desk) -> Iterator[Row]:
    for row in every(functools.partial(_found, desk), lambda last: (last.placed_at, last.id)):
        yield (
            row.number, ORDERS[row.state].word, row.placed_at, said(row.name_zh, row.name_en), row.lines,
            FULFILMENTS[row.fulfilment], row.station_name or row.destination,
            row.origin_name or row.origin_place, yuan(row.total_fen),
            yuan(row.discount_fen),
        )  # fmt: skip
