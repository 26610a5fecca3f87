"""How this deployment names things outside the house."""

from __future__ import annotations

from django.conf import settings

from countyfair.trade.trace.rules.epcis import Addresses


def addresses() -> Addresses:
    """By `COUNTYFAIR_ORIGIN` and `COUNTYFAIR_GS1_PREFIXES`."""
    return Addresses(settings.COUNTYFAIR_ORIGIN.rstrip("/"), settings.COUNTYFAIR_GS1_PREFIXES)
