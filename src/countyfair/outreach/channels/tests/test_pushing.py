"""What platforms are told of stock: what is there less what is kept back, when it changed."""

from __future__ import annotations

import pytest

from countyfair.kernel.refusal import Forbidden
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.queries.pushing import to_tell
from countyfair.outreach.channels.rules.pushing import pieces
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders.tests.factories import place


@pytest.mark.parametrize(
    ("available", "buffer", "packs", "told"), [(40, 0, 1, 40), (40, 5, 2, 17), (3, 5, 1, 0), (0, 0, 3, 0)]
)
def test_what_is_kept_back_is_never_told(available: int, buffer: int, packs: int, told: int) -> None:
    assert pieces(available, buffer=buffer, packs=packs) == told


@pytest.mark.django_db
def test_a_sale_anywhere_changes_what_every_platform_is_told() -> None:
    stand: Stand = a_stand()
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T0", state="closed")])
    mapped(stand, packs=2)
    actions.change_connection(
        SYSTEM, connection=stand.connection, name="样例·黑米店", their_shop="", buffer=4
    )

    def told() -> list[int]:
        found = to_tell(SYSTEM, county=stand.fair.county, connection=stand.connection)
        said = {row.listing: row.pieces for row in found}
        actions.note_stock_told(SYSTEM, connection=stand.connection, told=said)
        return list(said.values())

    assert told() == [18]
    assert told() == []
    place(stand.fair, packs=10)
    assert told() == [13]
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T1", pieces=13)])
    assert told() == [0]
    with pytest.raises(Forbidden):
        to_tell(stand.fair.agent, county=stand.fair.county, connection=stand.connection)
    with pytest.raises(Forbidden):
        actions.note_stock_told(stand.fair.agent, connection=stand.connection, told={})
