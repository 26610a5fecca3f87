"""Claims by rule: the tables of docs/claims.md are those of the code, and its example is recomputed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.trade.orders.rules.claims import (
    DEFAULT_BEARERS,
    KINDS,
    LIFE,
    NOTICED,
    PACKING,
    Circumstances,
    due_fen,
    noticed_where,
    owner_of,
    packing_evidence,
    proposed_bearer,
)
from countyfair.trade.orders.rules.shares import (
    COUNTY_CARRIER,
    Bearer,
    Held,
    Terms,
    borne_by,
    freight_shares,
    given_back,
    left_of,
    line_shares,
    still_held,
)
from countyfair.trade.stock.rules import Draw, LotState

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "claims.md"
A, B, STATION, LINE = uuid7(), uuid7(), uuid7(), uuid7()
NAMES = {str(A): "household A", str(B): "household B"}


def table(head: str) -> list[list[str]]:
    """The rows of the table of the document that begins with `head`."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"\n| {head} |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines()[2:]]


def sold() -> list[Held]:
    terms = Terms(1, Decimal("0.80"), Decimal("0.06"), Decimal("0.08"), Decimal("0.06"), 7)
    lots = [LotState(uuid7(), household, STATION, date(2026, 11, 1), 5000) for household in (A, B)]
    draws = [Draw(lot, amount) for lot, amount in zip(lots, (700, 300), strict=True)]
    return [Held(LINE, share) for share in line_shares(5960, draws, terms)]


def yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def summed(rows: list[Held]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        name = NAMES.get(row.share.owner, row.share.beneficiary)
        sums[name] = sums.get(name, 0) + row.share.amount_fen
    return sums


@pytest.mark.parametrize(
    ("head", "bearer"),
    [("borne by the household", None), ("borne by the courier", Bearer("courier", COUNTY_CARRIER))],
)
def test_the_example_of_the_document_is_recomputed(head: str, bearer: Bearer | None) -> None:
    held = sold()
    back = borne_by(bearer, 2980, held) if bearer else given_back(2980, held)
    carriage = [Held(None, share) for share in freight_shares(600)]
    before, gone = summed([*held, *carriage]), summed(back)
    names = ("household A", "household B", "station", "centre", "platform", "courier")
    rows = [(name, before[name], gone.get(name, 0)) for name in names]
    rows.append(("total", sum(before.values()), sum(gone.values())))
    assert table(head) == [[name, yuan(was), yuan(back), yuan(was + back)] for name, was, back in rows]


def test_the_table_of_the_document_is_the_house_s_own() -> None:
    rows = [
        [row.kind, row.noticed, row.packing, "" if row.days is None else str(row.days), row.bearer]
        for row in DEFAULT_BEARERS
    ]
    assert table("what is wrong") == rows


def test_the_life_of_the_document_is_the_table_of_the_code() -> None:
    assert table("from") == [[row.before, row.verb, ", ".join(row.who), row.after] for row in LIFE]


def test_every_claim_has_a_bearer() -> None:
    for kind in KINDS:
        for noticed in NOTICED:
            for packing in PACKING:
                for days in (0, 3, 60):
                    assert proposed_bearer(DEFAULT_BEARERS, Circumstances(kind, noticed, packing, days))


def test_what_was_borne_by_another_is_not_given_back_again() -> None:
    held = sold()
    first = borne_by(Bearer("platform", ""), 5000, held)
    left = still_held([*held, *first])
    assert left_of(left) == 960
    with pytest.raises(ValueError, match="cannot give back"):
        given_back(961, left)
    rest = still_held([*left, *given_back(960, left)])
    assert left_of(rest) == 0
    # household and station still hold the most of theirs: the platform carries it
    assert summed(rest)["platform"] < 0 < summed(rest)["household A"]


@pytest.mark.parametrize(
    ("bearer", "kind", "packed_at", "picked_up_at", "whose"),
    [
        ("courier", "spoiled", STATION, None, ("courier", COUNTY_CARRIER)),
        ("station", "spoiled", STATION, A, ("station", str(STATION))),
        ("station", "missing", STATION, A, ("station", str(A))),
        ("station", "wrong", None, None, ("centre", "")),
        ("household", "spoiled", STATION, None, ("household", "")),
    ],
)
def test_which_station_bears_it(
    bearer: str, kind: str, packed_at: UUID | None, picked_up_at: UUID | None, whose: tuple[str, str]
) -> None:
    assert owner_of(bearer, kind=kind, packed_at=packed_at, picked_up_at=picked_up_at) == whose


def test_the_scales_say_whether_it_was_packed_in_full() -> None:
    assert packing_evidence(1000, 990, goods_g=None, parcel_g=5000) == "under"
    assert packing_evidence(1000, 1000, goods_g=None, parcel_g=10) == "full"
    assert packing_evidence(1000, None, goods_g=1000, parcel_g=999) == "under"
    assert packing_evidence(1000, None, goods_g=1000, parcel_g=1100) == "full"
    assert packing_evidence(2, None, goods_g=None, parcel_g=1100) == "unknown"


def test_where_it_was_noticed() -> None:
    assert noticed_where("spoiled", on_receipt=True, is_pickup=True) == "counter"
    assert noticed_where("spoiled", on_receipt=True, is_pickup=False) == "door"
    assert noticed_where("spoiled", on_receipt=False, is_pickup=True) == "home"
    assert noticed_where("missing", on_receipt=False, is_pickup=False) == "door"


def test_less_than_a_pack_is_paid_back_by_weight() -> None:
    assert due_fen(2980, 500, 500, 9999) == 2980
    assert due_fen(2980, 500, 300, 9999) == 1788
    assert due_fen(2985, 500, 250, 9999) == 1493
    assert due_fen(5960, 1000, 1000, 5000) == 5000
    assert due_fen(2831, 950, 475, 9999) == 1416  # a line of 1 kg that weighed 950 g
