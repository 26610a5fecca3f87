"""Recalls: calling a lot back, how far its buyers were told, lifting what was a mistake."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.words import ORDERS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.stock.queries import lot as lot_called
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.rules.recalls import SEVERITIES, TELLINGS


@page("trace.read")
def recalls(desk: Desk) -> HttpResponse:
    """A county's recalls, the latest first."""
    found = queries.recalls(desk.actor, county=desk.county, before=after_moment(desk.request), limit=ROWS + 1)
    return desk.show(
        "recalls",
        {
            "leaf": leaf(desk.request, found, lambda row: by_moment(row.at, row.id)),
            "severities": SEVERITIES,
            "said": said,
        },
        codes=[row.place for row in found],
    )


@page("trace.read")
def recall(desk: Desk, key: UUID) -> HttpResponse:
    """One recall: what was found, who was told, who was not."""
    return _recall(desk, key)


@page("trace.recall")
def recall_lot(desk: Desk, key: UUID) -> HttpResponse:
    """Call a lot back. The form's id becomes the recall's."""
    row = desk.own(lambda: lot_called(desk.actor, lot=key), lambda lot: lot.county)

    def show(refusal: Refusal | None) -> HttpResponse:
        context = {
            "lot": row,
            "severities": list(SEVERITIES.items()),
            "typed": desk.request.POST,
            "once": desk.request.POST.get("once"),
            "said": said,
        }
        return desk.show("lot_recall", context, codes=[row.place], refusal=refusal)

    def act(given: Given) -> HttpResponse:
        severity, reason = given.text("severity"), given.text("reason")
        given.stop()
        made = ui.once(desk.request)
        found = actions.recall_lot(desk.actor, recall=made, lot=key, severity=severity, reason=reason)
        return desk.go("recall", made, said=_told_how_many(found))

    return desk.asks(show, act)


@page("trace.recall")
def lift(desk: Desk, key: UUID) -> HttpResponse:
    """Lift a recall that was a mistake."""
    row = _own(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        context = {"recall": row, "typed": desk.request.POST, "said": said}
        return desk.show("recall_lift", context, codes=[row.place], refusal=refusal)

    def act(given: Given) -> HttpResponse:
        reason = given.text("reason")
        given.stop()
        actions.lift_recall(desk.actor, recall=key, reason=reason)
        return desk.go("recall", key, said=_("The recall is lifted. What is left of the lot is sold again."))

    return desk.asks(show, act)


@page("trace.recall")
def again(desk: Desk, key: UUID, telling: UUID) -> HttpResponse:
    """Send a message again that nobody confirmed."""
    _own(desk, key)
    actions.tell_again(desk.actor, telling=telling)
    return desk.go("recall", key, said=_("The message will be sent again within a minute."))


def _own(desk: Desk, key: UUID) -> queries.RecallRow:
    return desk.own(lambda: queries.recall(desk.actor, recall=key), lambda row: row.county)


def _recall(desk: Desk, key: UUID) -> HttpResponse:
    row = _own(desk, key)
    asked = desk.request.GET
    state = asked.get("state", "") if asked.get("state") in TELLINGS else ""
    found = queries.tellings(
        desk.actor, recall_=row, state=state, after=parse_uuid(asked.get("after", "")), limit=ROWS + 1
    )
    return desk.show(
        "recall",
        {
            "recall": row,
            "leaf": leaf(desk.request, found, lambda one: str(one.order)),
            "severities": SEVERITIES,
            "tellings": TELLINGS,
            "orders": ORDERS,
            "state": state,
            "people": colleagues(desk.actor, county=desk.county, keys=[row.actor]),
            "said": said,
        },
        codes=[row.place],
    )


def _told_how_many(found: int) -> str:
    return ngettext(
        "Nothing of this lot is sold any more. %(count)d order had some of it; its buyer is being told.",
        "Nothing of this lot is sold any more. %(count)d orders had some of it; their buyers are being told.",
        found,
    ) % {"count": found}
