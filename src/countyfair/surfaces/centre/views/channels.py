"""Outside platforms: our shops there, what waits for somebody, files dropped; connecting, one shop."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Refusal, Sentence
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.queries.intakes import intakes
from countyfair.outreach.channels.queries.pushing import to_tell
from countyfair.outreach.channels.queries.shops import ShopThere, shop_there, shops_there
from countyfair.surfaces import ui
from countyfair.surfaces.centre.channel_words import INTAKES, KINDS, TROUBLES, label
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog import queries as catalog

#: Shops of the county from which one is chosen.
MOST_SHOPS = 200


@page("channel.read")
def channels(desk: Desk) -> HttpResponse:
    """Every shop on a platform, how much waits for somebody, and the latest files."""
    return channels_page(desk)


def channels_page(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    """The same; `refusal` is what a dropped file was told."""
    shops = shops_there(desk.actor, county=desk.county)
    context = {
        "shops": shops,
        "open": [row for row in shops if row.ended_at is None],
        "files": intakes(desk.actor, county=desk.county),
        "label": label,
        "kinds": KINDS,
        "states": INTAKES,
        "troubles": TROUBLES,
        "typed": desk.request.POST,
    }
    return desk.show("channels", context, refusal=refusal)


@page("channel.manage")
def connect(desk: Desk) -> HttpResponse:
    """Put one of the county's shops up on a platform."""

    def act(given: Given) -> HttpResponse:
        key = ui.once(desk.request)
        shop, buffer = given.key("shop", need=_("Choose one of the county's shops.")), _buffer(given)
        given.stop()
        actions.connect(
            desk.actor, connection=key, county=desk.county, shop=shop or key,
            platform=given.text("platform"), name=given.text("name"), their_shop=given.text("their_shop"),
            buffer=buffer,
        )  # fmt: skip
        return desk.go("channel", key, said=_("The shop is connected. Drop its first file."))

    def show(refusal: Refusal | None) -> HttpResponse:
        ours = catalog.shops(county=desk.county, limit=MOST_SHOPS)
        context = {
            "shops": [(row.id, said(row.name_zh, row.name_en)) for row in ours],
            "platforms": [(name, one.label) for name, one in PLATFORMS.items()],
            "typed": desk.request.POST,
            "once": desk.request.POST.get("once"),
        }
        return desk.show("channel_new", context, refusal=refusal)

    return desk.asks(show, act)


@page("channel.read")
def channel(desk: Desk, key: UUID) -> HttpResponse:
    """One shop there: its terms, what its platform is to be told of stock, its months."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        return desk.go("channel", key, said=_DEEDS.get(given.text("do"), _change)(desk, key, given))

    row = own_shop(desk, key)
    return desk.asks(lambda refusal: _channel(desk, row, refusal), act)


def own_shop(desk: Desk, key: UUID) -> ShopThere:
    """A shop of this county on a platform."""
    return desk.own(lambda: shop_there(desk.actor, connection=key), lambda row: row.county)


def _channel(desk: Desk, row: ShopThere, refusal: Refusal | None) -> HttpResponse:
    stands = {"name": row.name, "their_shop": row.their_shop, "buffer": str(row.buffer)}
    is_open = row.ended_at is None
    context = {
        "row": row,
        "label": label,
        "stock": to_tell(desk.actor, county=desk.county, connection=row.id, changed=False) if is_open else [],
        "typed": {**stands, **desk.request.POST.dict()},
        "troubles": TROUBLES,
    }
    return desk.show("channel", context, refusal=refusal)


def _change(desk: Desk, key: UUID, given: Given) -> Sentence:
    buffer = _buffer(given)
    given.stop()
    actions.change_connection(
        desk.actor, connection=key, name=given.text("name"), their_shop=given.text("their_shop"),
        buffer=buffer,
    )  # fmt: skip
    return _("Saved.")


def _told(desk: Desk, key: UUID, given: Given) -> Sentence:
    """Each ticked row says `listing:pieces`, as it was seen."""
    rows = [said_.partition(":") for said_ in given.many("told")]
    told = {
        listing: int(pieces)
        for text, _mark, pieces in rows
        if (listing := parse_uuid(text)) and pieces.isascii() and pieces.isdecimal() and len(pieces) < 8
    }
    count = actions.note_stock_told(desk.actor, connection=key, told=told)
    return ngettext_lazy("Noted for %(num)s of its goods.", "Noted for %(num)s of its goods.", count) % {
        "num": count
    }


def _end(desk: Desk, key: UUID, _given: Given) -> Sentence:
    if actions.end_connection(desk.actor, connection=key):
        return _("Nothing comes from this shop any more.")
    return _("It had ended before.")


def _buffer(given: Given) -> int:
    return given.whole("buffer") if given.text("buffer") else 0


_DEEDS = {"change": _change, "told": _told, "end": _end}
