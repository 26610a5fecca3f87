"""Offers as a sheet: exported, changed elsewhere, brought back, looked through, taken over as one change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.sheets import STRIDE, Row, Table, download, yuan
from countyfair.surfaces.centre.words import OFFERS, OUTLETS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.translation import spoken
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.queries.offer_sheets import offer_sheet, offer_sheets
from countyfair.trade.catalog.rules.offer_sheet import HEADS, STATES


@page("catalog.read", own=True)
def export(desk: Desk, kind: str) -> HttpResponseBase:
    """The offers of the list for download, all of them; changed elsewhere, the sheet can be brought back."""
    return download(desk, kind, TABLE)


@page("catalog.offer")
def bring(desk: Desk) -> HttpResponse:
    """Bring a changed sheet back; one's latest sheets and how far they are."""

    def act(given: Given) -> HttpResponse:
        file = desk.request.FILES.get("file")
        if file is None:
            raise Invalid(_("Choose a sheet of 20 MB at most."), field="file")
        key = ui.once(desk.request)
        actions.bring_sheet(desk.actor, sheet=key, county=desk.county, data=file.read(), language=spoken())
        return desk.go("offers_brought", key)

    def show(refusal: Refusal | None) -> HttpResponse:
        found = offer_sheets(desk.actor, county=desk.county)
        return desk.show("offers_bring", {"sheets": found}, refusal=refusal)

    return desk.asks(show, act)


@page("catalog.offer")
def brought(desk: Desk, key: UUID) -> HttpResponse:
    """How far it is; once compared, what it would change. The button has it taken over."""

    def act(given: Given) -> HttpResponse:
        desk.own(lambda: offer_sheet(desk.actor, sheet=key), lambda found: found.county)
        actions.accept_sheet(desk.actor, sheet=key)
        return desk.go("offers_brought", key)

    def show(refusal: Refusal | None) -> HttpResponse:
        row = desk.own(lambda: offer_sheet(desk.actor, sheet=key), lambda found: found.county)
        context = {"row": row, "says": row.says, "states": OFFERS}
        template = "offers_brought_part" if desk.request.headers.get("HX-Request") else "offers_brought"
        return desk.show(template, context, refusal=refusal)

    return desk.asks(show, act)


def _side() -> int:
    return 0 if spoken().startswith("zh") else 1


def _every(desk: Desk) -> Iterator[Row]:
    asked = Given(desk.request.GET)
    state = asked.text("state") if "state" in desk.request.GET else "on"
    before: tuple[datetime | None, UUID] | None = None
    while rows := queries.offers(
        desk.actor, county=desk.county, state=state, product=asked.key("product"), before=before, limit=STRIDE
    ):
        for row in rows:
            yield (
                str(row.id), row.version, said(row.name_zh, row.name_en), said(row.label_zh, row.label_en),
                OUTLETS.get(row.outlet, row.outlet), STATES[row.state][_side()], yuan(row.price_fen),
                row.opens_at, row.closes_at, row.most_per_order, row.most_per_buyer,
            )  # fmt: skip
        before = (rows[-1].put_up_at, rows[-1].id)


TABLE = Table("offers", ("catalog.read",), lambda: [words[_side()] for words in HEADS.values()], _every)
