"""Labels of orders: which orders have one, what stands on it, and hundreds of them as one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Invalid
from countyfair.registers.places import queries as register
from countyfair.registers.tasks.actions import Progress
from countyfair.registers.tasks.queries import File
from countyfair.surfaces.centre.desk import STEPS, Desk
from countyfair.surfaces.centre.views.order_lists import every_order
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.papers import LABELS, Label, qr
from countyfair.surfaces.ui.printing import PDF, Press
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries import OrderShown
from countyfair.trade.orders.queries.marks import marks_on
from countyfair.trade.trace.queries import addresses

#: States in which an order has a parcel that is not at its goal yet.
LABELLED = ("packed", "handed_over")
#: Labels in one file, and how many of them are set at a time.
MOST, PART = 1000, 20


def labels_of_list(desk: Desk, progress: Progress) -> File:
    """The labels of all orders of a list, each opening of a receiver on record; a page each.

    Raises:
        Invalid: none of them has a label, or too many have.
        NoPrinter: this machine makes no PDF.
    """
    keys = [row.id for row in every_order(desk) if row.state in LABELLED]
    if not keys:
        raise Invalid(_("No order of this list is packed and on its way, so there is no label."))
    if len(keys) > MOST:
        raise Invalid(_("At most %(most)d orders at once.") % {"most": MOST})
    press = Press(LABELS)
    for begin in range(0, len(keys), PART):
        progress(begin, len(keys))
        rows = [queries.order(desk.actor, order_id=key) for key in keys[begin : begin + PART]]
        # What moved on since it was listed has a label no more.
        drawn = list(labels(desk, [row for row in rows if row.state in LABELLED]))
        if drawn:
            press.add("ui/papers/labels.html", {"labels": drawn})
    progress(len(keys), len(keys))
    return File(f"labels-{desk.county}-{today()}.pdf", PDF, press.pdf())


def labels(desk: Desk, rows: Iterable[OrderShown]) -> Iterator[Label]:
    """A label each; the opening of its receiver is on record."""
    rows = list(rows)
    codes = {code for row in rows for code in down_to(row.destination)}
    names = register.names(codes | {desk.county})
    return (_label(desk, row, names) for row in rows)


def down_to(code: str) -> list[str]:
    """The codes on the way from the province to a place."""
    return [code[:length] for length in (2, 4, *STEPS) if len(code) >= length]


def _label(desk: Desk, row: OrderShown, names: Mapping[str, str]) -> Label:
    receiver = actions.open_contact(desk.actor, order_id=row.id, purpose="label")
    parcel = row.parcels[-1]
    return Label(
        waybill=parcel.waybill,
        number=row.number,
        weight_g=parcel.weight_g,
        goal=row.station_name if row.fulfilment == "pickup" else "",
        way=" ".join(dict.fromkeys(names[code] for code in down_to(row.destination) if code in names)),
        name=receiver.name,
        phone=receiver.phone,
        address=receiver.address,
        note=receiver.note,
        sender=row.origin_name or names.get(row.county, row.county),
        sender_phone="",
        qr=qr(parcel.waybill),
        origin_qr=qr(addresses().parcel(row.county, parcel.waybill)),
        marks=tuple(dict.fromkeys(said(mark.name_zh, mark.name_en) for mark in marks_on(row).values())),
    )
