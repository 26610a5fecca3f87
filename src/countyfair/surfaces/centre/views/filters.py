"""Filters of the desk's lists, kept by name: each is a link that a colleague can be given."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Missing, Refusal
from countyfair.registers.people import actions
from countyfair.registers.people.queries.filters import filters_of
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import ANY, CORNERS, Desk, page
from countyfair.surfaces.ui.given import Given

#: Lists that can be filtered.
LISTS = {
    door.name: door.label
    for corner in CORNERS
    for door in corner.doors
    if door.name in ("orders", "products", "offers", "lots", "households", "refunds", "stations", "trail")
}


@page(*ANY, own=True)
def filters(desk: Desk) -> HttpResponse:
    """One's own filters; `?list=` and `?query=` are one that could be kept, `POST` keeps it."""

    def act(given: Given) -> HttpResponse:
        where, query = given.text("list"), _tidy(given.text("query"))
        if where not in LISTS:
            raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
        actions.save_filter(
            desk.actor, filter_id=ui.once(desk.request), county=desk.county, page=where,
            name=given.text("name"), query=query,
        )  # fmt: skip
        return desk.go("filters", said=_("The filter is kept."))

    return desk.asks(lambda refusal: _page(desk, refusal), act)


@page(*ANY, own=True)
def drop(desk: Desk, key: UUID) -> HttpResponse:
    """Forget one of one's own."""
    if all(row.id != key for row in filters_of(desk.actor, county=desk.county)):
        raise Missing(_("There is no such filter."))
    actions.drop_filter(desk.actor, filter_id=key)
    return desk.go("filters", said=_("The filter is gone."))


def _page(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    asked = desk.request.POST or desk.request.GET
    where = asked.get("list", "")
    kept = [
        (row, LISTS[row.page], f"{desk.at(row.page)}?{row.query}" if row.query else desk.at(row.page))
        for row in filters_of(desk.actor, county=desk.county)
        if row.page in LISTS
    ]
    context = {
        "kept": kept,
        "where": where if where in LISTS else "",
        "lists": LISTS,
        "query": _tidy(asked.get("query", "")),
        "typed": desk.request.POST,
    }
    return desk.show("filters", context, refusal=refusal)


def _tidy(query: str) -> str:
    """A query without where a page began, and without what no address holds."""
    told = parse_qsl(query.replace("\x00", ""), keep_blank_values=True)
    return urlencode([(name, value) for name, value in told if name not in ("after", "lang", "theme")])
