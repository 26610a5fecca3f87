"""Claims: a buyer's own, the county's answers to them, and what a station waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.actor import Actor
from countyfair.kernel.quantity import LARGEST
from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.buying import LinkToken, buyer
from countyfair.surfaces.api.endpoints.stations import open_station
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import NO_MONEY, County, Given, Money, Text, Word, listed, paged, shape
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries import claims as reads
from countyfair.trade.orders.queries.claim_rows import ClaimRow, ClaimShown, ClaimsOn
from countyfair.trade.orders.queries.judging import BearerTable, Judged, bearers_of, judged
from countyfair.trade.orders.rules.claims import BearerRow

routes = Routes()

AnyWord = Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")]
Packs = Annotated[int, Field(strict=True, ge=0, le=999)]


@dataclass(frozen=True, slots=True)
class ClaimAtDesk:
    """A claim, and what its answer rests on: circumstances, what is left, who bears it by the table."""

    claim: ClaimShown
    judged: Judged


#: For staff only.
INSIDE = {"actor", "proposed", "bearer", "why", "rules_version"}
CLAIM = shape("Claim", ClaimShown, leaves=INSIDE)
CLAIMS_ON = shape("ClaimsOnOrder", ClaimsOn)
CLAIMS = paged("ClaimInList", ClaimRow)
AWAITED = listed("ClaimAwaited", ClaimRow, leaves={"bearer"})
AT_DESK = shape("ClaimAtDesk", ClaimAtDesk)
BEARERS = shape("ClaimBearers", BearerTable)


class ClaimWanted(Given):
    """What is wrong with how much of a line, in grams or pieces; `id` is a UUID that the caller makes."""

    id: UUID
    line: UUID
    kind: Word
    amount: Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="Grams or pieces.")]
    on_receipt: bool
    words: Annotated[Text, Field(min_length=1)]
    wish: Word = "money"
    token: LinkToken = ""


class ClaimStep(Given):
    """The token of the order's link, for a guest."""

    token: LinkToken = ""


class ClaimAnswered(Given):
    """The county's answer: money back, or the same `again`, or neither: refused, with what is `said`."""

    id: UUID
    amount: Money = NO_MONEY
    freight: Money = NO_MONEY
    again: bool = False
    bearer: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""
    why: Annotated[Text, Field(max_length=200)] = ""
    said: Annotated[Text, Field(max_length=200)] = ""
    goods_back: bool = False


class GoodsBack(Given):
    """How many packs came back, and how they are."""

    good_packs: Packs
    bad_packs: Packs = 0


class BearerSaid(Given):
    """A kind of claim, where it was noticed and how it was packed, "" for any; and who bears it."""

    kind: AnyWord = ""
    noticed: AnyWord = ""
    packing: AnyWord = ""
    days: Annotated[int, Field(strict=True, ge=0, le=60)] | None = None
    bearer: Word


class BearersSaid(Given):
    """The whole table; the first row that fits counts."""

    rows: Annotated[list[BearerSaid], Field(min_length=1, max_length=60)]


@routes.reads("/orders/{order}/claims", CLAIMS_ON, scope="own.read", guests=True)
def my_claims(call: Call, order: UUID, token: LinkToken = "") -> ClaimsOn:
    """Claims on an order of mine, and until when each of its lines may be claimed."""
    actor = buyer(call)
    row = queries.order(actor, order_id=order, token=token)
    if not row.is_buyer:
        raise Missing(_("There is no such order."))
    return reads.claims_on(actor, order=row)


@routes.writes("/orders/{order}/claims", CLAIM, scope="own.write", guests=True, makes=True)
def begin_claim(call: Call, order: UUID, body: ClaimWanted) -> ClaimShown:
    """Begin a claim; it is heard once it is sent, with photos where there is something to be seen."""
    actions.begin_claim(
        buyer(call), claim_id=body.id, order_id=order, line_id=body.line, kind=body.kind, amount=body.amount,
        on_receipt=body.on_receipt, words=body.words, wish=body.wish, token=body.token,
    )  # fmt: skip
    return my_claim(call, order, body.id, body.token)


@routes.reads("/orders/{order}/claims/{claim}", CLAIM, scope="own.read", guests=True)
def my_claim(call: Call, order: UUID, claim: UUID, token: LinkToken = "") -> ClaimShown:
    """One claim of mine: what was said, shown and answered."""
    return _own(buyer(call), order, claim, token)


@routes.files("/orders/{order}/claims/{claim}/photos/{photo}", "image/webp", scope="own.read", guests=True)
def my_claim_photo(call: Call, order: UUID, claim: UUID, photo: UUID, token: LinkToken = "") -> bytes:
    """A photo of a claim of mine."""
    actor = buyer(call)
    _own(actor, order, claim, token)
    return reads.claim_photo(actor, claim_id=claim, photo_id=photo, token=token)


@routes.writes(
    "/orders/{order}/claims/{claim}/photos/{photo}",
    CLAIM,
    scope="own.write",
    guests=True,
    method="PUT",
    takes=LARGEST_FILE,
)
def show_with_claim(
    call: Call, order: UUID, claim: UUID, photo: UUID, data: bytes, token: LinkToken = ""
) -> ClaimShown:
    """Show a photo with a claim; `photo` is a UUID that the caller makes. It is drawn anew."""
    actor = buyer(call)
    _own(actor, order, claim, token)
    actions.add_claim_photo(actor, photo_id=photo, claim_id=claim, data=data, token=token)
    return _own(actor, order, claim, token)


