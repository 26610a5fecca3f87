"""How a payment is notified: when, how often, and whether somebody else tries first."""

from __future__ import annotations

import random
from dataclasses import dataclass

#: The ways, with how often `mixed` takes them.
WAYS: dict[str, int] = {"normal": 60, "late": 15, "double": 12, "lost": 5, "forged": 3, "before": 5}


@dataclass(frozen=True, slots=True)
class Sending:
    """One notification: seconds after the payment, and whether it is signed with a wrong key."""

    after: float
    forged: bool = False


def sendings(way: str, *, seed: int, intent: str) -> tuple[Sending, ...]:
    """The notifications of one payment; the same for the same seed and intent.

    Args:
        way: one of WAYS, or `mixed`, which draws one of them.

    Raises:
        KeyError: no such way.
    """
    dice = random.Random(f"{seed}:{intent}")  # noqa: S311  # a schedule, no secret
    if way == "mixed":
        way = dice.choices(list(WAYS), weights=list(WAYS.values()))[0]
    late = dice.uniform(4, 12)
    return {
        "normal": (Sending(0),),
        "late": (Sending(late),),
        "double": (Sending(0), Sending(dice.uniform(0, 2))),
        "lost": (),
        "forged": (Sending(0, forged=True), Sending(dice.uniform(0.5, 2))),
        "before": (Sending(0),),
    }[way]


def again(attempts: int) -> float:
    """Seconds until a notification that was not acknowledged is sent again: 1, doubling, at most 60."""
    return float(min(2 ** max(attempts - 1, 0), 60))
