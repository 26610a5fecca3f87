"""A sheet of offers, brought to the desk: read and compared by the worker, and taken over all or nothing.

What a sheet would do is worked out beside the pages, so that whoever brought it can go on with other
things: the state of its row says how far it is. The same sheet taken over twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal
from countyfair.kernel.verbs import verb
from countyfair.registers.people.queries import actor_of
from countyfair.trade.catalog.actions.bulk import Wanted, change_offers, terms_of
from countyfair.trade.catalog.models import Offer, OfferSheet
from countyfair.trade.catalog.rules.offer_sheet import OfferLine, OfferReading, read_offers
from countyfair.trade.catalog.rules.sheets import read_grid
from countyfair.trade.catalog.rules.sheets.grid import LARGEST_FILE

#: Rows compared at a time, problems and changes that the preview lists, and how long a worker may be silent.
STRIDE, SHOWN, SILENT = 2000, 200, timedelta(minutes=3)
#: Sheets are forgotten after this.
KEPT = timedelta(days=2)


@verb
def bring_sheet(actor: Actor, *, sheet: UUID, county: str, data: bytes, language: str = "") -> None:
    """Bring a sheet to be compared; the same key again changes nothing.

    Args:
        language: in which its problems are told.

    Raises:
        Forbidden: a guest, or no `catalog.offer` in the county.
        Invalid: an empty file, or one of more than twenty megabytes.
        Conflict: this key was used for another sheet.
    """
    actor.require("catalog.offer", place=county)
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    if not 0 < len(data) <= LARGEST_FILE:
        raise Invalid(_("Choose a sheet of 20 MB at most."), field="file")
    row, made = OfferSheet.objects.get_or_create(
        id=sheet,
        defaults={
            "county": county, "user_id": actor.user_id, "language": language, "data": data, "at": now(),
            "moved_at": now(),
        },
    )  # fmt: skip
    if not made and (row.county, row.user_id) != (county, actor.user_id):
        raise Conflict(_("This was entered before with other particulars."))


@verb
def accept_sheet(actor: Actor, *, sheet: UUID) -> None:
    """Have a compared sheet taken over; asked twice it is done once.

    Raises:
        Missing: no such sheet, or somebody else's.
        Conflict: it has problems, or is not compared yet.
    """
    row = OfferSheet.objects.select_for_update().filter(pk=sheet).first()
    if row is None or row.user_id != actor.user_id:
        raise Missing(_("There is no such sheet."))
    actor.require("catalog.offer", place=row.county)
    if row.state in ("asked", "applying", "done"):
        return
    if row.state != "ready":
        raise Conflict(_("This sheet cannot be taken over as it is. Correct it and bring it again."))
    OfferSheet.objects.filter(pk=sheet).update(state="asked", moved_at=now())


def work_sheets(actor: Actor) -> int:
    """Compare and take over what was brought; what a dead worker left is done again.

    Returns how many sheets moved on.
    """
    _forget(actor)
    done = 0
    while (row := _take(actor)) is not None:
        with translation.override(row.language or "zh-hans"):
            try:
                if row.state == "applying":
                    _apply(actor, row)
                else:
                    _compare(actor, row)
            except Refusal as refusal:
                _answer(actor, sheet=row.id, state="refused", summary=_refused(refusal))
        done += 1
    return done


@verb
def _take(actor: Actor) -> OfferSheet | None:
    quiet = now() - SILENT
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now(), quiet])
        taken = cursor.fetchone()
    return OfferSheet.objects.get(pk=taken[0]) if taken else None


def _compare(actor: Actor, row: OfferSheet) -> None:
    reading = read_offers(read_grid(bytes(row.data)))
    _answer(actor, sheet=row.id, state="reading", total=len(reading.lines))
    problems = [[one.row, one.column, one.head, str(one.sentence)] for one in reading.problems]
    changes: list[list[object]] = []
    changed = 0
    for begin in range(0, len(reading.lines), STRIDE):
        part = reading.lines[begin : begin + STRIDE]
        found = _held(row.county, part)
        for line in part:
            offer = found.get(line.offer)
            if offer is None:
                problems.append([line.row, "", "", str(_("This county has no such offer."))])
            elif terms_of(offer) == line.terms:
                continue
            elif offer.version != line.version:
                problems.append(_moved(line, offer))
            else:
                changed += 1
                if len(changes) < SHOWN:
                    changes.append(_shown(line, offer))
        _answer(actor, sheet=row.id, state="reading", done=begin + len(part))
    summary = {
        "problems": sorted(problems)[:SHOWN], "count": len(problems), "changes": changes, "changed": changed,
        "same": len(reading.lines) - changed,
    }  # fmt: skip
    _answer(actor, sheet=row.id, state="refused" if problems else "ready", summary=summary)


def _apply(actor: Actor, row: OfferSheet) -> None:
    reading: OfferReading = read_offers(read_grid(bytes(row.data)))
    wanted = [Wanted(one.offer, one.version, one.terms) for one in reading.lines]
    done = change_offers(actor_of(row.user_id), change=row.id, county=row.county, wanted=wanted)
    _answer(actor, sheet=row.id, state="done", summary={"changed": done.changed})


@verb
def _answer(actor: Actor, /, *, sheet: UUID, state: str, **said: Any) -> None:
    OfferSheet.objects.filter(pk=sheet).update(state=state, moved_at=now(), **said)


@verb
def _forget(actor: Actor) -> None:
    OfferSheet.objects.filter(at__lt=now() - KEPT).delete()


def _held(county: str, part: Sequence[OfferLine]) -> dict[UUID, Offer]:
    rows = Offer.objects.select_related("product", "pack").filter(
        county=county, pk__in=[line.offer for line in part]
    )
    return {row.id: row for row in rows}


def _moved(line: OfferLine, offer: Offer) -> list[object]:
    said = _("Changed since it was exported: it costs %(now)s now, the sheet wants %(wanted)s.") % {
        "now": _yuan(offer.price_fen), "wanted": _yuan(line.terms.price_fen),
    }  # fmt: skip
    return [line.row, "", "", str(said)]


def _shown(line: OfferLine, offer: Offer) -> list[object]:
    name = f"{offer.product.name_zh} · {offer.pack.label_zh}"
    return [
        line.row,
        str(offer.id),
        name,
        offer.price_fen,
        line.terms.price_fen,
        offer.state,
        line.terms.state,
    ]


def _refused(refusal: Refusal) -> dict[str, object]:
    return {
        "problems": [[0, "", "", str(refusal.sentence)]],
        "count": 1,
        "changes": [],
        "changed": 0,
        "same": 0,
    }


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


_TAKE = """
UPDATE catalog_offersheet SET moved_at = %s,
       state = CASE WHEN state IN ('asked', 'applying') THEN 'applying' ELSE 'reading' END
 WHERE id = (SELECT id FROM catalog_offersheet
              WHERE state IN ('waiting', 'asked') OR state IN ('reading', 'applying') AND moved_at < %s
              ORDER BY at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
