"""Pay-out days: one person prepares, another sends; the bank's file and what the bank says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.refusal import Forbidden, Refusal
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.words import BATCHES, BENEFICIARIES, PAYOUTS
from countyfair.surfaces.ui.formats import local
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.settlement import actions, queries
from countyfair.trade.settlement.actions import BankSaid
from countyfair.trade.settlement.rules import PAID


@page("payout.read")
def payouts(desk: Desk) -> HttpResponse:
    """What is owed, and the batches, newest first."""
    return _payouts(desk)


@page("payout.prepare")
def prepare(desk: Desk) -> HttpResponse:
    """Claim what is unpaid until the end of a day into a batch."""

    def act(given: Given) -> HttpResponse:
        day, once = given.day("until"), ui.once(desk.request)
        given.stop()
        until = datetime.combine(day + timedelta(days=1), time.min, COUNTY_ZONE) if day else None
        if (
            until is not None
            and day is not None
            and until > now()
            and day <= now().astimezone(COUNTY_ZONE).date()
        ):
            until = None
        key = actions.prepare(
            desk.actor, batch_id=once, county=desk.county, until=until, whom=given.text("whom") or "household"
        )
        return desk.go("batch", key, said=_("The batch is prepared. Somebody else sends it."))

    return desk.asks(lambda refusal: _payouts(desk, refusal), act)


@page("payout.read")
def batch(desk: Desk, key: UUID) -> HttpResponse:
    """One batch and its payouts, for review."""
    return _batch(desk, key)


@page("payout.confirm")
def send(desk: Desk, key: UUID) -> HttpResponse:
    """Confirm a batch that somebody else prepared."""
    _own(desk, key)
    try:
        actions.send(desk.actor, batch=key)
    except Correctable as refusal:
        return _batch(desk, key, refusal)
    except Forbidden as refusal:
        if refusal.code != "two_people":
            raise
        return _batch(desk, key, refusal)
    return desk.go("batch", key, said=_("The batch is sent. Download its file for the bank."))


@page("payout.prepare")
def withdraw(desk: Desk, key: UUID) -> HttpResponse:
    """Undo a batch that was not sent."""
    _own(desk, key)
    try:
        actions.withdraw(desk.actor, batch=key)
    except Correctable as refusal:
        return _batch(desk, key, refusal)
    return desk.go("batch", key, said=_("The batch is withdrawn. What it held is free for the next one."))


@page("payout.confirm")
def bank_file(desk: Desk, key: UUID) -> HttpResponse:
    """The bank's file. Opening the accounts in it is on record, so it is asked for by a form."""
    _own(desk, key)
    try:
        file = actions.bank_file(desk.actor, batch=key)
    except Correctable as refusal:
        return _batch(desk, key, refusal)
    response = HttpResponse(file.content, content_type="text/csv; charset=gb18030")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response


@page("payout.confirm")
def record(desk: Desk, key: UUID) -> HttpResponse:
    """Keep what the bank said of payouts, a row each; rows left alone stay as they are."""
    _own(desk, key)

    def act(given: Given) -> HttpResponse:
        results = [
            BankSaid(
                number,
                outcome,
                given.text(f"reference_{number}", most=60),
                given.text(f"reason_{number}", most=200),
            )
            for number in given.many("number")
            if (outcome := given.text(f"outcome_{number}"))
        ]
        given.stop()
        actions.record_results(desk.actor, batch=key, results=results)
        said = ngettext("%(count)d answer is kept.", "%(count)d answers are kept.", len(results))
        return desk.go("batch", key, said=said % {"count": len(results)})

    return desk.asks(lambda refusal: _batch(desk, key, refusal), act)


def _own(desk: Desk, key: UUID) -> queries.BatchWhole:
    return desk.own(lambda: queries.batch_whole(desk.actor, batch_id=key), lambda seen: seen.batch.county)


def _payouts(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    typed = desk.request.POST if desk.request.method == "POST" else desk.request.GET
    whom = typed.get("whom", "household")
    owed = queries.owed(desk.actor, county=desk.county, whom=whom if whom in PAID else "household")
    only = bool(desk.request.GET.get("returned"))
    batches = queries.batches(
        desk.actor, county=desk.county, returned=only, after=after_moment(desk.request), limit=ROWS + 1
    )
    return desk.show(
        "payouts",
        {
            "owed": owed,
            "due_fen": sum(row.amount_fen for row in owed if row.amount_fen > 0),
            "leaf": leaf(
                desk.request, batches, lambda row: by_moment(row.prepared_at, row.id), path=desk.at("payouts")
            ),
            "states": BATCHES,
            "whom": whom if whom in PAID else "household",
            "kinds": [(kind, BENEFICIARIES[kind]) for kind in PAID],
            "beneficiaries": BENEFICIARIES,
            "typed": desk.request.POST,
            "only_returned": only,
            "once": desk.request.POST.get("once"),
        },
        codes=[row.place for row in owed if row.place],
        refusal=refusal,
    )


def _batch(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    seen = _own(desk, key)
    return desk.show(
        "batch",
        {
            "batch": seen.batch,
            "payouts": seen.payouts,
            "states": BATCHES,
            "payout_states": PAYOUTS,
            "beneficiaries": BENEFICIARIES,
            "people": colleagues(
                desk.actor, county=desk.county, keys=[seen.batch.prepared_by, seen.batch.sent_by]
            ),
            "last_day": local(seen.batch.until - timedelta(microseconds=1)).date(),
            "mine": seen.batch.prepared_by == desk.actor.key,
            "typed": desk.request.POST,
        },
        codes=[row.place for row in seen.payouts if row.place],
        refusal=refusal,
    )
