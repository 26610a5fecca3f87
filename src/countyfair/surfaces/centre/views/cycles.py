"""Harvest cycles: announced harvests sold ahead, closed, and allotted once they are weighed."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Refusal, Stale
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import CYCLES, ORDERS, OWN_OUTLETS
from countyfair.surfaces.ui.formats import local, said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog.queries.desk import ProductSeen, product_whole
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.queries.ahead import lines_of_cycle
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions.offering import Outlet
from countyfair.trade.stock.queries import cycles as queries

#: Of what is announced so much is sold ahead, unless the centre says otherwise.
CAUTIOUS = "80"


@page("stock.read")
def cycles(desk: Desk) -> HttpResponse:
    """What is sold ahead, and what is announced and could be."""
    found = queries.announced_harvests(desk.actor, county=desk.county)
    waiting = sorted(found, key=lambda row: (row.name_zh, row.product))
    return desk.show(
        "cycles",
        {
            "cycles": queries.cycles(desk.actor, county=desk.county),
            "waiting": [(key, list(rows)) for key, rows in groupby(waiting, lambda row: row.product)],
            "states": CYCLES,
            "said": said,
        },
    )


@page("catalog.offer")
def open_(desk: Desk, product: UUID) -> HttpResponse:
    """Sell announced harvests of a product ahead: which, in which pack, for how much, until when."""
    row = desk.own(lambda: product_whole(desk.actor, product=product), lambda found: found.county)

    def act(given: Given) -> HttpResponse:
        once, pack = ui.once(desk.request), given.key("pack", _("Choose one from the list."))
        price, percent = given.money("price"), given.whole("percent")
        most_per_buyer = given.whole_if_any("most_per_buyer")
        opens_at, closes_at = given.moment("opens_at"), given.moment("closes_at")
        outlets = [
            _outlet(given, outlet, row.unit) for outlet in given.many("outlets") if outlet in OWN_OUTLETS
        ]
        if closes_at is None:
            given.errors.append(("closes_at", _("Say until when it can be ordered.")))
        given.stop()
        if pack is None or closes_at is None:
            raise Invalid(_("Choose one from the list."), field="pack")
        stock.open_cycle(
            desk.actor, cycle=once, harvests=[key for key in map(parse_uuid, given.many("harvests")) if key],
            pack=pack, price=price, outlets=outlets, opens_at=opens_at, closes_at=closes_at, percent=percent,
            most_per_buyer=most_per_buyer,
        )  # fmt: skip
        return desk.go("cycle", once, said=_("It can be ordered ahead."))

    return desk.asks(lambda refusal: _opening(desk, row, refusal), act)


@page("stock.read")
def cycle(desk: Desk, key: UUID) -> HttpResponse:
    """One cycle: what is announced, ordered, brought and allotted, by household and by order."""
    return _cycle(desk, key)


@page("catalog.offer")
def close(desk: Desk, key: UUID) -> HttpResponse:
    """Close a cycle before its time."""
    _own(desk, key)
    stock.close_cycle(desk.actor, cycle=key)
    return desk.go("cycle", key, said=_("It is closed. The households are told what to bring."))


@page("catalog.offer")
def allot(desk: Desk, key: UUID) -> HttpResponse:
    """Give what was weighed to who ordered it; what is missing is paid back."""
    _own(desk, key)
    try:
        done = orders.allot_cycle(desk.actor, cycle=key)
    except (Conflict, Stale) as refusal:
        return _cycle(desk, key, refusal)
    told = _("Allotted: %(whole)d orders in full, %(cut)d in part, %(off)d cancelled.")
    return desk.go("cycle", key, said=told % {"whole": done.whole, "cut": done.cut, "off": done.off})


def _own(desk: Desk, key: UUID) -> queries.CycleRow:
    return desk.own(lambda: queries.cycle(desk.actor, cycle=key), lambda found: found.county)


def _cycle(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = _own(desk, key)
    return desk.show(
        "cycle",
        {
            "cycle": row,
            "households": queries.parts_of(key),
            "lines": lines_of_cycle(key) if desk.may("orders.read") else [],
            "state": CYCLES[row.state],
            "orders": ORDERS,
            "said": said,
        },
        refusal=refusal,
    )


def _outlet(given: Given, outlet: str, unit: str) -> Outlet:
    key = parse_uuid(given.text(f"offer_{outlet}"))
    if key is None:
        raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
    return Outlet(key, outlet, given.amount_if_any(f"cap_{outlet}", unit))


def _opening(desk: Desk, row: ProductSeen, refusal: Refusal | None) -> HttpResponse:
    typed = desk.request.POST
    harvests = queries.announced_harvests(desk.actor, county=desk.county, product=row.id, limit=500)
    return desk.show(
        "cycle_new",
        {
            "product": row,
            "harvests": harvests,
            "chosen": typed.getlist("harvests") if typed else [str(one.id) for one in harvests],
            "packs": [
                (str(pack.id), said(pack.label_zh, pack.label_en))
                for pack in row.packs
                if pack.sold_by == "piece"
            ],
            "outlets": [
                (outlet, label, typed.get(f"offer_{outlet}") or uuid7())
                for outlet, label in OWN_OUTLETS.items()
            ],
            "wanted": typed.getlist("outlets") or ["shop"],
            "typed": {"percent": CAUTIOUS, **typed.dict()},
            "once": typed.get("once"),
            "soonest": f"{local(now()):%Y-%m-%dT%H:%M}",
            "said": said,
        },
        codes=[one.place for one in harvests],
        refusal=refusal,
    )
