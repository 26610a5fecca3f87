"""The table of the API: for every operation, who may call it, with what.

Callers hold tokens of every scope, so that what keeps them out is their role, as on the pages.
"""

from __future__ import annotations

from tests.denial.calls.desk import DESK
from tests.denial.calls.operation import Operation
from tests.denial.calls.people import PEOPLE
from tests.denial.calls.station import STATION

__all__ = ["OPERATIONS", "Operation"]

OPERATIONS: dict[str, Operation] = PEOPLE | DESK | STATION
