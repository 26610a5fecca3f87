"""Providers' bills of a day: fetched, held against what was taken and given back here, fees booked.

A provider is spoken with outside any transaction. A bill may be taken again, also where it changed: its
lines are known by their keys, and only what is new of a fee is booked.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import post
from countyfair.registers.ledger.rules import line
from countyfair.trade.payments.actions.asking import ask_provider
from countyfair.trade.payments.gateways import BILLING, GATEWAYS
from countyfair.trade.payments.gateways.shape import Billed, NoBill, Unreachable
from countyfair.trade.payments.models import DayBill, DayBillGap, DayBillLine, Intent
from countyfair.trade.payments.queries.bills import Ours, ours_of_bill, unbilled
from countyfair.trade.payments.rules import BILL_DAYS, BILL_HOUR, PATIENCE_DAYS, gap_reason

log = logging.getLogger(__name__)

#: A bill that is not there is asked for again after so long.
AGAIN = timedelta(hours=1)


def fetch_bills() -> int:
    """The job: fetch the bills of the last days that are due; answers how many were read."""
    actor = Actor.system("payments.fetch_bills")
    read = 0
    for name in BILLING:
        if GATEWAYS[name].offered:
            for day in claim_bills(actor, gateway=name):
                read += fetch_bill(actor, gateway=name, day=day)
    return read


def fetch_bill(actor: Actor, *, gateway: str, day: date) -> bool:
    """Fetch one bill now and take it; False where there is none, or no usable answer.

    Money of a known intent that the bill tells of and nobody told us is looked up first.

    Raises:
        Invalid: a gateway without bills.
    """
    provider = BILLING.get(gateway)
    if provider is None:
        raise Invalid(_("This way to pay makes no bills."), field="gateway")
    try:
        billed = provider.bill(day)
    except NoBill as none:
        return _none(actor, gateway, day, str(none))
    except Unreachable as silence:
        log.warning("%s gives no bill of %s: %s", gateway, day, silence)
        note_bill(actor, gateway=gateway, day=day, error=str(silence))
        return False
    for intent in _untold(gateway, billed):
        ask_provider(actor, intent=intent)
    take_bill(actor, gateway=gateway, day=day, billed=billed)
    return True


@verb
def claim_bills(actor: Actor, *, gateway: str) -> list[date]:
    """The days whose bills are due to be asked for; each is due again an hour later."""
    moment = now()
    today = moment.astimezone(COUNTY_ZONE).date()
    days = [today - timedelta(days=back) for back in range(1, BILL_DAYS + 1)]
    DayBill.objects.bulk_create(
        [DayBill(gateway=gateway, day=day, next_at=_made(day)) for day in days], ignore_conflicts=True
    )
    due = DayBill.objects.select_for_update(no_key=True, skip_locked=True).filter(
        gateway=gateway, day__in=days, state="waiting", next_at__lte=moment
    )
    claimed = list(due.order_by("day"))
    for row in claimed:
        row.tries, row.next_at = row.tries + 1, moment + AGAIN
        row.save(update_fields=["tries", "next_at"])
    return [row.day for row in claimed]


@verb
def note_bill(actor: Actor, *, gateway: str, day: date, error: str) -> None:
    """Keep why there is no bill yet, for whoever looks."""
    row = _bill(gateway, day)
    row.last_error = error[:200]
    row.save(update_fields=["last_error"])


@verb
def take_bill(actor: Actor, *, gateway: str, day: date, billed: Sequence[Billed]) -> Counter[str]:
    """Hold a bill against our books: fees of what fits are booked, what does not fit is queued.

    What an earlier bill left open and this one brings is ended by itself. Answers how many lines stand how.
    """
    bill = _bill(gateway, day)
    last: dict[tuple[str, str], Billed] = {(one.kind, one.key): one for one in billed}
    ours = ours_of_bill(gateway, list(last.values()))
    standings = {key: _standing(one, ours.get(key)) for key, one in last.items()}
    _keep(bill, last, ours, standings)
    _book_fees(actor, gateway, list(last))
    moment = now()
    gaps = [_gap(bill, one, ours.get(key), standings[key], moment) for key, one in last.items()]
    gaps += [_missing_there(bill, one, moment) for one in unbilled(gateway, *_span(day))]
    DayBillGap.objects.bulk_create([gap for gap in gaps if gap is not None], ignore_conflicts=True)
    _end_what_fits(actor, gateway, [key for key, standing in standings.items() if standing == "matched"])
    bill.state, bill.read_at, bill.last_error = "read", moment, ""
    bill.save(update_fields=["state", "read_at", "last_error"])
    return Counter(standings.values())


@verb
def end_gap(actor: Actor, *, gap: UUID, county: str, note: str) -> None:
    """Say how a difference to a bill was settled; again, nothing happens.

    Args:
        county: the desk at which it is said; one that is of no county is settled at any.

    Raises:
        Missing: there is none at this county.
        Forbidden: no `payments.manage` there.
        Invalid: no note.
    """
    row = DayBillGap.objects.select_for_update(no_key=True).filter(id=gap, county__in=(county, "")).first()
    if row is None:
        raise Missing(_("There is no such difference."))
    actor.require("payments.manage", place=county)
    if row.ended_at is not None:
        return
    if not note.strip():
        raise Invalid(_("Say in a few words how it was settled."), field="note")
    row.ended_at, row.ended_by, row.note = now(), actor.key, note.strip()[:200]
    row.save(update_fields=["ended_at", "ended_by", "note"])


def _none(actor: Actor, gateway: str, day: date, why: str) -> bool:
    """No bill: none is needed where nothing happened; one that is long overdue is taken as empty."""
    if not unbilled(gateway, *_span(day)):
        _close(actor, gateway=gateway, day=day)
    elif now().astimezone(COUNTY_ZONE).date() - day > timedelta(days=PATIENCE_DAYS):
        take_bill(actor, gateway=gateway, day=day, billed=())
        return True
    else:
        note_bill(actor, gateway=gateway, day=day, error=why)
    return False


@verb
def _close(actor: Actor, *, gateway: str, day: date) -> None:
    row = _bill(gateway, day)
    row.state, row.last_error = "none", ""
    row.save(update_fields=["state", "last_error"])


def _bill(gateway: str, day: date) -> DayBill:
    """The bill's row, locked."""
    DayBill.objects.bulk_create(
        [DayBill(gateway=gateway, day=day, next_at=_made(day))], ignore_conflicts=True
    )
    return DayBill.objects.select_for_update(no_key=True).get(gateway=gateway, day=day)


