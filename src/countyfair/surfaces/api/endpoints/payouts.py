"""Pay-out days and statements, for the centre's finance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, listed, paged, shape
from countyfair.trade.settlement import actions, queries
from countyfair.trade.settlement.queries import BatchRow, BatchWhole, Owed
from countyfair.trade.settlement.rules import Statement

routes = Routes()

Whom = Literal["household", "station", "centre", "courier"]
STATEMENT = shape("Statement", Statement)
OWED = listed("Owed", Owed)
BATCHES = paged("Batch", BatchRow)
BATCH = shape("BatchWhole", BatchWhole)


class BatchAsked(Given):
    """What is unpaid until a moment, claimed into a batch; `id` is a UUID that the caller makes."""

    id: UUID
    whom: Whom = "household"
    until: AwareDatetime | None = None


@routes.reads("/counties/{county}/owed", OWED, scope="payout.read")
def owed(call: Call, county: County, whom: Whom = "household") -> Mapping[str, object]:
    """What is owed and in no batch."""
    call.require("payout.read", county)
    return {"items": queries.owed(call.actor, county=county, whom=whom)}


@routes.reads("/counties/{county}/batches", BATCHES, scope="payout.read")
def batches(
    call: Call, county: County, returned: bool = False, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[BatchRow]:
    """Batches of payouts, the newest first."""
    call.require("payout.read", county)
    rows = queries.batches(
        call.actor, county=county, returned=returned, after=cursors.moment_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.prepared_at, row.id))


@routes.reads("/counties/{county}/batches/{batch}", BATCH, scope="payout.read")
def batch(call: Call, county: County, batch: UUID) -> BatchWhole:
    """One batch and its payouts."""
    call.require("payout.read", county)
    return belongs(
        county, lambda: queries.batch_whole(call.actor, batch_id=batch), lambda row: row.batch.county
    )


@routes.writes("/counties/{county}/batches", BATCH, scope="payout.write", makes=True)
def prepare_batch(call: Call, county: County, body: BatchAsked) -> BatchWhole:
    """Claim what is unpaid into a batch. Somebody else sends it."""
    actions.prepare(call.actor, batch_id=body.id, county=county, until=body.until, whom=body.whom)
    return queries.batch_whole(call.actor, batch_id=body.id)


@routes.writes("/counties/{county}/batches/{batch}/send", BATCH, scope="payout.write")
def send_batch(call: Call, county: County, batch: UUID) -> BatchWhole:
    """Confirm a batch that somebody else prepared."""
    call.require("payout.confirm", county)
    belongs(county, lambda: queries.batch_whole(call.actor, batch_id=batch), lambda row: row.batch.county)
    actions.send(call.actor, batch=batch)
    return queries.batch_whole(call.actor, batch_id=batch)


@routes.writes("/counties/{county}/batches/{batch}/withdraw", BATCH, scope="payout.write")
def withdraw_batch(call: Call, county: County, batch: UUID) -> BatchWhole:
    """Undo a batch that was not sent."""
    call.require("payout.prepare", county)
    belongs(county, lambda: queries.batch_whole(call.actor, batch_id=batch), lambda row: row.batch.county)
    actions.withdraw(call.actor, batch=batch)
    return queries.batch_whole(call.actor, batch_id=batch)


@routes.reads("/counties/{county}/households/{household}/statement", STATEMENT, scope="payout.read")
def statement(
    call: Call, county: County, household: UUID, since: AwareDatetime, before: AwareDatetime
) -> Statement:
    """What a household was owed, earned and was paid between two moments."""
    return queries.statement(call.actor, county=county, owner=str(household), since=since, before=before)
