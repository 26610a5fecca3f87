"""The table: for every address, who may open it and who may send something to it.

A power is what the table of roles gives to roles; whoever lacks it at the place of the address is
refused. What an address names besides the county or station comes from `world.World`.
"""

from __future__ import annotations

from tests.denial.doors.desk import DESK
from tests.denial.doors.door import Door
from tests.denial.doors.people import PEOPLE
from tests.denial.doors.station import STATION

__all__ = ["DOORS", "Door"]

DOORS: dict[str, Door] = PEOPLE | DESK | STATION
