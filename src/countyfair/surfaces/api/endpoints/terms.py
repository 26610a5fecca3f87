"""What holds by version in a county: how sales are split, what freight costs, how news is worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.quantity import LARGEST
from countyfair.kernel.refusal import Missing
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices import queries as news
from countyfair.registers.notices.queries import NotificationRow, WordingRow
from countyfair.registers.notices.rules import Words
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, Given, Money, Text, listed, paged, shape
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.queries import freight_table
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.queries.terms import TermsRow, terms_by_version

routes = Routes()

Rate = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]
Days = Annotated[int, Field(strict=True, ge=0, le=60)]
Grams = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Language = Literal["zh-hans", "en"]
NoticeKind = Annotated[str, Field(pattern=r"^[a-z_.]{1,40}$")]


@dataclass(frozen=True, slots=True)
class FreightTable:
    """What freight costs now; version 0 where there is no table."""

    version: int
    rows: Sequence[FreightRule]


TERMS = listed("ShareTerms", TermsRow)
TERMS_SET = shape("ShareTerms", TermsRow)
FREIGHT = shape("FreightTable", FreightTable)
WORDINGS = listed("Wording", WordingRow)
WORDING = shape("Wording", WordingRow)
LOG = paged("Notice", NotificationRow, leaves={"recipient"})


class ShareTermsSaid(Given):
    """How a sale is split: exact rates of the goods' price that sum to one."""

    household: Rate
    station: Rate
    centre: Rate
    platform: Rate
    weight_tolerance: Annotated[Decimal, Field(ge=0, le=Decimal("0.5"), max_digits=5, decimal_places=4)]
    return_window_days: Days
    claim_window_days: Days


class FreightSaid(Given):
    """One row: the first grams for so much, further ones begun or full for so much; "" is everywhere."""

    destination: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$")] = ""
    fulfilment: Literal["delivery", "pickup"] = "delivery"
    first_g: Grams
    first: Money
    further_g: Grams
    further: Money
    free_from: Money | None = None
    refused: bool = False


class FreightTableSaid(Given):
    """The whole table."""

    rows: Annotated[list[FreightSaid], Field(min_length=1, max_length=500)]


class WordsSaid(Given):
    """A county's own words; all three empty go back to the house's."""

    title: Annotated[Text, Field(max_length=200)] = ""
    short: Text = ""
    long: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


@routes.reads("/counties/{county}/share-terms", TERMS, scope="terms.read")
def share_terms(call: Call, county: County) -> Mapping[str, object]:
    """Every version of a county's terms, the one that holds first."""
    return {"items": terms_by_version(call.actor, county=county)}


@routes.writes("/counties/{county}/share-terms", TERMS_SET, scope="terms.write", method="PUT", versions=True)
def set_share_terms(call: Call, county: County, body: ShareTermsSaid) -> TermsRow:
    """Split what is sold from now on by these rates. If-Match is `"v0"` where there are none yet."""
    orders.set_terms(call.actor, county=county, **body.model_dump(), believed=call.version)
    return terms_by_version(call.actor, county=county)[0]


@routes.reads("/counties/{county}/freight", FREIGHT, scope="terms.read")
def freight(call: Call, county: County) -> FreightTable:
    """What freight costs now; its ETag goes into If-Match of a change."""
    call.require("logistics.read", county)
    return _freight(county)


@routes.writes("/counties/{county}/freight", FREIGHT, scope="terms.write", method="PUT", versions=True)
def set_freight(call: Call, county: County, body: FreightTableSaid) -> FreightTable:
    """Replace the whole table; what was ordered keeps its freight."""
    table = [
        FreightRule(
            row.destination, row.fulfilment, row.first_g, row.first.amount, row.further_g,
            row.further.amount, row.free_from.amount if row.free_from else None, row.refused, 0,
        )
        for row in body.rows
    ]  # fmt: skip
    logistics.set_freight(call.actor, county=county, table=table, believed=call.version)
    return _freight(county)


@routes.reads("/counties/{county}/wordings", WORDINGS, scope="terms.read")
def wordings(call: Call, county: County) -> Mapping[str, object]:
    """Every kind of news as it is worded here. Version 0 is the house's own."""
    call.require("settlement.read", county)
    return {"items": news.wordings_of(county)}


@routes.writes(
    "/counties/{county}/wordings/{kind}/{language}",
    WORDING,
    scope="terms.write",
    method="PUT",
    versions=True,
)
def reword(call: Call, county: County, kind: NoticeKind, language: Language, body: WordsSaid) -> WordingRow:
    """Give one kind of news words of the county's own."""
    if all((row.kind, row.language) != (kind, language) for row in news.wordings_of(county)):
        raise Missing(_("There is no such news."))
    words = Words(body.title, body.short, body.long)
    notices.reword(
        call.actor, county=county, kind=kind, language=language, words=words, believed=call.version
    )
    return next(row for row in news.wordings_of(county) if (row.kind, row.language) == (kind, language))


@routes.reads("/counties/{county}/notices", LOG, scope="orders.read")
def notices_log(
    call: Call,
    county: County,
    state: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[NotificationRow]:
    """Messages and e-mails to the county's people, the latest first, and what became of each."""
    rows = news.log(call.actor, county=county, state=state, before=cursors.key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.id,))


def _freight(county: str) -> FreightTable:
    rows = freight_table(county)
    return FreightTable(rows[0].version if rows else 0, rows)
