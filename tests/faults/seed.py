"""Opens a county that sells, in whatever database DATABASE_URL names, and says as JSON what to buy."""

from __future__ import annotations

import json
import sys

from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SAMPLE, SHIPPED
from countyfair.trade.orders.tests.factories import a_fair


def seed() -> None:
    """Load the places of the sample counties, and put something up that takes long to sell out."""
    load_divisions(LOADER, folder=SHIPPED, counties=SAMPLE)
    fair = a_fair(lots=(500_000, 500_000))
    said = {
        "product": str(fair.stall.product), "offer": str(fair.stall.offer), "county": fair.county,
        "station": str(fair.station),
    }  # fmt: skip
    sys.stdout.write(json.dumps(said))
