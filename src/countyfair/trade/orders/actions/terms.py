"""The terms by which a county's sales are split: changed by a new version, never in place."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Invalid, Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.models import ShareTerms
from countyfair.trade.orders.rules.shares import Terms


@verb
def set_terms(
    actor: Actor,
    *,
    county: str,
    household: Decimal,
    station: Decimal,
    centre: Decimal,
    platform: Decimal,
    return_window_days: int = 7,
    weight_tolerance: Decimal = Decimal("0.1"),
    claim_window_days: int | None = None,
    believed: int = 0,
) -> Terms:
    """Split what is sold from now on by these rates; orders placed before keep theirs.

    Args:
        household, station, centre, platform: exact rates of the goods' price, six decimals at most,
            that sum to one.
        weight_tolerance: how far what is sold by weight may differ from what was ordered, 0 to 0.5.
        claim_window_days: for so long after delivery a claim is heard, at least the return window; None is
            fourteen days or that.
        believed: the version that the caller saw, 0 for none.

    Raises:
        Forbidden: no `terms.manage` in the county.
        Invalid: rates that do not sum to one, windows beyond 0 to 60 days, or a tolerance beyond 50 %.
        Stale: somebody set other terms meanwhile.
    """
    actor.require("terms.manage", place=county)
    rates = (household, station, centre, platform)
    if any(rate < 0 or rate != round(rate, 6) for rate in rates) or sum(rates) != 1:
        raise Invalid(_("The rates must be zero or more and sum to exactly 100 %."), field="household")
    if not 0 <= return_window_days <= 60:
        raise Invalid(_("The return window is 0 to 60 days."), field="return_window_days")
    if not 0 <= weight_tolerance <= Decimal("0.5") or weight_tolerance != round(weight_tolerance, 4):
        raise Invalid(_("The weight may differ by 0 to 50 %."), field="weight_tolerance")
    heard_days = max(14, return_window_days) if claim_window_days is None else claim_window_days
    if not return_window_days <= heard_days <= 60:
        raise Invalid(
            _("Claims are heard at least as long as the return window, at most 60 days."),
            field="claim_window_days",
        )
    standing = ShareTerms.objects.select_for_update().filter(county=county, until__isnull=True)
    moment = now()
    list(standing)
    version = ShareTerms.objects.filter(county=county).aggregate(newest=Max("version"))["newest"] or 0
    if version != believed:
        raise Stale(_("Somebody has just changed these terms. Look again."), details={"version": version})
    standing.update(until=moment)
    ShareTerms.objects.create(
        county=county, version=version + 1, household_rate=household, station_rate=station,
        centre_rate=centre, platform_rate=platform, return_window_days=return_window_days,
        weight_tolerance=weight_tolerance, claim_window_days=heard_days, since=moment,
    )  # fmt: skip
    return Terms(version + 1, household, station, centre, platform, return_window_days, weight_tolerance)