def _made(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), BILL_HOUR, COUNTY_ZONE)


def _span(day: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, time(), COUNTY_ZONE)
    return begins, begins + timedelta(days=1)


def _untold(gateway: str, billed: Iterable[Billed]) -> list[UUID]:
    """Unpaid intents of ours that the bill says are paid."""
    numbers = [one.number for one in billed if one.kind == "payment" and one.number is not None]
    unpaid = Intent.objects.filter(id__in=numbers, gateway=gateway).exclude(state="paid")
    return list(unpaid.order_by("id").values_list("id", flat=True))


def _standing(one: Billed, ours: Ours | None) -> str:
    if ours is None or not ours.there:
        return "not_here"
    return "matched" if ours.amount_fen == one.amount_fen else "amount"


def _keep(
    bill: DayBill,
    last: Mapping[tuple[str, str], Billed],
    ours: Mapping[tuple[str, str], Ours],
    standings: Mapping[tuple[str, str], str],
) -> None:
    lines = [
        DayBillLine(
            id=uuid7(), bill_id=bill.id, gateway=bill.gateway, kind=one.kind, key=one.key[:80],
            county=ours[key].county if key in ours else "", amount_fen=one.amount_fen, fee_fen=one.fee_fen,
            standing=standings[key], at=one.at,
        )
        for key, one in last.items()
    ]  # fmt: skip
    DayBillLine.objects.bulk_create(
        lines, batch_size=1000, update_conflicts=True, unique_fields=["gateway", "kind", "key"],
        update_fields=["bill", "county", "amount_fen", "fee_fen", "standing", "at"],
    )  # fmt: skip


def _book_fees(actor: Actor, gateway: str, keys: Sequence[tuple[str, str]]) -> None:
    """What the provider kept, less what of it is booked: one entry a county."""
    named = [key for _kind, key in keys]
    found = DayBillLine.objects.select_for_update(no_key=True).filter(
        gateway=gateway, key__in=named, standing="matched"
    )
    rows = [row for row in found.order_by("id") if row.fee_fen != row.booked_fen]
    more: Counter[str] = Counter()
    for row in rows:
        more[row.county] += row.fee_fen - row.booked_fen
        row.booked_fen = row.fee_fen
    DayBillLine.objects.bulk_update(rows, ["booked_fen"], batch_size=1000)
    for county, fen in sorted(more.items()):
        if fen:
            post(
                actor, county=county, source=f"bill-fees:{uuid7()}", what="bill-fees", booked_at=now(),
                lines=[line("provider_fees", fen, owner=gateway), line("clearing", -fen, owner=gateway)],
            )  # fmt: skip


def _gap(bill: DayBill, one: Billed, ours: Ours | None, standing: str, moment: datetime) -> DayBillGap | None:
    if standing == "matched":
        return None
    return DayBillGap(
        id=uuid7(), gateway=bill.gateway, day=bill.day, county=ours.county if ours else "", kind=one.kind,
        key=one.key[:80], what=standing, ours_fen=ours.amount_fen if ours and ours.there else 0,
        theirs_fen=one.amount_fen, found_at=moment,
        reason=gap_reason(one.kind, standing, known=ours is not None, at=None),
    )  # fmt: skip


def _missing_there(bill: DayBill, ours: Ours, moment: datetime) -> DayBillGap:
    return DayBillGap(
        id=uuid7(), gateway=bill.gateway, day=bill.day, county=ours.county, kind=ours.kind, key=ours.key[:80],
        what="not_there", ours_fen=ours.amount_fen, theirs_fen=0, found_at=moment,
        reason=gap_reason(ours.kind, "not_there", known=True, at=ours.at),
    )  # fmt: skip


def _end_what_fits(actor: Actor, gateway: str, keys: Sequence[tuple[str, str]]) -> None:
    matched = set(keys)
    open_ = DayBillGap.objects.select_for_update(no_key=True).filter(
        gateway=gateway, ended_at__isnull=True, key__in=[key for _kind, key in keys]
    )
    for row in open_.order_by("id"):
        if (row.kind, row.key) in matched:
            row.ended_at, row.ended_by, row.note = now(), actor.key, "a later bill fits"
            row.save(update_fields=["ended_at", "ended_by", "note"])
