"""A season of the sample counties: played by seed, and its books hold."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from countyfair.kernel.actor import Actor
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.commands.demo import play
from countyfair.surfaces.commands.sample.definition import sample_counties
from countyfair.trade.orders.queries import OrderRow, orders_of
from tests.databases import empty

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HUIXIAN = "621227"


def season(seed: int) -> tuple[Counter[str], list[tuple[str, str, int]]]:
    """What happened, and number, state and total of every order."""
    counties = [one for one in sample_counties() if one.code == HUIXIAN]
    agenda = play(
        counties, first=date(2026, 9, 7), last=date(2026, 9, 18), seed=seed, a_day=6, villages_of=[HUIXIAN]
    )
    found: list[OrderRow] = orders_of(Actor.system("test"), county=HUIXIAN, limit=1000)
    return agenda.tally, sorted((row.number, row.state, row.total_fen) for row in found)


def test_a_season_holds_its_books_and_the_same_seed_plays_the_same_season_again() -> None:
    tally, orders = season(seed=7)
    for what in (
        "order placed", "for delivery", "for pickup", "paid online", "paid in cash", "order packed",
        "parcel arrived at a station", "delivery failed", "order delivered", "pay-out sent",
        "lot found spoilt", "till counted",
    ):  # fmt: skip
        assert tally[what], what
    assert {state for _, state, _ in orders} >= {"cancelled", "completed", "delivered"}
    broken = [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken]
    assert broken == []
    empty()
    assert season(seed=7) == (tally, orders)
    empty()
    assert season(seed=8)[1] != orders
