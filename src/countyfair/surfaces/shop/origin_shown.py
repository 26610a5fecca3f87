"""Where a parcel and its lots come from, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from markupsafe import Markup

from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.shop.pictures import food_of
from countyfair.surfaces.ui.formats import day, moment, money, quantity, said, short_moment
from countyfair.surfaces.ui.translation import gettext
from countyfair.trade.trace.rules.epcis import Addresses
from countyfair.trade.trace.rules.history import LotOf, PackedLot, ParcelOf
from countyfair.trade.trace.rules.recalls import ADVICE

Names = Mapping[str, Markup]

#: What happens to a parcel, for who holds it; nothing of where it goes.
SCANS: Mapping[str, Sentence] = {
    "handed_over": _("Sent"),
    "delivered": _("Arrived"),
    "returned": _("Came back"),
}


@dataclass(frozen=True, slots=True)
class LotShown:
    """A lot for everybody. `advice` and `reason` are "" unless it is recalled."""

    href: str
    number: str
    name: str
    food: str
    village: Markup
    facts: tuple[tuple[str, str], ...]
    tests: tuple[tuple[date, str, bool, str], ...]
    notes: tuple[tuple[date, str, str], ...]
    advice: Sentence
    reason: str
    recalled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParcelShown:
    """A parcel for everybody."""

    waybill: str
    county: Markup
    lots: tuple[LotShown, ...]
    steps: tuple[tuple[str, Sentence, str], ...]
    days: str
    is_recalled: bool


def parcel(row: ParcelOf, addresses: Addresses, names: Names) -> ParcelShown:
    """The page of a parcel."""
    days = row.days_on_the_way
    return ParcelShown(
        waybill=row.waybill,
        county=names.get(row.county, Markup("")),
        lots=tuple(_packed(one, addresses, names) for one in row.lots),
        steps=tuple(_steps(row)),
        days="" if days is None else ngettext("%(num)s day", "%(num)s days", days) % {"num": days},
        is_recalled=any(one.lot.recalled for one in row.lots),
    )


def lot(row: LotOf, names: Names) -> LotShown:
    """The page of a lot."""
    return _lot(row, names, href="", more=((gettext("Weighed in"), quantity(row.amount, row.unit)),))


def _packed(packed: PackedLot, addresses: Addresses, names: Names) -> LotShown:
    row = packed.lot
    more = [(gettext("In this parcel"), quantity(packed.amount, row.unit))]
    if mark := said(*packed.mark):
        more.append((gettext("Sold under the mark"), mark))
    if packed.paid_per is not None:
        label = (
            gettext("The household gets, per kg") if row.unit == "g" else gettext("The household gets, each")
        )
        more.append((label, money(packed.paid_per)))
    return _lot(row, names, href=addresses.lot(row) if row.item else "", more=tuple(more))


def _lot(row: LotOf, names: Names, *, href: str, more: tuple[tuple[str, str], ...]) -> LotShown:
    recalled = row.recalled
    facts = [(gettext("Harvested on"), day(row.harvested_on)), *more]
    where = said(row.station.name, row.station.name_en)
    facts.append((gettext("Weighed"), moment(row.weighed_at) + (f" · {where}" if where else "")))
    facts += [(gettext("Grade"), row.grade)] if row.grade else []
    steps = [row.place[:length] for length in (6, 9, 12) if len(row.place) >= length]
    return LotShown(
        href=href,
        number=row.number,
        name=said(row.name_zh, row.name_en),
        food=food_of(row.icon, row.category),
        village=Markup(" ").join(names[code] for code in steps if code in names),
        facts=tuple(facts),
        tests=tuple((one.on, one.laboratory, bool(one.passed), one.words) for one in row.tests),
        notes=tuple((one.on, one.kind, one.words) for one in row.notes if one.kind != "tested"),
        advice=ADVICE[recalled.severity] if recalled else "",
        reason=recalled.reason if recalled else "",
        recalled_at=recalled.at if recalled else None,
    )


def _steps(row: ParcelOf) -> list[tuple[str, Sentence, str]]:
    done: list[tuple[str, Sentence, str]] = [("done", _("Packed"), short_moment(row.packed_at))]
    done += [("done", SCANS[scan.kind], short_moment(scan.at)) for scan in row.scans if scan.kind in SCANS]
    return done
