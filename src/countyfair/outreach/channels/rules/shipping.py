"""Waybills that go back to a platform: how long there is for it, and the sheet that its back office reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Order, carrier and waybill, as each platform's own exports call these columns.
HEADS: dict[str, tuple[str, str, str]] = {
    "taobao": ("订单编号", "物流公司", "物流单号"),
    "pinduoduo": ("订单号", "快递公司", "快递单号"),
    "douyin": ("主订单编号", "快递公司", "快递单号"),
    "kuaishou": ("订单号", "快递公司", "快递单号"),
    "sheet": ("订单号", "快递公司", "快递单号"),
}
#: From when on a deadline is near.
SOON = timedelta(hours=6)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Waybill:
    """A parcel of a platform's order, as the platform is told of it."""

    number: str
    carrier: str
    waybill: str


def urgency(ship_before: datetime | None, moment: datetime) -> str:
    """How near a deadline is: late, soon, or "" while there is time or none is known."""
    if ship_before is None:
        return ""
    if ship_before <= moment:
        return "late"
    return "soon" if ship_before - moment <= SOON else ""


def sheet(platform: str, rows: Sequence[Waybill]) -> bytes:
    """CSV in UTF-8 with its mark, CRLF: a head and a row a parcel. What a spreadsheet would run is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS[platform])
    writer.writerows((_plain(row.number), _plain(row.carrier), _plain(row.waybill)) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
