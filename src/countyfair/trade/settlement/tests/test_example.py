"""The worked example of docs/settlement.md, computed again by the rules that it explains."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from countyfair.kernel.ids import uuid7
from countyfair.trade.orders.rules.shares import (
    Held,
    ShareOf,
    Terms,
    freight_shares,
    given_back,
    line_shares,
)
from countyfair.trade.settlement.rules import ShareRow, release_lines, releases, yuan
from countyfair.trade.stock.rules import Draw, LotState

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "settlement.md"
TERMS = Terms(1, Decimal("0.80"), Decimal("0.06"), Decimal("0.08"), Decimal("0.06"), 7)
A, B, STATION = uuid7(), uuid7(), uuid7()
NAMES = {str(A): "household A", str(B): "household B"}


def the_line() -> list[ShareOf]:
    weighed = [LotState(uuid7(), household, STATION, date(2026, 11, 1), 5000) for household in (A, B)]
    draws = [Draw(lot, amount) for lot, amount in zip(weighed, (700, 300), strict=True)]
    return line_shares(5960, draws, TERMS)


def taken_back(shares: Iterable[ShareOf]) -> list[ShareOf]:
    return [row.share for row in given_back(1000, [Held(None, share) for share in shares])]


def summed(shares: Iterable[ShareOf]) -> dict[str, int]:
    """Fen by the names that the document uses."""
    sums: dict[str, int] = {}
    for share in shares:
        name = NAMES.get(share.owner, share.beneficiary)
        sums[name] = sums.get(name, 0) + share.amount_fen
    return sums


def table(head: str, nth: int = 0) -> list[tuple[str, str]]:
    """The rows of the nth table of the document that begins with `head`."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"| {head} | yuan |\n|---|---|\n")[nth + 1]
    rows = text.split("\n\n")[0].splitlines()
    return [(cells[1].strip(), cells[2].strip()) for cells in (row.split("|") for row in rows)]


def shown(sums: dict[str, int]) -> list[tuple[str, str]]:
    return [*((name, yuan(amount)) for name, amount in sums.items()), ("total", yuan(sum(sums.values())))]


def test_the_order_s_shares_are_the_document_s() -> None:
    assert sorted(shown(summed([*the_line(), *freight_shares(600)]))) == sorted(table("share"))


def test_the_refund_s_shares_are_the_document_s() -> None:
    assert sorted(shown(summed(taken_back(the_line())))) == sorted(table("share", 1))


def test_the_statement_is_the_document_s() -> None:
    sale = summed(the_line())["household A"]
    back = summed(taken_back(the_line()))["household A"]
    lines = [("sale", sale), ("payout", -sale), ("refund", back), ("sale", 2000), ("payout", -(back + 2000))]
    whole = [("opening", 0), *lines, ("closing", sum(amount for _, amount in lines))]
    assert [(name, yuan(amount)) for name, amount in whole] == table("household A")


def test_what_is_released_and_taken_back_is_booked_as_the_document_says() -> None:
    order, refund = uuid7(), uuid7()
    shares = [*the_line(), *freight_shares(600)]
    rows = [(share, None) for share in shares] + [(share, refund) for share in taken_back(shares)]
    for booked, sources in (
        (rows[: len(shares)], f"release:{order}"),
        (rows[len(shares) :], f"takeback:{refund}"),
    ):
        (one,) = releases(
            ShareRow(
                uuid7(), order, "450225", None, share.beneficiary, share.owner, share.amount_fen, "CNY", of
            )
            for share, of in booked
        )
        assert one.source == sources
        lines = release_lines(one)
        total = sum(share.amount_fen for share, _ in booked)
        assert [row.amount_fen for row in lines if row.account_code == "escrow"] == [total]
        assert sum(row.amount_fen for row in lines) == 0