@routes.writes("/orders/{order}/claims/{claim}/photos/{photo}/remove", CLAIM, scope="own.write", guests=True)
def take_from_claim(call: Call, order: UUID, claim: UUID, photo: UUID, body: ClaimStep) -> ClaimShown:
    """Take a photo away again, before the claim is sent."""
    actor = buyer(call)
    _own(actor, order, claim, body.token)
    actions.remove_claim_photo(actor, photo_id=photo, claim_id=claim, token=body.token)
    return _own(actor, order, claim, body.token)


@routes.writes("/orders/{order}/claims/{claim}/send", CLAIM, scope="own.write", guests=True)
def send_claim(call: Call, order: UUID, claim: UUID, body: ClaimStep) -> ClaimShown:
    """Ask the county to hear a claim."""
    actor = buyer(call)
    _own(actor, order, claim, body.token)
    actions.send_claim(actor, claim_id=claim, token=body.token)
    return _own(actor, order, claim, body.token)


@routes.writes("/orders/{order}/claims/{claim}/withdraw", CLAIM, scope="own.write", guests=True)
def withdraw_claim(call: Call, order: UUID, claim: UUID, body: ClaimStep) -> ClaimShown:
    """Take a claim back before it is answered."""
    actor = buyer(call)
    _own(actor, order, claim, body.token)
    actions.withdraw_claim(actor, claim_id=claim, token=body.token)
    return _own(actor, order, claim, body.token)


@routes.reads("/counties/{county}/claims", CLAIMS, scope="orders.write")
def claims(
    call: Call,
    county: County,
    state: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = "asked",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[ClaimRow]:
    """A county's claims in a state, "" for all; who has waited longest stands first."""
    rows = reads.claims_of(
        call.actor, county=county, state=state, after=cursors.moment_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.asked_at, row.id))


@routes.reads("/counties/{county}/claims/{claim}", AT_DESK, scope="orders.write")
def claim(call: Call, county: County, claim: UUID) -> ClaimAtDesk:
    """One claim, and what its answer rests on."""
    call.require("orders.refund", county)
    row = belongs(county, lambda: reads.claim(call.actor, claim_id=claim), lambda found: found.county)
    return ClaimAtDesk(row, judged(claim))


_claim = claim


@routes.files("/counties/{county}/claims/{claim}/photos/{photo}", "image/webp", scope="orders.write")
def claim_photo(call: Call, county: County, claim: UUID, photo: UUID) -> bytes:
    """A photo of a claim, for who answers it."""
    _claim(call, county, claim)
    return reads.claim_photo(call.actor, claim_id=claim, photo_id=photo)


@routes.writes("/counties/{county}/claims/{claim}/answer", AT_DESK, scope="orders.write")
def answer_claim(call: Call, county: County, claim: UUID, body: ClaimAnswered) -> ClaimAtDesk:
    """Answer a claim, once."""
    _claim(call, county, claim)
    answer = actions.Answer(
        body.id, body.amount.amount, body.freight.amount, bearer=body.bearer, why=body.why, said=body.said,
        goods_back=body.goods_back, again=body.again,
    )  # fmt: skip
    actions.answer_claim(call.actor, claim_id=claim, answer=answer)
    return _claim(call, county, claim)


@routes.writes("/counties/{county}/claims/{claim}/receive", AT_DESK, scope="orders.write")
def receive_claimed(call: Call, county: County, claim: UUID, body: GoodsBack) -> ClaimAtDesk:
    """What was claimed came back to the centre: good packs go on the shelf, bad ones are written off."""
    _claim(call, county, claim)
    actions.receive_claimed(call.actor, claim_id=claim, good_packs=body.good_packs, bad_packs=body.bad_packs)
    return _claim(call, county, claim)


@routes.writes("/counties/{county}/claims/{claim}/give-up", AT_DESK, scope="orders.write")
def give_up_goods(call: Call, county: County, claim: UUID) -> ClaimAtDesk:
    """Wait no longer for goods that were to come back."""
    _claim(call, county, claim)
    actions.give_up_goods(call.actor, claim_id=claim)
    return _claim(call, county, claim)


@routes.reads("/counties/{county}/claim-bearers", BEARERS, scope="orders.write")
def claim_bearers(call: Call, county: County) -> BearerTable:
    """Who bears which claims: the first row that fits. Its ETag goes into If-Match of a change."""
    call.require("orders.refund", county)
    return bearers_of(county)


@routes.writes("/counties/{county}/claim-bearers", BEARERS, scope="terms.write", method="PUT", versions=True)
def set_claim_bearers(call: Call, county: County, body: BearersSaid) -> BearerTable:
    """Replace the table from now on; answers keep theirs."""
    table = [BearerRow(row.kind, row.noticed, row.packing, row.days, row.bearer) for row in body.rows]
    actions.set_bearers(call.actor, county=county, table=table, believed=call.version)
    return bearers_of(county)


@routes.reads("/stations/{station}/claims", AWAITED, scope="orders.write")
def claims_awaited(call: Call, station: UUID) -> Mapping[str, object]:
    """Claims whose goods are to come back to this station."""
    return {"items": reads.to_receive(call.actor, station=open_station(station).id)}


@routes.writes("/stations/{station}/claims/{claim}/receive", scope="orders.write")
def receive_at_station(call: Call, station: UUID, claim: UUID, body: GoodsBack) -> None:
    """What was claimed came back here: good packs go on the shelf; only the centre writes bad ones off."""
    if claim not in {row.id for row in reads.to_receive(call.actor, station=open_station(station).id)}:
        raise Missing(_("Nothing of this is awaited here. Look at the list again."))
    actions.receive_claimed(call.actor, claim_id=claim, good_packs=body.good_packs, bad_packs=body.bad_packs)


def _own(actor: Actor, order: UUID, claim: UUID, token: str) -> ClaimShown:
    row = reads.claim(actor, claim_id=claim, token=token)
    if row.order != order or not row.is_buyer:
        raise Missing(_("There is no such claim."))
    return row
