"""Owing money back: of one capture, of several intents, or for many at once; booked at once as owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import Entry, post_all
from countyfair.registers.ledger.rules import PostingLine, line
from countyfair.trade.payments.models import Capture, Intent, Refund

#: How many rows go with one statement.
_BATCH = 1000


@verb
def ask_refund(
    actor: Actor, *, source: str, intent: UUID, amount_fen: int, reason: str, capture: UUID | None = None
) -> UUID:
    """Owe part or all of a capture to its payer, once per `source`; answers the refund's id. For rooms above.

    Booked at once: escrow to refunds due. The provider is asked by the job; cash is handed back by
    an agent (`hand_back_cash`).

    Args:
        source: what it is for; again with the same content it answers the first refund.
        capture: of which capture, where an intent was paid twice; by default the first that has enough left.
            What came later is surplus, and goes back whole.

    Raises:
        Invalid: an amount that is not positive.
        Missing: the intent has no (such) capture.
        Conflict: more than is left of the capture, or the source was used for other content.
    """
    if amount_fen <= 0:
        raise Invalid(_("Write an amount above zero."), field="amount")
    captures = list(Capture.objects.select_for_update(no_key=True).filter(intent_id=intent).order_by("id"))
    known = Refund.objects.filter(source=source).first()
    if known is not None:
        return _first(known, captures, capture, amount_fen)
    left = _left(captures)
    chosen = capture or _paying(captures, left, amount_fen)
    if chosen is None or chosen not in left:
        raise Missing(_("Nothing was paid that could be given back."))
    if amount_fen > left[chosen]:
        raise Conflict(
            _("Only part of this amount is left to give back."),
            code="too_much",
            details={"left_fen": left[chosen]},
        )
    return _owe(actor, next(one for one in captures if one.id == chosen), source, amount_fen, reason)


@verb
def ask_refund_of(
    actor: Actor, *, source: str, intents: Sequence[UUID], amount_fen: int, reason: str
) -> None:
    """Owe a sum that was paid by several intents, the first ones first. For rooms above.

    The part of the second intent goes under `source/2`, and so on; again, nothing happens.

    Raises:
        Conflict: they have less left together, or the source was used for other content.
    """
    rest = amount_fen
    for number, intent in enumerate(intents, 1):
        of_this = source if number == 1 else f"{source}/{number}"
        captures = Capture.objects.select_for_update(no_key=True).filter(intent_id=intent)
        first = captures.order_by("captured_at", "id").first()
        if first is None:
            continue
        known = Refund.objects.filter(source=of_this).first()
        part = min(rest, known.amount_fen if known else _left([first])[first.id])
        if part:
            ask_refund(actor, source=of_this, intent=intent, capture=first.id, amount_fen=part, reason=reason)
        rest -= part
    if rest:
        raise Conflict(
            _("Only part of this amount is left to give back."),
            code="too_much",
            details={"left_fen": amount_fen - rest},
        )


@dataclass(frozen=True, slots=True)
class Owing:
    """A sum to be owed back of what these intents were paid, once per `source`."""

    source: str
    intents: tuple[UUID, ...]
    amount_fen: int
    reason: str


@verb
def ask_refunds(actor: Actor, *, owing: Sequence[Owing]) -> None:
    """`ask_refund_of` for many, in a number of statements that does not grow with them. For rooms above.

    What was paid by several intents, or asked for before, goes one by one.

    Raises:
        Invalid, Missing, Conflict: as `ask_refund`, for any of them; then none is asked for.
    """
    known = set(
        Refund.objects.filter(source__in=[one.source for one in owing]).values_list("source", flat=True)
    )
    plain = [one for one in owing if len(one.intents) == 1 and one.source not in known]
    captures: dict[UUID, list[Capture]] = {}
    rows = Capture.objects.select_for_update(no_key=True).filter(
        intent_id__in=[one.intents[0] for one in plain]
    )
    for row in rows.order_by("id"):
        captures.setdefault(row.intent_id, []).append(row)
    left = _left([row for of_intent in captures.values() for row in of_intent])
    made = []
    for one in plain:
        mine = captures.get(one.intents[0], [])
        chosen = _chosen(mine, left, one.amount_fen)
        left[chosen.id] -= one.amount_fen
        made.append(_owed(chosen, one.source, one.amount_fen, one.reason))
    Refund.objects.bulk_create(made, batch_size=_BATCH)
    _book_owed(actor, made, {row.id: row.intent_id for of_intent in captures.values() for row in of_intent})
    for one in owing:
        if len(one.intents) != 1:
            ask_refund_of(
                actor, source=one.source, intents=one.intents, amount_fen=one.amount_fen, reason=one.reason
            )
        elif one.source in known:
            ask_refund(
                actor, source=one.source, intent=one.intents[0], amount_fen=one.amount_fen, reason=one.reason
            )


def _first(known: Refund, captures: list[Capture], capture: UUID | None, amount_fen: int) -> UUID:
    same = known.amount_fen == amount_fen and any(one.id == known.capture_id for one in captures)
    if not same or capture not in (None, known.capture_id):
        raise Conflict(_("This refund was asked for before with other content."))
    return known.id


def _left(captures: list[Capture]) -> dict[UUID, int]:
    """What may still be given back of each capture; refunds that failed are owed still."""
    sums = (
        Refund.objects.filter(capture__in=captures).values_list("capture_id").annotate(back=Sum("amount_fen"))
    )
    back = dict(sums)
    return {one.id: one.amount_fen - back.get(one.id, 0) for one in captures}


def _paying(captures: list[Capture], left: dict[UUID, int], amount_fen: int) -> UUID | None:
    """The first capture that has enough left; where none has, the one with most left."""
    in_turn = sorted(captures, key=lambda one: (one.captured_at, one.id))
    enough = (one.id for one in in_turn if left[one.id] >= amount_fen)
    return next(enough, max(left, key=lambda one: left[one], default=None))


def _chosen(captures: list[Capture], left: dict[UUID, int], amount_fen: int) -> Capture:
    """Of which capture of an intent a sum goes back.

    Raises:
        Invalid, Missing, Conflict: as `ask_refund`.
    """
    if amount_fen <= 0:
        raise Invalid(_("Write an amount above zero."), field="amount")
    mine = {one.id: left[one.id] for one in captures}
    chosen = _paying(captures, mine, amount_fen)
    if chosen is None:
        raise Missing(_("Nothing was paid that could be given back."))
    if amount_fen > mine[chosen]:
        raise Conflict(
            _("Only part of this amount is left to give back."),
            code="too_much",
            details={"left_fen": mine[chosen]},
        )
    return next(one for one in captures if one.id == chosen)


def _owe(actor: Actor, capture: Capture, source: str, amount_fen: int, reason: str) -> UUID:
    refund = _owed(capture, source, amount_fen, reason)
    refund.save(force_insert=True)
    _book_owed(actor, [refund], {capture.id: capture.intent_id})
    return refund.id


def _owed(capture: Capture, source: str, amount_fen: int, reason: str) -> Refund:
    moment = now()
    return Refund(
        id=uuid7(),
        county=capture.county,
        capture_id=capture.id,
        source=source,
        amount_fen=amount_fen,
        currency=capture.currency,
        reason=reason[:40],
        asked_at=moment,
        next_at=moment,
    )


def _book_owed(actor: Actor, refunds: Sequence[Refund], intents: Mapping[UUID, UUID]) -> None:
    """Book what is owed now: escrow to refunds due. `intents`: the intent of each capture."""
    references = dict(Intent.objects.filter(id__in=set(intents.values())).values_list("id", "reference"))
    entries = [
        Entry(
            refund.county, f"refund:{refund.id}", "refund", now(),
            refund_lines(refund, references[intents[refund.capture_id]], ("escrow", ""), ("refunds_due", "")),
        )
        for refund in refunds
    ]  # fmt: skip
    post_all(actor, entries=entries)


def refund_lines(
    refund: Refund, reference: str, debit: tuple[str, str], credit: tuple[str, str]
) -> tuple[PostingLine, ...]:
    """The entry that moves what a refund comes to from one account to another, each (code, owner)."""
    currency = refund.currency
    return (
        line(debit[0], refund.amount_fen, owner=debit[1], reference=reference, currency=currency),
        line(credit[0], -refund.amount_fen, owner=credit[1], reference=reference, currency=currency),
    )
