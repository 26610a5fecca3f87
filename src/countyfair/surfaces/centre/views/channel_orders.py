"""Orders of platforms that wait for a person, and parcels of which a platform waits to hear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid, Refusal, Sentence
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.queries.shipping import ToShip, to_ship
from countyfair.outreach.channels.queries.shops import offers_on, shops_there
from countyfair.outreach.channels.queries.waiting import waiting_order, waits
from countyfair.outreach.channels.rules.shipping import urgency
from countyfair.surfaces.centre.channel_words import ARRIVALS, DEADLINES, WHY_NOT, label
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment_if_any, by_moment, leaf
from countyfair.surfaces.centre.views.channel_goods import INCOMPLETE, offer_words
from countyfair.surfaces.centre.views.channels import own_shop
from countyfair.surfaces.centre.words import ORDERS, State
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given

#: Parcels on one page: a round's.
PARCELS = 200


@page("channel.read")
def short(desk: Desk) -> HttpResponse:
    """Orders of platforms whose goods are lacking, or that cannot be taken in; the nearest deadline first."""
    after = after_moment_if_any(desk.request)
    found = waits(desk.actor, county=desk.county, after=after, limit=ROWS + 1)
    context = {
        "leaf": leaf(desk.request, found, lambda row: by_moment(row.ship_before, row.arrival)),
        "label": label,
        "states": ARRIVALS,
        "why_not": WHY_NOT,
        "left": time_left,
    }
    return desk.show("channel_short", context)


@page("channel.read")
def order(desk: Desk, key: UUID) -> HttpResponse:
    """One order that waits: send another offer, send a part, or call it off with the platform's reason."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        deed = _DEEDS.get(given.text("do"))
        if deed is None:
            raise Invalid(INCOMPLETE)
        return desk.go("channel_short", said=deed(desk, key, given))

    desk.own(lambda: waiting_order(desk.actor, arrival=key)[0], lambda row: row.county)
    return desk.asks(lambda refusal: _order(desk, key, refusal), act)


@page("channel.read")
def waybills(desk: Desk) -> HttpResponse:
    """Orders of which a platform waits to hear that they left; which of them it was told of is noted."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        told: dict[UUID, list[UUID]] = {}
        for text in given.many("told"):
            shop, _mark, arrival = text.partition(":")
            keys = parse_uuid(shop), parse_uuid(arrival)
            if keys[0] and keys[1]:
                told.setdefault(keys[0], []).append(keys[1])
        count = sum(
            actions.note_told(desk.actor, connection=own_shop(desk, shop).id, arrivals=rows)
            for shop, rows in told.items()
        )
        sentence = ngettext_lazy(
            "Noted: the platform knows of %(num)s parcel more.",
            "Noted: the platforms know of %(num)s parcels more.",
            count,
        ) % {"num": count}
        return desk.go("channel_waybills", said=sentence)

    return desk.asks(lambda refusal: _waybills(desk, refusal), act)


@page("channel.manage")
def waybill_sheet(desk: Desk, key: UUID) -> HttpResponse:
    """The sheet of parcels that one platform has not heard of, for its back office."""
    row = own_shop(desk, key)
    data = actions.waybill_sheet(desk.actor, connection=key)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    name = f"waybills-{row.platform}-{now():%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def time_left(until: datetime | None) -> State | None:
    """How long there is until a deadline, in words; None where none is known."""
    if until is None:
        return None
    moment = now()
    minutes = int(abs((until - moment).total_seconds()) // 60)
    look = DEADLINES[urgency(until, moment)]
    hours = ngettext_lazy("%(num)s hour", "%(num)s hours", minutes // 60) % {"num": minutes // 60}
    rest = ngettext_lazy("%(num)s minute", "%(num)s minutes", minutes % 60) % {"num": minutes % 60}
    days = ngettext_lazy("%(num)s day", "%(num)s days", minutes // 1440) % {"num": minutes // 1440}
    if minutes >= 2 * 1440:
        span: Sentence = days
    elif minutes >= 600:
        span = hours
    else:
        span = f"{hours} {rest}" if minutes >= 60 else rest
    return State(look, (_("%(span)s late") if until <= moment else _("%(span)s left")) % {"span": span})


def _order(desk: Desk, key: UUID, refusal: Refusal | None) -> HttpResponse:
    row, lines = waiting_order(desk.actor, arrival=key)
    offers = offers_on(desk.actor, county=desk.county, platforms=[row.platform])
    context = {
        "row": row,
        "lines": lines,
        "waits": row.standing in ("short", "refused"),
        "state": ARRIVALS[row.standing],
        "why": WHY_NOT.get(row.why, ""),
        "left": time_left(row.ship_before),
        "label": label,
        "offers": [(str(one.offer), offer_words(one)) for one in offers],
        "reasons": list(PLATFORMS[row.platform].reasons.items()),
        "typed": desk.request.POST,
        "said": said,
    }
    return desk.show("channel_order", context, refusal=refusal)


def _another(desk: Desk, key: UUID, given: Given) -> Sentence:
    offer = given.key("offer", need=_("Choose an offer that is put up on this platform."))
    packs = given.whole("packs") if given.text("packs") else 1
    given.stop()
    actions.send_another(desk.actor, arrival=key, key=given.text("line"), offer=offer or key, packs=packs)
    return _("It goes out from the other offer.")


def _part(desk: Desk, key: UUID, given: Given) -> Sentence:
    _row, lines = waiting_order(desk.actor, arrival=key)
    pieces = {
        line.key: given.whole(f"pieces_{place}")
        for place, line in enumerate(lines)
        if line.offer is not None and given.text(f"pieces_{place}")
    }
    given.stop()
    actions.send_part(desk.actor, arrival=key, pieces=pieces)
    return _("What is there goes out. The platform gives the rest back: its refund is expected.")


def _call_off(desk: Desk, key: UUID, given: Given) -> Sentence:
    actions.call_off_short(desk.actor, arrival=key, reason=given.text("reason"))
    return _("Called off here. Tell the platform, too, with the same reason.")


_DEEDS = {"another": _another, "part": _part, "call_off": _call_off}


def _waybills(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    gone = {"gone": True, "packing": False}.get(desk.request.GET.get("which", ""))
    found = to_ship(desk.actor, county=desk.county, gone=gone, limit=PARCELS + 1)
    rows = found[:PARCELS]
    shops = [row for row in shops_there(desk.actor, county=desk.county) if row.ended_at is None]
    context = {
        "rows": rows,
        "more": len(found) > PARCELS,
        "shops": [shop for shop in shops if _gone_of(rows, shop.id)],
        "which": desk.request.GET.get("which", ""),
        "label": label,
        "orders": ORDERS,
        "left": time_left,
    }
    part = desk.request.headers.get("HX-Request")
    return desk.show("channel_waybills_part" if part else "channel_waybills", context, refusal=refusal)


def _gone_of(rows: list[ToShip], shop: UUID) -> int:
    return sum(row.connection == shop and bool(row.waybill) for row in rows)
