"""Recordings that tell of a product: kept by rooms above for who may, heard once they are shown."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.keeping import keep_files
from countyfair.trade.catalog.actions.products import product_for
from countyfair.trade.catalog.models import Product, Voice
from countyfair.trade.catalog.rules.voices import file_name, read_voice

#: Characters of what is said, written beside it.
LONGEST_WORDS = 300


@verb
def record_voice(
    actor: Actor,
    *,
    voice: UUID,
    product: UUID,
    data: bytes,
    words: str = "",
    household: UUID | None = None,
) -> None:
    """Keep a recording of a product, not shown yet. Repeatable by its id.

    For rooms above, which have asked who may tell of the product: `stock` for a household that brings it.

    Args:
        data: the file as it was sent, see `rules.voices`.
        words: what is said, for who does not hear it.
        household: whose it is; nobody hears it while they do not agree to selling.

    Raises:
        Missing: no such product.
        Invalid: no recording that we take, or too many words.
        Conflict: the id stands for another recording.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    row = Product.objects.filter(pk=product, withdrawn_at__isnull=True).first()
    if row is None:
        raise Missing(_("There is no such product any more."))
    if len(words) > LONGEST_WORDS:
        raise Invalid(_("Write it in at most 300 characters."), field="words")
    recording = read_voice(data)
    if first := Voice.objects.filter(pk=voice).first():
        if (first.product_id, first.digest) != (product, recording.digest):
            raise Conflict(_("This was entered before with another recording."))
        return
    keep_files([(file_name(recording.digest), recording.data)], field="voice")
    Voice.objects.create(
        id=voice, product=row, household_id=household, county=row.county, digest=recording.digest,
        length_ms=recording.length_ms, words=words.strip(), recorded_at=now(),
    )  # fmt: skip


@verb
def show_voice(actor: Actor, *, voice: UUID) -> None:
    """Let buyers hear a recording. For rooms above, which have asked who may; again is nothing.

    Raises:
        Missing: no such recording.
    """
    row = _locked(voice)
    if row.shown_at is None and row.withdrawn_at is None:
        row.shown_at = now()
        row.save(update_fields=["shown_at"])


@verb
def withdraw_voice(actor: Actor, *, voice: UUID) -> None:
    """Let nobody hear a recording any more. Its file stays: another product may have the same.

    Raises:
        Missing: no such recording.
        Forbidden: its product is not the actor's to manage.
    """
    row = _locked(voice)
    product_for(actor, row.product_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])


def _locked(voice: UUID) -> Voice:
    row = Voice.objects.select_for_update().filter(pk=voice).first()
    if row is None:
        raise Missing(_("There is no such recording."))
    return row
