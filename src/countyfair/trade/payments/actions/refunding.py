"""Giving money back: asked for once, booked at once as owed, and asked of the provider until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import post
from countyfair.registers.ledger.rules import line
from countyfair.registers.stations.queries import station as station_row
from countyfair.trade.payments import queries
from countyfair.trade.payments.events import RefundSettled
from countyfair.trade.payments.gateways import GATEWAYS, gateway_called
from countyfair.trade.payments.gateways.shape import GiveBack, Refusing, Unreachable
from countyfair.trade.payments.models import Capture, Intent, Refund
from countyfair.trade.payments.rules import MOST_ATTEMPTS, next_attempt

#: How many refunds one run of the job asks for.
BATCH = 100


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


@verb
def hand_back_cash(actor: Actor, *, refund: UUID, station: UUID) -> None:
    """Hand a refund of cash back from a station's till; pressed twice it is handed back once.

    Needs `counter.refund` at the station's place; any station of the county may do it.

    Raises:
        Forbidden: no such power there.
        Missing: no such station or refund.
        Invalid: the refund goes back through a provider, or the station is of another county.
        Conflict: another station handed it back.
    """
    where = station_row(station)
    actor.require("counter.refund", place=where.place)
    known = _locked(refund)
    capture = Capture.objects.get(id=known.capture_id)
    if not gateway_called(capture.gateway).by_hand:
        raise Invalid(_("This goes back the way it was paid, not over the counter."), field="gateway")
    if known.county != where.county:
        raise Invalid(_("Choose a station of the county that sold this."), field="station")
    if known.state == "done":
        if known.station_id == station:
            return
        raise Conflict(_("Another station has handed this back. Do not pay it again."), code="done")
    Refund.objects.filter(id=refund).update(station_id=station)
    _finish(actor, known, capture, ("till", str(station)))


def settle_refunds() -> int:
    """The job: ask providers for the refunds that are due; answers how many are done.

    Not a verb: each provider is spoken with between two transactions, under the refund's id, so
    that a refund asked for again after a crash is given once.
    """
    actor = Actor.system("payments.settle_refunds")
    done = 0
    for row in _claimed(actor):
        try:
            wanted = _wanted(row)
            answer: Refusing | str = gateway_called(row.gateway).give_back(wanted) or "done"
        except Unreachable as silence:
            answer = f"no answer: {silence}"
        done += record_answer(actor, refund=row.id, answer=answer) == "done"
    return done


@verb
def record_answer(actor: Actor, *, refund: UUID, answer: Refusing | str) -> str:
    """Note what a provider answered: `done`, a Refusing, or why there is no answer yet. Answers the state."""
    known = _locked(refund)
    if known.state != "asked":
        return known.state
    if answer == "done":
        capture = Capture.objects.get(id=known.capture_id)
        _finish(actor, known, capture, ("clearing", capture.gateway))
        return "done"
    failed = isinstance(answer, Refusing) or known.attempts >= MOST_ATTEMPTS
    why = answer.why if isinstance(answer, Refusing) else answer
    state = "failed" if failed else "asked"
    Refund.objects.filter(id=refund).update(last_error=why[:500], state=state)
    return state


def hear_of_refund(actor: Actor, refund: UUID, gateway: str, *, amount_fen: int, refused: str) -> str:
    """Take a provider's unbidden word of a refund, within the caller's verb; answers the notice's outcome:
    `refunded`, `refund_refused`, `repeated`, `unknown`, `wrong_gateway` or `wrong_amount`.
    """
    known = Refund.objects.select_for_update(no_key=True).filter(id=refund).first()
    if known is None:
        return "unknown"
    if Capture.objects.values_list("gateway", flat=True).get(id=known.capture_id) != gateway:
        return "wrong_gateway"
    if known.amount_fen != amount_fen:
        return "wrong_amount"
    if known.state != "asked":
        return "repeated"
    record_answer(actor, refund=refund, answer=Refusing(refused) if refused else "done")
    return "refund_refused" if refused else "refunded"


@verb
def retry_refund(actor: Actor, *, refund: UUID) -> None:
    """Ask again for a refund that failed, after somebody looked into it; needs `payments.manage`.

    Raises:
        Missing: no such refund.
        Forbidden: no such power in its county.
        Conflict: it did not fail.
    """
    known = _locked(refund)
    actor.require("payments.manage", place=known.county)
    if known.state != "failed":
        raise Conflict(_("This refund has not failed."), code=known.state)
    Refund.objects.filter(id=refund).update(state="asked", attempts=0, next_at=now())


def _wanted(row: queries.RefundRow) -> GiveBack:
    capture = Capture.objects.get(id=row.capture)
    return GiveBack(
        row.id, row.provider_key, row.amount_fen, row.currency, capture.intent_id, capture.amount_fen
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


def _owe(actor: Actor, capture: Capture, source: str, amount_fen: int, reason: str) -> UUID:
    moment = now()
    refund = Refund.objects.create(
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
    _book(actor, refund, f"refund:{refund.id}", "refund", ("escrow", ""), ("refunds_due", ""))
    return refund.id


def _finish(actor: Actor, refund: Refund, capture: Capture, paid_from: tuple[str, str]) -> None:
    moment = now()
    Refund.objects.filter(id=refund.id).update(state="done", done_at=moment, last_error="")
    _book(actor, refund, f"refund-done:{refund.id}", "refund_done", ("refunds_due", ""), paid_from)
    announce(
        RefundSettled(
            refund=refund.id,
            source=refund.source,
            capture=capture.id,
            intent=capture.intent_id,
            reference=_reference(capture.intent_id),
            amount_fen=refund.amount_fen,
            currency=refund.currency,
            settled_at=moment,
        ),
        county=refund.county,
    )


def _book(
    actor: Actor, refund: Refund, source: str, what: str, debit: tuple[str, str], credit: tuple[str, str]
) -> None:
    capture = Capture.objects.get(id=refund.capture_id)
    reference, currency = _reference(capture.intent_id), refund.currency
    lines = [
        line(debit[0], refund.amount_fen, owner=debit[1], reference=reference, currency=currency),
        line(credit[0], -refund.amount_fen, owner=credit[1], reference=reference, currency=currency),
    ]
    post(actor, county=refund.county, source=source, what=what, booked_at=now(), lines=lines)


def _reference(intent: UUID) -> str:
    return Intent.objects.values_list("reference", flat=True).get(id=intent)


def _locked(refund: UUID) -> Refund:
    known = Refund.objects.select_for_update(no_key=True).filter(id=refund).first()
    if known is None:
        raise Missing(_("There is no such refund."))
    return known


@verb
def _claimed(actor: Actor) -> list[queries.RefundRow]:
    """Refunds that are due, each counted as one more attempt and put off, so that a crash does not hammer."""
    moment = now()
    providers = [name for name, gateway in GATEWAYS.items() if not gateway.by_hand]
    due = list(
        Refund.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(state="asked", next_at__lte=moment, capture__gateway__in=providers)
        .order_by("id")[:BATCH]
    )
    for refund in due:
        Refund.objects.filter(id=refund.id).update(
            attempts=refund.attempts + 1, next_at=next_attempt(refund.attempts + 1, moment)
        )
    return [queries.refund(refund.id) for refund in due]
