"""Giving back what is owed: handed over in cash, or asked of the provider until it is done."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import post
from countyfair.registers.stations.queries import station as station_row
from countyfair.trade.payments import queries
from countyfair.trade.payments.actions.owing import refund_lines
from countyfair.trade.payments.events import RefundSettled
from countyfair.trade.payments.gateways import GATEWAYS, gateway_called
from countyfair.trade.payments.gateways.shape import GiveBack, Refusing, Unreachable
from countyfair.trade.payments.models import Capture, Intent, Refund
from countyfair.trade.payments.rules import MOST_ATTEMPTS, next_attempt

#: How many refunds one run of the job asks for.
BATCH = 100


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
    lines = refund_lines(refund, _reference(capture.intent_id), debit, credit)
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
