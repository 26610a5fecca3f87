"""The whole season: all subjects at once, in one county, with one clock."""

from __future__ import annotations

from tests.machine.buying import Buying
from tests.machine.claims import Claims
from tests.machine.coupons import Coupons
from tests.machine.cycles import Cycles
from tests.machine.gateways import Gateways
from tests.machine.groups import Groups
from tests.machine.harvest import Harvest
from tests.machine.packing import Packing
from tests.machine.paying import Paying
from tests.machine.payouts import Payouts
from tests.machine.platforms import Platforms
from tests.machine.provider import Provider
from tests.machine.recalls import Recalls
from tests.machine.services import Services
from tests.machine.tills import Tills


class WholeSeason(
    Harvest, Buying, Paying, Services, Packing, Claims, Payouts, Provider, Tills, Cycles, Coupons, Groups,
    Recalls, Platforms, Gateways,
):  # fmt: skip
    """Everybody does anything. Each subject's own rules stand in its file.

    `Services` stand before `Packing`: what is redeemed on the spot is not packed.
    """
