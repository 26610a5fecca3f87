"""What stock does when it hears of its own cycles: households are told what of theirs was ordered ahead."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.registers.notices.rules import TOO_LATE
from countyfair.trade.stock.events import CycleClosed
from countyfair.trade.stock.queries.cycles import parts_of
from countyfair.trade.stock.rules import in_jin


def tell_households(batch: Sequence[Delivered[CycleClosed]]) -> None:
    """Each household of a closed cycle hears how much of its harvest is ordered, once."""
    news = [
        News(
            "harvest.ordered", one.county, f"{one.event.cycle}:{part.harvest}", f"household:{part.household}",
            user=part.user,
            facts={
                "amount": in_jin(part.ordered, part.unit), "product": part.name_zh,
                "day": f"{part.expected_on.month}月{part.expected_on.day}日",
            },
        )
        for one in batch
        if one.at > now() - TOO_LATE
        for part in parts_of(one.event.cycle)
        if part.ordered
    ]  # fmt: skip
    if news:
        notices.tell(Actor.system("stock.tell_households"), news=news)
