"""The queue of what does not fit: put there once, taken off by a person."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.models import Connection, Difference


def differ(shop: Connection, *, number: str, kind: str, reason: str, ours_fen: int, theirs_fen: int) -> int:
    """Put something that does not fit into the queue, in the caller's transaction; 1, or 0 if it is there."""
    _row, made = Difference.objects.get_or_create(
        connection_id=shop.id, number=number, kind=kind, theirs_fen=theirs_fen,
        defaults={
            "id": uuid7(), "county": shop.county, "reason": reason, "ours_fen": ours_fen, "found_at": now(),
        },
    )  # fmt: skip
    return int(made)


@verb
def end_difference(actor: Actor, *, difference: UUID, note: str) -> None:
    """Say that a difference is dealt with, and how; again, nothing happens.

    Raises:
        Missing: there is none.
        Forbidden: no `channel.manage` in its county.
        Invalid: no note.
    """
    row = Difference.objects.select_for_update(no_key=True).filter(id=difference).first()
    if row is None:
        raise Missing(_("There is no such difference."))
    actor.require("channel.manage", place=row.county)
    if row.ended_at is not None:
        return
    if not note.strip():
        raise Invalid(_("Say in a few words how it was settled."), field="note")
    row.ended_at, row.ended_by, row.note = now(), actor.key, note.strip()[:200]
    row.save()
