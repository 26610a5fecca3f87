"""The terms by which a county's sales are split."""

from __future__ import annotations

from countyfair.kernel.clock import now
from countyfair.kernel.rows import rows
from countyfair.trade.orders.rules.shares import Terms


def terms_of(county: str) -> Terms | None:
    """The terms that stand now; None when the county has none. Anybody may know them."""
    found = rows(
        "SELECT version, household_rate, station_rate, centre_rate, platform_rate, return_window_days"
        " FROM orders_shareterms WHERE county = %(county)s AND since <= %(moment)s"
        " AND (until IS NULL OR until > %(moment)s) ORDER BY version DESC LIMIT 1",
        {"county": county, "moment": now()},
        into=Terms,
    )
    return found[0] if found else None
