"""The bank: its file, and what it says of each payout."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people.actions import read_households
from countyfair.trade.settlement.actions.paying import Move, book, locked, tell
from countyfair.trade.settlement.models import BankResult, Batch, Earning, Payout
from countyfair.trade.settlement.rules import BANK_MOVES, BankRow, bank_csv

#: How many rows go with one statement.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class BankFile:
    """The file of one batch. `left_out` are payouts (number, why) that it cannot hold:

    `no_account`, `no_consent` or `erased`. They are recorded as returned, and so come up again.
    """

    name: str
    content: bytes
    digest: str
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BankSaid:
    """What the bank said of one payout: `paid` or `returned`, with its own reference or reason."""

    number: str
    outcome: str
    reference: str = ""
    reason: str = ""


@verb
def bank_file(actor: Actor, *, batch: UUID) -> BankFile:
    """The bank's file of a sent batch; the accounts are opened on record, for the purpose `payout`.

    Needs `payout.confirm`, and what opening accounts needs. The first file's digest is kept: a later
    one that would differ is refused.

    Raises:
        Missing: no such batch.
        Forbidden: no such power there.
        Invalid: the batch pays no households; theirs are the only accounts that are registered.
        Conflict: not sent yet, withdrawn, or an account changed since the first file.
    """
    known = locked(batch)
    actor.require("payout.confirm", place=known.county)
    if known.whom != "household":
        raise Invalid(_("Only households' accounts are registered; pay this batch by hand."), field="whom")
    if known.state not in ("sent", "closed"):
        raise Conflict(_("Confirm the batch first; then its file can be written."), code=known.state)
    rows, left_out = _rows(actor, list(Payout.objects.filter(batch_id=batch).order_by("number")))
    content = bank_csv(rows, batch=known.number)
    digest = hashlib.sha256(content).hexdigest()
    if known.file_digest not in ("", digest):
        raise Conflict(
            _(
                "Accounts have changed since this file was first written. Use the first file, and"
                " pay the rest next time."
            ),
            code="file_changed",
        )
    if not known.file_digest:
        Batch.objects.filter(id=batch).update(file_digest=digest)
    return BankFile(f"payout-{known.county}-{known.number}.csv", content, digest, left_out)


@verb
def record_results(actor: Actor, *, batch: UUID, results: Sequence[BankSaid]) -> None:
    """Keep what the bank said of payouts of a sent batch; the same again changes nothing.

    What was returned is owed again and comes up in the next batch; the payout itself stays as it was
    sent. When every payout is answered the batch is closed. Needs `payout.confirm`.

    Raises:
        Missing: no such batch, or no such payout in it.
        Forbidden: no such power there.
        Invalid: an outcome that is neither paid nor returned.
        Conflict: the batch was not sent, or a payout cannot be paid after it was returned.
    """
    known = locked(batch)
    actor.require("payout.confirm", place=known.county)
    if known.state not in ("sent", "closed"):
        raise Conflict(_("Confirm the batch first; then record what the bank says."), code=known.state)
    payouts = {
        row.number: row for row in Payout.objects.select_for_update().filter(batch_id=batch).order_by("id")
    }
    moment = now()
    moves, told = [], []
    for said in results:
        payout = payouts.get(said.number)
        if payout is None:
            raise Missing(_("There is no such payout in this batch."), details={"number": said.number})
        move = _move(payout, said, moment)
        if move is not None:
            moves.append(move)
            told.append(_result(payout, said, moment))
    _keep(actor, moves, told, moment)
    if not Payout.objects.filter(batch_id=batch, state="sent").exists():
        Batch.objects.filter(id=batch).update(state="closed")


def _move(payout: Payout, said: BankSaid, moment: datetime) -> Move | None:
    """What the bank's word makes of a payout, which takes it on; None where it was said before.

    Raises:
        Invalid, Conflict: as `record_results`.
    """
    if said.outcome not in ("paid", "returned"):
        raise Invalid(_("The bank has paid a payout or returned it."), field="outcome")
    if payout.state == said.outcome:
        return None
    if (payout.state, said.outcome) not in BANK_MOVES:
        raise Conflict(
            _("This payout was returned. It is paid with the next batch."), details={"number": said.number}
        )
    move = "paid_returned" if payout.state == "paid" else said.outcome
    payout.state, payout.settled_at = said.outcome, moment
    payout.bank_reference, payout.reason = said.reference[:60], said.reason[:200]
    return Move(payout, move, f"payout-{said.outcome}:{payout.id}")


def _result(payout: Payout, said: BankSaid, moment: datetime) -> BankResult:
    return BankResult(
        payout=payout, county=payout.county, outcome=said.outcome, reference=said.reference[:60],
        reason=said.reason[:200], at=moment,
    )  # fmt: skip


def _keep(actor: Actor, moves: Sequence[Move], told: Sequence[BankResult], moment: datetime) -> None:
    """Book what the bank said, owe again what it returned, and tell whose it is."""
    book(actor, moves, moment)
    BankResult.objects.bulk_create(told, batch_size=_BATCH)
    returned = [one.payout for one in moves if one.move != "paid"]
    Earning.objects.bulk_create((_owed_again(one, moment) for one in returned), batch_size=_BATCH)
    households = [one for one in returned if one.beneficiary == "household"]
    if households:
        tell(actor, "payout.returned", households)
    Payout.objects.bulk_update(
        {one.payout.id: one.payout for one in moves}.values(),
        ["state", "settled_at", "bank_reference", "reason"],
        batch_size=_BATCH,
    )


def _owed_again(payout: Payout, moment: datetime) -> Earning:
    return Earning(
        id=uuid7(),
        county=payout.county,
        beneficiary=payout.beneficiary,
        owner=payout.owner,
        order_key="",
        source=f"returned:{payout.id}",
        what="returned",
        amount_fen=payout.amount_fen,
        currency=payout.currency,
        earned_at=moment,
    )


def _rows(actor: Actor, payouts: Sequence[Payout]) -> tuple[list[BankRow], tuple[tuple[str, str], ...]]:
    opened = {
        str(household.id): household
        for household in read_households(
            actor,
            household_ids=[UUID(payout.owner) for payout in payouts],
            fields=["head_name", "bank_account", "bank_name"],
            purpose="payout",
        )
    }
    rows, left_out = [], []
    for payout in payouts:
        household = opened.get(payout.owner)
        account = household.fields.get("bank_account", "") if household else ""
        if household is None or not account:
            left_out.append((payout.number, (household.closed if household else "") or "no_account"))
            continue
        name, bank = household.fields.get("head_name", ""), household.fields.get("bank_name", "")
        rows.append(BankRow(payout.number, name, account, bank, payout.amount_fen, payout.currency))
    return rows, tuple(left_out)
