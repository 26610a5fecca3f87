"""The trail of changes: who changed what, from what to what, as the database recorded it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import queries
from countyfair.kernel.refusal import Sentence
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import COLUMNS
from countyfair.surfaces.ui.formats import money, short_moment
from countyfair.surfaces.ui.given import Given

#: The tables whose changes are recorded row by row, as people call them.
TABLES: dict[str, Sentence] = {
    "orders_order": _("Order"),
    "orders_contact": _("Receiver of an order"),
    "orders_shareterms": _("Share terms"),
    "orders_bill": _("Bill of what was weighed"),
    "orders_billline": _("Line of a bill"),
    "orders_tick": _("Line ticked at packing"),
    "orders_claim": _("Claim"),
    "orders_claimphoto": _("Photo of a claim"),
    "orders_bearerrule": _("Rule of who bears a claim"),
    "bookings_booking": _("Booking"),
    "trace_telling": _("Telling of a recall"),
    "catalog_shop": _("Shop"),
    "catalog_product": _("Product"),
    "catalog_photo": _("Photo"),
    "catalog_pack": _("Pack"),
    "catalog_offer": _("Offer"),
    "catalog_standard": _("Standard"),
    "catalog_gradepicture": _("Picture of a grade"),
    "catalog_brand": _("Brand"),
    "catalog_brandlicence": _("Licence of a brand"),
    "catalog_certificate": _("Certificate"),
    "catalog_voice": _("Spoken description"),
    "promotions_promotion": _("Promotion"),
    "stock_pool": _("Pool"),
    "stock_lot": _("Lot"),
    "stock_harvest": _("Announced harvest"),
    "stock_cycle": _("Pre-order cycle"),
    "stock_supply": _("Cap of an outlet"),
    "stock_reservation": _("Promise"),
    "payments_intent": _("Payment asked for"),
    "payments_refund": _("Refund"),
    "payments_notice": _("Notice of a provider"),
    "logistics_freightrule": _("Freight rule"),
    "logistics_parcel": _("Parcel"),
    "settlement_earning": _("Earning"),
    "settlement_batch": _("Payout batch"),
    "settlement_payout": _("Payout"),
    "stations_station": _("Station"),
    "stations_agent": _("Station agent"),
    "people_household": _("Household"),
    "people_householdidentity": _("Identity of a household"),
    "people_consent": _("Consent"),
    "people_consentevidence": _("Proof of a consent"),
    "people_user": _("Person"),
    "people_roleheld": _("Role"),
    "people_organisation": _("Organisation"),
    "notices_muted": _("What somebody is not told of"),
    "webhooks_subscription": _("Webhook"),
    "orders_outside": _("Order from an outside platform"),
    "payments_daybill": _("Provider's bill"),
    "payments_daybillline": _("Line of a provider's bill"),
    "payments_daybillgap": _("Difference to a provider's bill"),
    "channels_connection": _("Shop on an outside platform"),
    "channels_listing": _("Goods on an outside platform"),
    "channels_arrival": _("Order as its platform told it"),
    "channels_intake": _("File from an outside platform"),
    "channels_charge": _("Movement of a settlement"),
    "channels_difference": _("Difference to a platform"),
    "access_token": _("Access token"),
    "people_savedfilter": _("Saved filter"),
    "ledger_account": _("Account"),
}
OPERATIONS: dict[str, Sentence] = {"INSERT": _("added"), "UPDATE": _("changed"), "DELETE": _("removed")}
#: Columns that say nothing beside the line they stand in.
DULL = frozenset({"id", "county"})
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Said:
    """One column of a change: what it was ("" for a new row) and what it became."""

    column: str
    old: str
    new: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One change as it is read."""

    id: UUID
    at: datetime
    actor: str
    operation: Sentence
    table: Sentence
    row_key: str
    said: tuple[Said, ...]


@page("audit.read")
def trail(desk: Desk) -> HttpResponse:
    """Changes in the county, newest first; filters: table, key of the row, who."""
    asked = Given(desk.request.GET)
    found = queries.changes(
        desk.actor,
        county=desk.county,
        table_name=asked.text("table"),
        row_key=asked.text("q"),
        by=asked.text("by"),
        before=_before(asked.text("after")),
        limit=ROWS + 1,
    )
    shown = leaf(desk.request, [_line(row) for row in found], lambda line: line.at.isoformat())
    return desk.show(
        "trail",
        {
            "leaf": shown,
            "tables": sorted(((name, str(label)) for name, label in TABLES.items()), key=lambda row: row[1]),
            "asked": desk.request.GET,
            "columns": COLUMNS,
            "people": colleagues(desk.actor, county=desk.county, keys=[line.actor for line in shown.rows]),
        },
    )


def _before(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _line(row: queries.ChangeRow) -> Line:
    changes = json.loads(row.changes) if isinstance(row.changes, str) else row.changes or {}
    return Line(
        row.id,
        row.at,
        row.actor,
        OPERATIONS.get(row.operation, row.operation),
        TABLES.get(row.table_name, row.table_name),
        row.row_key,
        tuple(_said(changes, changed=row.operation == "UPDATE")),
    )


def _said(changes: dict[str, object], *, changed: bool) -> Iterator[Said]:
    for column, value in changes.items():
        if column in DULL:
            continue
        if changed and isinstance(value, list) and len(value) == 2:
            yield Said(column, readable(column, value[0]), readable(column, value[1]), True)
        elif value not in (None, "", []):
            yield Said(column, "", readable(column, value), changed)


def readable(column: str, value: object) -> str:
    """A recorded value as a person reads it: money, moments, yes and no."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if column.endswith("_fen") and isinstance(value, int):
        return money(value)
    if column.endswith(("_at", "until", "since", "before")) and isinstance(value, str) and "T" in value:
        at = _before(value)
        return short_moment(at) if at else value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
