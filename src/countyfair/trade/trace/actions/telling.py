"""Telling the buyers of a recalled lot: each once, whatever happens to the process that tells them.

Each telling is claimed and committed before its message is sent, and its outcome is committed after. A
process that ends in between leaves a claim behind: whether that message went out nobody knows, so it is not
sent again by itself, but shown as not confirmed to who works on the recall, who may call, or send again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.registers.people import sms
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.rules.contact import RECALL
from countyfair.trade.trace.models import Telling
from countyfair.trade.trace.queries.recalls import Told, told
from countyfair.trade.trace.rules.recalls import ADVICE, HANGING


def tell_buyers(batch: int = 50) -> int:
    """Tell at most `batch` buyers who wait to be told; answers how many were dealt with.

    Run every few seconds; safe to run twice at a time.
    """
    actor = Actor.system("trace.tell_buyers")
    _note_interrupted(actor, before=now() - HANGING)
    for done in range(batch):
        claimed = _claim(actor)
        if claimed is None:
            return done
        if claimed.message is not None:
            _send(actor, claimed.telling, claimed.message)
    return batch


@verb
def tell_again(actor: Actor, *, telling: UUID) -> None:
    """Send a message again that nobody confirmed, because a person says so.

    Raises:
        Missing: no such telling.
        Forbidden: no `trace.recall` in its county.
        Conflict: it was told, or cannot be.
    """
    row = Telling.objects.select_for_update(no_key=True).filter(id=telling).first()
    if row is None:
        raise Missing(_("There is no such order in this recall."))
    actor.require("trace.recall", place=row.county)
    if row.state == "waiting":
        return
    if row.state != "unsure":
        raise Conflict(_("This buyer was told, or cannot be reached by message."))
    row.state = "waiting"
    row.save(update_fields=["state"])


class _Claimed:
    """A telling that is this process's; `message` is None where there is nobody to send it to."""

    __slots__ = ("message", "telling")

    def __init__(self, telling: UUID, message: sms.Message | None) -> None:
        self.telling = telling
        self.message = message


@verb
def _claim(actor: Actor) -> _Claimed | None:
    """Take the next one that waits, and keep in its order's journal what its buyer is told."""
    waiting = Telling.objects.select_for_update(no_key=True, skip_locked=True).filter(state="waiting")
    row = waiting.order_by("id").first()
    if row is None:
        return None
    said = told(row.id)
    orders.note_recall(actor, order_id=row.order_id, reason=said.reason)
    try:
        contact = orders.open_contact(actor, order_id=row.order_id, purpose=RECALL)
    except Conflict:  # erased since: the order's page tells it to who still has its link
        row.state = "unreachable"
        row.save(update_fields=["state"])
        return _Claimed(row.id, None)
    row.state, row.tries, row.tried_at = "telling", row.tries + 1, now()
    row.save(update_fields=["state", "tries", "tried_at"])
    if said.was_sent and contact.gift and contact.gift.phone:
        _tell_recipient(actor, row, said)
    return _Claimed(row.id, _message(row.id, contact.phone, said))


def _tell_recipient(actor: Actor, row: Telling, said: Told) -> None:
    """Who has the goods as a gift is told too, once, by the house's notices: nothing of who bought them."""
    facts = {"goods": said.name_zh, "lot": said.lot_number}
    news = News("gift.recalled", row.county, str(said.recall), f"gift:{row.order_id}", None, facts)
    notices.tell(actor, news=[news])


def _send(actor: Actor, telling: UUID, message: sms.Message) -> None:
    try:
        sms.send(message)
    except sms.NotSent:
        _note_outcome(actor, telling=telling, state="unsure")
    else:
        _note_outcome(actor, telling=telling, state="told")


@verb
def _note_outcome(actor: Actor, *, telling: UUID, state: str) -> None:
    Telling.objects.filter(id=telling, state="telling").update(state=state)


@verb
def _note_interrupted(actor: Actor, *, before: datetime) -> None:
    """What hangs in the middle for long was interrupted."""
    hanging = Telling.objects.filter(state="telling", tried_at__lt=before)
    if hanging.exists():
        hanging.update(state="unsure")


def _message(telling: UUID, phone: str, said: Told) -> sms.Message:
    """In the buyer's language; in all of the house's for who has none on record."""
    languages = [said.language] if said.language else [code for code, _name in settings.LANGUAGES]
    parts = [_in(language, phone, said) for language in languages]
    text = " ".join(part.text for part in parts)
    return sms.Message(phone, parts[0].template, parts[0].values, text, telling)


def _in(language: str, phone: str, said: Told) -> sms.Message:
    with translation.override(language):
        goods = said.name_zh if language.startswith("zh") else said.name_en or said.name_zh
        if not said.was_sent:
            return sms.recall_unsent(phone, goods, said.order_number, said.lot_number)
        return sms.recall(phone, goods, said.order_number, said.lot_number, str(ADVICE[said.severity]))
