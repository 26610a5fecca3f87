"""The terms by which a county's sales are split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import one, rows
from countyfair.trade.orders.rules.shares import Terms


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of a county's share terms; `until` None is the one that holds."""

    version: int
    household: Decimal
    station: Decimal
    centre: Decimal
    platform: Decimal
    return_window_days: int
    weight_tolerance: Decimal
    claim_window_days: int
    since: datetime
    until: datetime | None


def terms_of(county: str) -> Terms | None:
    """The terms that stand now; None when the county has none. Anybody may know them."""
    found = rows(
        "SELECT version, household_rate, station_rate, centre_rate, platform_rate, return_window_days,"
        " weight_tolerance FROM orders_shareterms WHERE county = %(county)s AND since <= %(moment)s"
        " AND (until IS NULL OR until > %(moment)s) ORDER BY version DESC LIMIT 1",
        {"county": county, "moment": now()},
        into=Terms,
        keep_plan=True,
    )
    return found[0] if found else None


def terms_version(county: str, version: int) -> Terms:
    """One version of a county's terms, which an order was placed under. For verbs of this room."""
    return one(
        "SELECT version, household_rate, station_rate, centre_rate, platform_rate, return_window_days,"
        " weight_tolerance FROM orders_shareterms WHERE county = %s AND version = %s::int",
        [county, version],
        into=Terms,
        missing=_("This county does not sell yet."),
    )


def terms_by_version(actor: Actor, *, county: str) -> list[TermsRow]:
    """Every version of a county's share terms, the latest first; needs `settlement.read` or `terms.manage`.

    Raises:
        Forbidden: neither power in the county.
    """
    if not actor.may("terms.manage", place=county):
        actor.require("settlement.read", place=county)
    return rows(
        "SELECT version, household_rate, station_rate, centre_rate, platform_rate, return_window_days,"
        " weight_tolerance, claim_window_days, since, until FROM orders_shareterms WHERE county = %s"
        " ORDER BY version DESC",
        [county],
        into=TermsRow,
    )
