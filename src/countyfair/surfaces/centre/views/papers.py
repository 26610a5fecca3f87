"""Papers for orders: labels for parcels, packing lists, receipts; each as PDF."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Conflict, Invalid, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, Names, page
from countyfair.surfaces.centre.labels import LABELLED, down_to
from countyfair.surfaces.centre.labels import labels as labels_of
from countyfair.surfaces.centre.views.orders import own_order
from countyfair.surfaces.centre.words import FULFILMENTS
from countyfair.surfaces.ui import places, printing
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.papers import LABELS, SHEET, Slip
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import OrderShown
from countyfair.trade.orders.queries.marks import marks_on

#: Papers of so many orders at once: one page of the list, and an answer within seconds.
MOST = 50


@dataclass(frozen=True, slots=True)
class Picked:
    """What is fetched for all orders of a packing list: so many packs of one kind."""

    name: str
    label: str
    packs: int


@page("orders.pack")
def labels(desk: Desk) -> HttpResponse:
    """Labels of the ticked orders, each opening of a receiver on record."""
    try:
        rows = _ticked(desk)
        unpacked = [row.number for row in rows if row.state not in LABELLED]
        if unpacked:
            raise Conflict(
                _(
                    "There is a label for what is packed and on its way."
                    " Not yet, or not any more, for: %(list)s."
                )
                % {"list": ", ".join(unpacked)}
            )
        printing.ready()
        drawn = list(labels_of(desk, rows))
    except (Invalid, Conflict, printing.NoPrinter) as refusal:
        return _back(desk, refusal)
    return printing.paper(
        f"labels-{desk.county}-{today()}", "ui/papers/labels.html", {"labels": drawn}, LABELS
    )


@page("orders.pack")
def packing_list(desk: Desk) -> HttpResponse:
    """What is fetched and packed for the ticked orders: all together, then order by order."""
    try:
        rows = _ticked(desk)
        context = {
            "orders": rows, "picked": _picked(rows), "names": _names(desk, rows), "county": desk.county,
            "ways": FULFILMENTS, "said": said, "today": today(),
        }  # fmt: skip
        return printing.paper(f"packing-{desk.county}-{today()}", "centre/packing_paper.html", context, SHEET)
    except (Invalid, Conflict, printing.NoPrinter) as refusal:
        return _back(desk, refusal)


@page("orders.read")
def receipt(desk: Desk, key: UUID) -> HttpResponse:
    """What a buyer gets for the files: what was sold, paid, and given back."""
    row = own_order(desk, key)
    context = {"order": row, "marks": marks_on(row), "said": said}
    return printing.paper(f"receipt-{row.number}", "ui/papers/receipt.html", context, SHEET)


@page("orders.pack")
def slip(desk: Desk, key: UUID) -> HttpResponse:
    """What lies in the parcel, without prices; of a gift with its greeting, whose opening is on record."""
    row = own_order(desk, key)
    try:
        printing.ready()
        gift = actions.open_contact(desk.actor, order_id=key, purpose="gift_slip").gift if row.gift else None
        goods = tuple(
            (said(line.name_zh, line.name_en), said(line.label_zh, line.label_en), line.packs_left)
            for line in row.lines
        )
        drawn = Slip(
            row.number, row.origin_name or _names(desk, [row]).of(row.county), goods,
            gift.name if gift else "", gift.greeting if gift else "",
        )  # fmt: skip
        return printing.paper(f"slip-{row.number}", "ui/papers/slip_paper.html", {"slip": drawn}, SHEET)
    except (Invalid, Conflict, printing.NoPrinter) as refusal:
        ui.flash(desk.request, refusal.sentence, "refused")
        return desk.go("order", key)


def _ticked(desk: Desk) -> list[OrderShown]:
    """The orders that were ticked, in the order of the list."""
    keys = [key for text in desk.request.POST.getlist("order") if (key := parse_uuid(text)) is not None]
    if not keys:
        raise Invalid(_("Tick the orders first."))
    if len(keys) > MOST:
        raise Invalid(_("At most %(most)d orders at once.") % {"most": MOST})
    return [own_order(desk, key) for key in dict.fromkeys(keys)]


def _back(desk: Desk, refusal: Refusal) -> HttpResponse:
    """To the list again with the sentence; its filters stay."""
    ui.flash(desk.request, refusal.sentence, "refused")
    asked = desk.request.POST.get("asked", "")
    return HttpResponseRedirect(f"{desk.at('orders')}?{asked}" if asked else desk.at("orders"))


def _names(desk: Desk, rows: list[OrderShown]) -> Names:
    codes = {code for row in rows for place in (row.destination, row.origin_place) for code in down_to(place)}
    return Names(places.names(codes | {desk.county}), desk.county)


def _picked(rows: list[OrderShown]) -> list[Picked]:
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for line in row.lines:
            counted[said(line.name_zh, line.name_en), said(line.label_zh, line.label_en)] += line.packs_left
    return [Picked(name, label, packs) for (name, label), packs in sorted(counted.items())]
