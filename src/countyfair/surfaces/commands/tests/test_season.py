"""A season of the sample counties: played by seed, and its books hold."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from countyfair.kernel.actor import Actor
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.commands.demo import play
from countyfair.surfaces.commands.tests.small import RONGSHUI, small
from countyfair.trade.orders.queries import OrderRow, orders_of
from tests.databases import empty

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FIRST, LAST = date(2026, 9, 7), date(2026, 9, 20)
#: What is played a few times in any fortnight, whatever the seed.
PLAYED = (
    "order placed", "for delivery", "for pickup", "paid online", "paid in cash", "order packed",
    "parcel arrived at a station", "order delivered", "pay-out sent", "lot found spoilt", "till counted",
    "with a coupon", "coupon given out", "group opened", "group joined", "group full", "group failed",
    "harvest announced", "harvest sold ahead", "order ahead of a harvest", "order ahead served whole",
    "service booked", "service redeemed", "lot recalled", "licence of a brand withdrawn",
    "licence of a brand granted",
)  # fmt: skip


def season(seed: int, last: date = LAST) -> tuple[Counter[str], list[tuple[str, str, int]]]:
    """What happened, and number, state and total of every order; what replaces one has a number by chance."""
    agenda = play([small()], first=FIRST, last=last, seed=seed, a_day=6, villages_of=[RONGSHUI])
    found: list[OrderRow] = orders_of(Actor.system("test"), county=RONGSHUI, limit=1000)
    return agenda.tally, sorted(
        (row.number if row.total_fen else "", row.state, row.total_fen) for row in found
    )


def test_a_season_holds_its_books_and_the_same_seed_plays_the_same_season_again() -> None:
    tally, orders = season(seed=7)
    assert [what for what in PLAYED if not tally[what]] == []
    assert sum(count for what, count in tally.items() if what.startswith("claim: "))
    assert {state for _, state, _ in orders} >= {"cancelled", "completed", "delivered"}
    broken = [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken]
    assert broken == []
    empty()
    assert season(seed=7) == (tally, orders)
    empty()
    _tally, others = season(seed=8, last=date(2026, 9, 8))
    assert not {number for number, _, _ in others} & {number for number, _, _ in orders}
