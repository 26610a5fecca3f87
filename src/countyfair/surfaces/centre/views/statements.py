"""A household's statement: what was owed, earned and paid, added up again; on paper, as PDF, as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE, today
from countyfair.kernel.refusal import Invalid, Missing, Sentence
from countyfair.registers.tasks.actions import Progress
from countyfair.registers.tasks.queries import File
from countyfair.surfaces.centre.desk import Desk, Names, page
from countyfair.surfaces.centre.sheets import Row, sheet, yuan
from countyfair.surfaces.centre.words import EARNED
from countyfair.surfaces.centre.words import yuan as in_yuan
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.papers import SHEET
from countyfair.surfaces.ui.printing import PDF, Press, paper
from countyfair.trade.catalog.rules.grading import GRADES, percent
from countyfair.trade.orders.rules.reasons import in_words
from countyfair.trade.settlement import queries
from countyfair.trade.settlement.rules import Statement, StatementLine


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a statement, both included."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, time.min, COUNTY_ZONE)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.until + timedelta(days=1), time.min, COUNTY_ZONE)


@page("household.read", "settlement.read")
def statement(desk: Desk, key: UUID) -> HttpResponse:
    """The statement of a span of days, this month's unless the address says otherwise."""
    span = _span(desk)
    found = _found(desk, key, span)
    return desk.show("statement", _context(found, key, span), codes=[found.place])


@page("household.read", "settlement.read")
def statement_sheet(desk: Desk, key: UUID, kind: str) -> HttpResponseBase:
    """The same statement for download."""
    span = _span(desk)
    found = _found(desk, key, span)
    head: tuple[Sentence, ...] = (
        _("When"),
        _("What"),
        _("Number"),
        _("Goods"),
        _("Packs"),
        _("Amount"),
        _("Balance"),
    )
    return sheet(kind, _name(found, span), head, _rows(found, span))


@page("household.read", "settlement.read")
def statement_pdf(desk: Desk, key: UUID) -> HttpResponse:
    """The same statement on paper."""
    span = _span(desk)
    found = _found(desk, key, span)
    return paper(_name(found, span), "centre/statement_paper.html", _on_paper(desk, found, key, span), SHEET)


def statements_of_batch(desk: Desk, progress: Progress) -> File:
    """The statements of a span of days for all households of a payout batch, on one paper after the other.

    Raises:
        Missing: no such batch in this county.
        Invalid: it pays no household.
        NoPrinter: this machine makes no PDF.
    """
    desk.require("payout.read")
    key, span = Given(desk.request.GET).key("batch"), _span(desk)
    if key is None:
        raise Missing(_("There is no such thing in this county."))
    batch = desk.own(lambda: queries.batch_whole(desk.actor, batch_id=key), lambda seen: seen.batch.county)
    households = [UUID(row.owner) for row in batch.payouts if row.beneficiary == "household"]
    if not households:
        raise Invalid(_("This batch pays no household."))
    press = Press(SHEET)
    for done, household in enumerate(households):
        progress(done, len(households))
        found = _found(desk, household, span)
        press.add("centre/statement_paper.html", _on_paper(desk, found, household, span))
    progress(len(households), len(households))
    return File(f"statements-{batch.batch.number}.pdf", PDF, press.pdf())


def _on_paper(desk: Desk, found: Statement, key: UUID, span: Span) -> dict[str, object]:
    codes = {found.place[:length] for length in (6, 9, 12)}
    names = Names(places.names(codes), desk.county)
    return _context(found, key, span) | {"yuan": in_yuan, "names": names, "county": desk.county}


def _span(desk: Desk) -> Span:
    asked = Given(desk.request.GET)
    last = asked.day("until") or today()
    first = asked.day("since") or last.replace(day=1)
    return Span(min(first, last), last)


def _found(desk: Desk, key: UUID, span: Span) -> Statement:
    return desk.own(
        lambda: queries.statement(
            desk.actor, county=desk.county, owner=str(key), since=span.begins, before=span.ends
        ),
        lambda found: found.county,
    )


def _context(found: Statement, key: UUID, span: Span) -> dict[str, object]:
    return {
        "household": key,
        "number_": found.name,
        "place": found.place,
        "statement": found,
        "span": span,
        "earned": EARNED,
        "grades": GRADES,
        "factor": percent,
        "said": said,
        "in_words": in_words,
    }


def _what(line: StatementLine) -> str:
    """What a line is; why, where a claim was answered; and what of a promotion made it less."""
    words = [str(EARNED.get(line.what, line.what))]
    words += [str(in_words(line.reason))] if line.reason else []
    if line.discount_fen:
        words.append(gettext("less %(amount)s ¥ for a promotion") % {"amount": in_yuan(line.discount_fen)})
    return " · ".join(words)


def _name(found: Statement, span: Span) -> str:
    return f"statement-{found.county}-{found.name}-{span.since}-{span.until}"


def _rows(found: Statement, span: Span) -> Iterator[Row]:
    running = found.opening_fen
    yield (span.since, _("Opening"), "", "", None, None, yuan(running))
    for line in found.lines:
        running += line.amount_fen
        yield (
            line.at, _what(line), line.reference, said(line.product_zh, line.product_en),
            line.quantity or None, yuan(line.amount_fen), yuan(running),
        )  # fmt: skip
    yield (span.until, _("Closing"), "", "", None, None, yuan(found.closing_fen))
