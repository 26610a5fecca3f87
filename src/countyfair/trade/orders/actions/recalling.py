"""What an order's journal keeps of a recall: the order stays where it is, its buyer is told."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import journal, locked
from countyfair.trade.orders.models import Step
from countyfair.trade.orders.rules.reasons import RECALL, RECALL_LIFTED


@verb
def note_recall(actor: Actor, *, order_id: UUID, reason: str, lifted: bool = False) -> None:
    """Keep in an order's journal that a lot it had was recalled, or that this was a mistake.

    The order's page says so from then on. The same as the journal says already changes nothing.

    Raises:
        Missing: no such order.
        Forbidden: no `trace.recall` in its county.
    """
    order = locked(order_id)
    actor.require("trace.recall", place=order.county)
    said = RECALL_LIFTED if lifted else RECALL
    noted = (
        Step.objects.filter(order_id=order_id, verb__in=(RECALL, RECALL_LIFTED)).order_by("position").last()
    )
    if noted is not None and (noted.verb, noted.reason) == (said, reason[:200]):
        return
    journal(order, said, order.state, reason)
