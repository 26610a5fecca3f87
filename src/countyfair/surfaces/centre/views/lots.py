"""Lots: what lies where, what moved it, and counter-entries when it was counted again or is lost."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime, time
from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.refusal import Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.sheets import Mark, Row, Table, download, strides
from countyfair.surfaces.centre.words import MOVEMENTS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog import queries as catalog
from countyfair.trade.catalog.rules.grading import GRADES, MEASURES, graded, percent
from countyfair.trade.orders.queries import HeldFor, held_for
from countyfair.trade.stock import actions, queries


@page("stock.read")
def lots(desk: Desk) -> HttpResponse:
    """Lots, the latest weigh-in first; filters: number, household, product, day, with something left."""
    found = _found(desk, after_moment(desk.request), ROWS + 1)
    return desk.show(
        "lots",
        {
            "leaf": leaf(desk.request, found, lambda row: by_moment(row.weighed_at, row.id)),
            "products": _products(desk),
            "grades": GRADES,
            "asked": desk.request.GET,
            "said": said,
        },
        codes=[row.place for row in found],
    )


@page("stock.read")
def lots_sheet(desk: Desk, kind: str) -> HttpResponseBase:
    """The same lots for download, all of them."""
    return download(desk, kind, TABLE)


@page("stock.read")
def lot(desk: Desk, key: UUID) -> HttpResponse:
    """One lot and its journal."""
    row = _lot(desk, key)
    moved = queries.movements(desk.actor, lot=key)
    return desk.show(
        "lot",
        {
            "lot": row,
            "grade": _grade(row),
            "moved": moved,
            "kinds": MOVEMENTS,
            "people": colleagues(desk.actor, county=desk.county, keys=[line.actor for line in moved]),
            "said": said,
        },
        codes=[row.place],
    )


@page("stock.correct")
def correct(desk: Desk, key: UUID) -> HttpResponse:
    """Count again: a counter-entry; below what is promised, it says to whom and asks whether to release."""
    row = _lot(desk, key)

    def act(given: Given) -> HttpResponse:
        counted, reason = given.amount("counted", row.unit), given.text("reason")
        given.stop()
        entry = ui.once(desk.request)
        if given.text("release"):
            lost = actions.correct_and_release(
                desk.actor, entry=entry, lot=key, counted=counted, reason=reason
            )
            return desk.go("lot", key, said=_corrected(len(lost)), kind="waiting" if lost else "done")
        actions.correct(desk.actor, entry=entry, lot=key, counted=counted, reason=reason)
        return desk.go("lot", key, said=_("Corrected."))

    return desk.asks(lambda refusal: _counting(desk, row, refusal), act)


@page("stock.write_off")
def write_off(desk: Desk, key: UUID) -> HttpResponse:
    """Take spoilt or lost goods off a lot."""
    row = _lot(desk, key)

    def act(given: Given) -> HttpResponse:
        amount, reason = given.amount("amount", row.unit), given.text("reason")
        given.stop()
        actions.write_off(desk.actor, entry=ui.once(desk.request), lot=key, amount=amount, reason=reason)
        return desk.go("lot", key, said=_("Written off."))

    return desk.asks(lambda refusal: _writing_off(desk, row, refusal), act)


def _grade(row: queries.LotRow) -> str:
    """The grade with what was measured and what it counts for."""
    if not row.standard_version:
        return row.grade or "–"
    measured = [
        f"{MEASURES[key].name} {value} {MEASURES[key].unit}" for key, value in row.measured.items()
    ] or [gettext("by the pictures")]
    return " · ".join(
        [str(graded(row.grade, row.standard_version)), f"{percent(row.factor_milli)} %", *measured]
    )


def _lot(desk: Desk, key: UUID) -> queries.LotRow:
    return desk.own(lambda: queries.lot(desk.actor, lot=key), lambda row: row.county)


def _counting(desk: Desk, row: queries.LotRow, refusal: Refusal | None = None) -> HttpResponse:
    details = refusal.details if refusal and refusal.code == "held" else {}
    held = cast("list[tuple[str, int]]", details.get("held", []))
    context = _typed(desk, row) | {
        "held": held,
        "orders": _promised(desk, [holder for holder, _amount in held]),
    }
    return desk.show("lot_correct", context, codes=[row.place], refusal=refusal)


def _promised(desk: Desk, holders: list[str]) -> dict[str, HeldFor]:
    """The orders behind promises, for who may read them."""
    if not holders or not desk.may("orders.read"):
        return {}
    return held_for(desk.actor, county=desk.county, holders=holders)


def _writing_off(desk: Desk, row: queries.LotRow, refusal: Refusal | None = None) -> HttpResponse:
    return desk.show("lot_write_off", _typed(desk, row), codes=[row.place], refusal=refusal)


def _typed(desk: Desk, row: queries.LotRow) -> dict[str, object]:
    return {"lot": row, "typed": desk.request.POST, "once": desk.request.POST.get("once"), "said": said}


def _corrected(lost: int) -> str:
    if not lost:
        return str(_("Corrected."))
    return ngettext(
        "Corrected. %(count)d promise was set free; its order will be cancelled and refunded.",
        "Corrected. %(count)d promises were set free; their orders will be cancelled and refunded.",
        lost,
    ) % {"count": lost}


def _found(desk: Desk, before: Mark | None, limit: int) -> list[queries.LotRow]:
    asked = Given(desk.request.GET)
    since = asked.day("since")
    return queries.lots(
        desk.actor,
        county=desk.county,
        number=asked.text("q", most=20),
        household_number=asked.text("household"),
        product=asked.key("product"),
        since=datetime.combine(since, time.min, COUNTY_ZONE) if since else None,
        free_only=bool(asked.text("free")),
        before=before,
        limit=limit,
    )


def _every(desk: Desk) -> Iterator[Row]:
    for rows in strides(functools.partial(_found, desk), lambda last: (last.weighed_at, last.id)):
        names = desk.names(row.place for row in rows)
        for row in rows:
            yield (
                row.number, said(row.product_name_zh, row.product_name_en), row.household_number,
                names.plain(row.place), row.place, row.station_name, row.harvested_on, row.weighed_at,
                graded(row.grade, row.standard_version), row.unit, row.on_hand, row.reserved, row.free,
            )  # fmt: skip


def _products(desk: Desk) -> list[tuple[UUID, str]]:
    """What the filter offers."""
    if not desk.may("catalog.read"):
        return []
    found = catalog.managed_products(desk.actor, county=desk.county, limit=500)
    return [(row.id, said(row.name_zh, row.name_en)) for row in found]


TABLE = Table(
    "lots", ("stock.read",),
    lambda: (
        _("Number"), _("Product"), _("Household"), _("Village"), _("Place code"), _("Station"),
        _("Harvested"), _("Weighed"), _("Grade"), _("Unit"), _("On hand"), _("Promised"), _("Free"),
    ),
    _every,
)  # fmt: skip
