"""Settlements of the sheet: a row a movement, to the merchant positive, from the merchant negative.

费用 is one of our own kinds or words that tell one (技术服务费, 达人佣金, 运费险 …); another word is
`other`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from countyfair.outreach.channels.platforms.cells import each, identity, moment, text_of
from countyfair.outreach.channels.platforms.shape import Cells, Charge, RowError, TheirCharge
from countyfair.outreach.channels.platforms.sheet.currencies import currency_of, minor
from countyfair.outreach.channels.platforms.words import charge_of

HEADS: dict[str, tuple[str, str]] = {
    "key": ("流水号", "entry_no"),
    "number": ("订单号", "order_no"),
    "line": ("行号", "line_no"),
    "kind": ("费用", "charge"),
    "amount": ("金额", "amount"),
    "at": ("时间", "at"),
    "currency": ("币种", "currency"),
    "note": ("备注", "note"),
}
MARKS = tuple(frozenset(HEADS[one][tongue] for one in ("key", "kind", "amount")) for tongue in (0, 1))
COLUMNS = frozenset(head for heads in HEADS.values() for head in heads)
_KINDS: dict[str, Charge] = {kind: kind for kind in get_args(Charge)}


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every row of the sheet as a charge."""
    return each(rows, _charge)


def _charge(cells: Cells) -> TheirCharge:
    word = text_of(cells, *HEADS["kind"])
    currency = currency_of(cells, *HEADS["currency"])
    return TheirCharge(
        key=identity(cells, *HEADS["key"]),
        number=identity(cells, *HEADS["number"]) if cells.get(*HEADS["number"]) else "",
        line_key=identity(cells, *HEADS["line"]) if cells.get(*HEADS["line"]) else "",
        kind=_KINDS.get(word) or charge_of(word),
        amount_fen=minor(cells, currency, *HEADS["amount"]),
        at=moment(cells, *HEADS["at"]),
        said=" · ".join(part for part in (word, text_of(cells, *HEADS["note"])) if part),
        currency=currency,
        row=cells.row,
    )
