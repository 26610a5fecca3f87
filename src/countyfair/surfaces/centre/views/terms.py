"""Tables by version: how sales are split, what freight costs. A change is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import FULFILMENTS
from countyfair.surfaces.ui.given import Given
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.queries import freight_table
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.queries import TermsRow, terms_by_version

RATES = ("household", "station", "centre", "platform")
#: Empty rows at the end of the freight form, for new destinations.
SPARE = 3


@page("settlement.read", "terms.manage")
def shares(desk: Desk) -> HttpResponse:
    """How sales are split now and were split before; whoever may sets the next version."""

    def act(given: Given) -> HttpResponse:
        desk.require("terms.manage")
        rates = {name: given.rate(name) for name in RATES}
        tolerance = given.rate("weight_tolerance")
        days, believed = given.whole("return_window_days"), given.whole("believed")
        claims = given.whole("claim_window_days")
        given.stop()
        made = orders.set_terms(
            desk.actor, county=desk.county, **rates, return_window_days=days,
            weight_tolerance=tolerance, claim_window_days=claims, believed=believed,
        )  # fmt: skip
        return desk.go("shares", said=_("Version %(version)d holds from now on.") % {"version": made.version})

    return desk.asks(lambda refusal: _shares(desk, refusal), act)


@page("logistics.read")
def freight(desk: Desk) -> HttpResponse:
    """What freight costs now; whoever may replaces the whole table."""

    def act(given: Given) -> HttpResponse:
        desk.require("freight.manage")
        believed = given.whole("believed")
        count = min(given.whole("rows"), 500)
        table = [row for number in range(count) if (row := _rule(given, number)) is not None]
        given.stop()
        version = logistics.set_freight(desk.actor, county=desk.county, table=table, believed=believed)
        return desk.go("freight", said=_("Version %(version)d holds from now on.") % {"version": version})

    return desk.asks(lambda refusal: _freight(desk, refusal), act)


def percent_text(rate: Decimal) -> str:
    """A rate as percent, without zeros at its end: `12.5`."""
    text = f"{rate * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shares(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    found = terms_by_version(desk.actor, county=desk.county)
    stands = found[0] if found else None
    return desk.show(
        "shares",
        {
            "versions": found,
            "percent_text": percent_text,
            "typed": {**_standing(stands), **desk.request.POST.dict()},
            "believed": stands.version if stands else 0,
        },
        refusal=refusal,
    )


def _standing(row: TermsRow | None) -> dict[str, str]:
    if row is None:
        return {
            **dict.fromkeys(RATES, ""),
            "return_window_days": "7",
            "claim_window_days": "14",
            "weight_tolerance": "10",
        }
    rates = {name: percent_text(getattr(row, name)) for name in (*RATES, "weight_tolerance")}
    windows = ("return_window_days", "claim_window_days")
    return rates | {name: str(getattr(row, name)) for name in windows}


def _freight(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    table = freight_table(desk.county)
    if desk.request.method == "POST":
        count = (
            int(desk.request.POST.get("rows", "0")) if desk.request.POST.get("rows", "0").isdecimal() else 0
        )
        typed = [_typed_row(desk.request.POST, number) for number in range(min(count, 500))]
    else:
        typed = [_shown(row) for row in table] + [_shown(None)] * SPARE
    return desk.show(
        "freight",
        {
            "table": table,
            "version": table[0].version if table else 0,
            "typed": typed,
            "ways": FULFILMENTS,
        },
        codes=[row.destination for row in table] + [str(row["destination"]) for row in typed],
        refusal=refusal,
    )


COLUMNS = (
    "destination",
    "fulfilment",
    "first_kg",
    "first",
    "further_kg",
    "further",
    "free_from",
    "refused",
    "drop",
)


def _typed_row(data: Mapping[str, str], number: int) -> dict[str, str]:
    return {name: data.get(f"{name}_{number}", "") for name in COLUMNS}


def _shown(row: FreightRule | None) -> dict[str, str]:
    if row is None:
        return dict.fromkeys(COLUMNS, "") | {"fulfilment": "delivery"}
    return {
        "destination": row.destination,
        "fulfilment": row.fulfilment,
        "first_kg": _kilograms(row.first_g),
        "first": _yuan(row.first_fen),
        "further_kg": _kilograms(row.further_g),
        "further": _yuan(row.further_fen),
        "free_from": _yuan(row.free_from_fen) if row.free_from_fen is not None else "",
        "refused": "1" if row.refused else "",
        "drop": "",
    }


def _kilograms(grams: int) -> str:
    text = f"{Decimal(grams).scaleb(-3):f}"
    return text.rstrip("0").rstrip(".")


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _rule(given: Given, number: int) -> FreightRule | None:
    """One row of the form; None where it is empty or marked to be dropped."""

    def name(column: str) -> str:
        return f"{column}_{number}"

    filled = any(given.text(name(column)) for column in ("first_kg", "first", "further_kg", "further"))
    if given.text(name("drop")) or not (filled or given.text(name("refused"))):
        return None
    refused = bool(given.text(name("refused")))
    if refused and not filled:
        first_g = further_g = 1000
        first_fen = further_fen = 0
    else:
        first_g, further_g = given.amount(name("first_kg"), "g"), given.amount(name("further_kg"), "g")
        first_fen, further_fen = given.money(name("first")).minor, given.money(name("further")).minor
    free = given.money_if_any(name("free_from"))
    return FreightRule(
        given.text(name("destination")), given.text(name("fulfilment")), first_g, first_fen, further_g,
        further_fen,
        free.minor if free is not None else None, refused, 0,
    )  # fmt: skip
