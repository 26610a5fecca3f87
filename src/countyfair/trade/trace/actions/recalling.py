"""Calling a lot back, and lifting what was called back by mistake."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as stock_read
from countyfair.trade.stock.rules import content_key
from countyfair.trade.trace.events import Recalled, RecallLifted
from countyfair.trade.trace.models import Lift, Recall, Telling
from countyfair.trade.trace.queries.recalls import sold_of
from countyfair.trade.trace.rules.recalls import blocker, check_reason, check_recall


@verb
def recall_lot(actor: Actor, *, recall: UUID, lot: UUID, severity: str, reason: str) -> int:
    """Call a lot back: nothing of it is sold any more, and everybody who has some of it will be told.

    What was held of it is set free; orders that waited for it are cancelled and refunded when they hear
    `stock.blocked`. Buyers are told by `tell_buyers`. The same recall again changes nothing.

    Args:
        recall: made with the form.
        severity: of `rules.recalls.SEVERITIES`.

    Returns how many orders had some of it.

    Raises:
        Missing: no such lot.
        Forbidden: no `trace.recall` in the lot's county.
        Invalid: no severity or no reason.
        Conflict: the lot is recalled already, or the id was used for something else.
    """
    found = stock_read.lot(actor, lot=lot)
    actor.require("trace.recall", place=found.county)
    check_recall(severity, reason)
    content = content_key(actor.key, lot, severity, reason)
    known = Recall.objects.filter(id=recall).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This recall was entered before with other content."), code="id_used")
        return Telling.objects.filter(recall_id=recall).count()
    Recall.objects.create(
        id=recall, county=found.county, lot_id=lot, severity=severity, reason=reason.strip(),
        content=content, at=now(),
    )  # fmt: skip
    holders = stock.block(actor, lot=lot, by=blocker(recall), reason=reason[:200])
    lines = [key for key in map(parse_uuid, holders) if key is not None]
    sold = sold_of(lot, lines)
    Telling.objects.bulk_create(
        Telling(county=found.county, recall_id=recall, order_id=one.order, amount=one.amount) for one in sold
    )
    announce(Recalled(recall, lot, severity, tuple(one.order for one in sold)), county=found.county)
    return len(sold)


@verb
def lift_recall(actor: Actor, *, recall: UUID, reason: str) -> None:
    """Lift a recall that was a mistake: what is left of the lot is sold again. Lifted already: nothing.

    Who was not told yet will not be; the pages of the other orders say that it was lifted. What was
    cancelled stays cancelled.

    Raises:
        Missing: no such recall.
        Forbidden: no `trace.recall` in its county.
        Invalid: no reason.
    """
    row = Recall.objects.filter(id=recall).first()
    if row is None:
        raise Missing(_("There is no such recall."))
    actor.require("trace.recall", place=row.county)
    check_reason(reason)
    tellings = list(Telling.objects.select_for_update(no_key=True).filter(recall_id=recall).order_by("id"))
    if Lift.objects.filter(recall_id=recall).exists():
        return
    for telling in sorted(tellings, key=lambda one: one.order_id):
        if telling.state == "waiting":
            telling.state = "dropped"
            telling.save(update_fields=["state"])
        else:
            orders.note_recall(actor, order_id=telling.order_id, reason=reason.strip(), lifted=True)
    stock.unblock(actor, lot=row.lot_id, by=blocker(recall))
    Lift.objects.create(county=row.county, recall_id=recall, reason=reason.strip(), at=now())
    announce(RecallLifted(recall, row.lot_id), county=row.county)
