"""What the county's people are told: the log of messages, and the county's own words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.registers.notices import actions, queries
from countyfair.registers.notices.rules import CHANNELS, KINDS, LONGEST, Words
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import TOLD
from countyfair.surfaces.ui.given import Given

LANGUAGES = {"zh-hans": _("Chinese"), "en": _("English")}


@page("orders.read")
def news(desk: Desk) -> HttpResponse:
    """Messages and e-mails, the latest first, with what became of each; filter: state."""
    asked = desk.request.GET
    state = asked.get("state", "")
    found = queries.log(
        desk.actor,
        county=desk.county,
        state=state if state in TOLD else "",
        before=parse_uuid(asked.get("after", "")),
        limit=ROWS + 1,
    )
    context = {
        "leaf": leaf(desk.request, found, lambda row: str(row.id)),
        "asked": asked, "states": TOLD, "kinds": KINDS, "channels": CHANNELS, "order_of": _order_of,
    }  # fmt: skip
    return desk.show("news", context)


@page("terms.manage")
def wordings(desk: Desk) -> HttpResponse:
    """Every kind of news as it is worded here, in both languages."""
    return desk.show(
        "wordings", {"rows": queries.wordings_of(desk.county), "kinds": KINDS, "languages": LANGUAGES}
    )


@page("terms.manage")
def wording(desk: Desk, kind: str, language: str) -> HttpResponse:
    """Give one kind of news words of the county's own."""
    rows = queries.wordings_of(desk.county)
    row = next((one for one in rows if (one.kind, one.language) == (kind, language)), None)
    if row is None:
        raise Missing(_("There is no such news."))

    def act(given: Given) -> HttpResponse:
        words = Words(given.text("title"), given.text("short"), given.text("long"))
        believed = given.whole("believed")
        given.stop()
        actions.reword(
            desk.actor, county=desk.county, kind=kind, language=language, words=words, believed=believed
        )
        return desk.go("wordings", said=_("From now on it is told in these words."))

    def show(refusal: Refusal | None) -> HttpResponse:
        stands = {"title": row.words.title, "short": row.words.short, "long": row.words.long}
        context = {
            "row": row, "kind": KINDS[kind], "languages": LANGUAGES, "most": LONGEST[language],
            "typed": {**stands, **desk.request.POST.dict()},
        }  # fmt: skip
        return desk.show("wording", context, refusal=refusal)

    return desk.asks(show, act)


def _order_of(recipient: str) -> UUID | None:
    """The order whose buyer it was for."""
    book, _mark, key = recipient.partition(":")
    return parse_uuid(key) if book == "order" else None
