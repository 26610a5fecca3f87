"""The whole season: all subjects at once, in one county, with one clock."""

from __future__ import annotations

from tests.machine.buying import Buying
from tests.machine.harvest import Harvest
from tests.machine.packing import Packing
from tests.machine.paying import Paying
from tests.machine.payouts import Payouts
from tests.machine.provider import Provider
from tests.machine.tills import Tills


class WholeSeason(Harvest, Buying, Paying, Packing, Payouts, Provider, Tills):
    """Everybody does anything. Each subject's own rules stand in its file."""
