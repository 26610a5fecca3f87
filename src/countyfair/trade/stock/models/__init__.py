"""The tables of stock."""

from countyfair.trade.stock.models.cycles import Cycle
from countyfair.trade.stock.models.goods import Harvest, Lot, Movement, Pool, Reservation, Supply

__all__ = ["Cycle", "Harvest", "Lot", "Movement", "Pool", "Reservation", "Supply"]
