"""Pay-out day: one person prepares a batch, another sends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import Entry, post_all
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.trade.settlement.models import Batch, Earning, Payout
from countyfair.trade.settlement.rules import PAID, payout_lines


@verb
def prepare(
    actor: Actor, *, batch_id: UUID, county: str, until: datetime | None = None, whom: str = "household"
) -> UUID:
    """Claim what is unpaid into a batch, one payout per owner whose sum is positive; answers the batch.

    Whoever comes to less than nothing, after refunds, is carried over. Two people who prepare at
    once claim everything once. Needs `payout.prepare` in the county.

    Args:
        batch_id: made with the form; the same again answers the first batch.
        until: earnings up to this moment; by default now.
        whom: household, station, centre or courier.

    Raises:
        Forbidden: no such power there.
        Invalid: nobody of that kind is paid, or a moment to come.
        Conflict: nothing is due, or the id was used for another batch.
    """
    actor.require("payout.prepare", place=county)
    moment = now()
    until = until or moment
    if whom not in PAID or until > moment:
        raise Invalid(_("Choose whom to pay, and a day that has come."), field="until")
    _one_at_a_time(county)
    known = Batch.objects.filter(id=batch_id).first()
    if known is not None:
        if (known.county, known.whom) != (county, whom):
            raise Conflict(_("This batch was prepared before with other content."))
        return known.id
    made = Batch.objects.create(
        id=batch_id,
        county=county,
        number=_next_number(county),
        whom=whom,
        until=until,
        prepared_at=moment,
        prepared_by=actor.key,
    )
    if not _claim(made):
        raise Conflict(_("There is nothing to pay out yet."), code="nothing_due")
    return made.id


@verb
def send(actor: Actor, *, batch: UUID) -> None:
    """Confirm a prepared batch and book it as ordered from the bank; pressed twice it is sent once.

    Needs `payout.confirm`, and another person than the one who prepared it.

    Raises:
        Missing: no such batch.
        Forbidden: no such power, or the actor prepared it.
        Conflict: it was withdrawn.
    """
    known = locked(batch)
    actor.require("payout.confirm", place=known.county)
    if known.prepared_by == actor.key:
        raise Forbidden(_("Somebody else has to confirm what you have prepared."), code="two_people")
    if known.state in ("sent", "closed"):
        return
    if known.state != "prepared":
        raise Conflict(_("This batch was withdrawn. Prepare a new one."), code=known.state)
    moment = now()
    payouts = Payout.objects.filter(batch_id=batch).order_by("id")
    book(actor, [Move(payout, "send", f"payout:{payout.id}") for payout in payouts], moment)
    Payout.objects.filter(batch_id=batch).update(state="sent")
    if known.whom == "household":
        tell(actor, "payout.sent", Payout.objects.filter(batch_id=batch).order_by("id"))
    Batch.objects.filter(id=batch).update(state="sent", sent_at=moment, sent_by=actor.key)


@verb
def withdraw(actor: Actor, *, batch: UUID) -> None:
    """Undo a batch that was not sent: its earnings are free for the next one. Needs `payout.prepare`.

    Raises:
        Missing: no such batch.
        Forbidden: no such power there.
        Conflict: it was sent; what the bank returns is recorded instead.
    """
    known = locked(batch)
    actor.require("payout.prepare", place=known.county)
    if known.state == "withdrawn":
        return
    if known.state != "prepared":
        raise Conflict(_("This batch was sent already. Record what the bank returns."), code=known.state)
    Earning.objects.filter(payout__batch_id=batch).update(payout=None)
    Payout.objects.filter(batch_id=batch).update(state="withdrawn")
    Batch.objects.filter(id=batch).update(state="withdrawn")


def locked(batch: UUID) -> Batch:
    """The batch, locked until the end of the transaction.

    Raises:
        Missing: there is none of this id.
    """
    known = Batch.objects.select_for_update(no_key=True).filter(id=batch).first()
    if known is None:
        raise Missing(_("There is no such batch."))
    return known


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a payout (`rules.payout_lines`), and the source that it is booked under."""

    payout: Payout
    move: str
    source: str


def book(actor: Actor, moves: Sequence[Move], moment: datetime) -> None:
    """Book these steps of payouts, in one statement."""
    entries = [
        Entry(
            one.payout.county, one.source, f"payout_{one.move}", moment,
            payout_lines(
                one.payout.beneficiary, one.payout.owner, one.payout.amount_fen, one.payout.currency,
                one.payout.id, one.move,
            ),
        )
        for one in moves
    ]  # fmt: skip
    post_all(actor, entries=entries)


def tell(actor: Actor, kind: str, payouts: Iterable[Payout]) -> None:
    """Tell households what became of their payouts."""
    news = [
        News(
            kind, payout.county, str(payout.id), f"household:{payout.owner}",
            facts={
                "number": payout.number, "amount": f"{payout.amount_fen // 100}.{payout.amount_fen % 100:02d}"
            },
        )
        for payout in payouts
    ]  # fmt: skip
    notices.tell(actor, news=news)


def _one_at_a_time(county: str) -> None:
    """Hold back whoever else prepares in this county until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"settlement.prepare:{county}"]
        )


def _next_number(county: str) -> str:
    day = f"{today():%Y%m%d}"
    return f"{day}-{Batch.objects.filter(county=county, number__startswith=f'{day}-').count() + 1}"


def _claim(batch: Batch) -> int:
    """Stamp what is due with new payouts, in one statement; answers how many payouts there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS MATERIALIZED (
                SELECT id, owner, currency, amount_fen FROM settlement_earning
                 WHERE county = %(county)s AND beneficiary = %(whom)s AND payout_id IS NULL
                   AND earned_at <= %(until)s
                 ORDER BY id FOR NO KEY UPDATE
            ), sums AS MATERIALIZED (
                SELECT kernel_uuid7() AS id, owner, currency, sum(amount_fen)::bigint AS amount_fen,
                       row_number() OVER (ORDER BY owner, currency) AS place
                  FROM due GROUP BY owner, currency HAVING sum(amount_fen) > 0
            ), made AS (
                INSERT INTO settlement_payout
                       (id, batch_id, county, beneficiary, owner, number, amount_fen, currency, state,
                        bank_reference, reason)
                SELECT id, %(batch)s, %(county)s, %(whom)s, owner,
                       %(number)s || '-' || lpad(place::text, greatest(4, length(place::text)), '0'),
                       amount_fen, currency, 'prepared', '', ''
                  FROM sums RETURNING id
            ), stamped AS (
                UPDATE settlement_earning e SET payout_id = s.id
                  FROM due d JOIN sums s ON (s.owner, s.currency) = (d.owner, d.currency)
                 WHERE e.id = d.id RETURNING e.id
            )
            SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM stamped)""",
            {
                "county": batch.county,
                "whom": batch.whom,
                "until": batch.until,
                "batch": batch.id,
                "number": batch.number,
            },
        )
        return int(cursor.fetchone()[0])
