"""GS1 numbers of goods (GTIN), of parcels (SSCC), and the Digital Link addresses that bear them.

GS1 General Specifications: check digits §7.9, restricted circulation numbers §2.1.11.2; GS1 Digital
Link URI Syntax 1.2. A county with a GS1 company prefix numbers its goods under it. Without one a
product bears a restricted circulation number: `2`, the county's six digits, five of its own. A parcel
has no such number; it keeps the address of its waybill.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from countyfair.kernel.numbers import check_digit as waybill_check_digit

#: A GTIN's first twelve digits, without the leading zero; a county's own items without a prefix.
GTIN_BODY, OWN_ITEM = 12, 5
#: An SSCC of ours: extension digit and nine more are the ten digits of the waybill.
SSCC_PREFIX = 7
_DIGITS = re.compile(r"[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """Whose goods a GTIN names: the county, and the number among its products."""

    county: str
    number: int


def check_digit(body: str) -> str:
    """GS1's digit that closes `body` (digits only): weights 3 and 1 from the right, modulo 10."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_whole(number: str) -> bool:
    """Whether the last digit of `number` is GS1's check digit of those before it."""
    return len(number) > 1 and bool(_DIGITS.match(number)) and check_digit(number[:-1]) == number[-1]


def is_prefix(text: str) -> bool:
    """Whether `text` can be a GS1 company prefix: four to eleven digits, none of restricted circulation."""
    return bool(_DIGITS.match(text)) and 4 <= len(text) <= 11 and not text.startswith(("2", "02", "04"))


def gtin(item: Item, prefix: str = "") -> str:
    """The 14 digits of a product's GTIN, under the county's company prefix where its numbers reach so far."""
    room = GTIN_BODY - len(prefix)
    if prefix and item.number < 10**room:
        body = f"{prefix}{item.number:0{room}d}"
    else:
        body = f"2{item.county}{item.number:0{OWN_ITEM}d}"
    return f"0{body}{check_digit(body)}"


def item_of(text: str, prefixes: Mapping[str, str]) -> Item | None:
    """Whose goods a GTIN of 13 or 14 digits names; None where it is not whole or none of ours.

    Args:
        prefixes: company prefix by county. What was printed before a county had one still resolves.
    """
    number = text.zfill(14)
    if len(number) != 14 or not is_whole(number) or not number.startswith("0"):
        return None
    body = number[1:-1]
    for county, prefix in prefixes.items():
        if body.startswith(prefix):
            return Item(county, int(body[len(prefix) :]))
    return Item(body[1:7], int(body[7:])) if body.startswith("2") else None


def sscc(waybill: str, prefix: str) -> str:
    """The 18 digits of a parcel's SSCC; "" where the county has no company prefix of seven digits.

    Args:
        waybill: `CF`, the county's six digits, ten more, a check digit.
    """
    if len(prefix) != SSCC_PREFIX:
        return ""
    serial = waybill[8:18]
    body = f"{serial[0]}{prefix}{serial[1:]}"
    return body + check_digit(body)


def waybill_of(text: str, prefixes: Mapping[str, str]) -> str:
    """The waybill of a parcel by its SSCC; "" where it is not whole or none of ours."""
    if len(text) != 18 or not is_whole(text):
        return ""
    for county, prefix in prefixes.items():
        if len(prefix) == SSCC_PREFIX and text[1 : 1 + SSCC_PREFIX] == prefix:
            body = county + text[0] + text[1 + SSCC_PREFIX : -1]
            return f"CF{body}{waybill_check_digit(body)}"
    return ""


def lot_path(gtin_: str, lot: str) -> str:
    """The path of a lot's Digital Link: application identifiers 01 (GTIN) and 10 (lot)."""
    return f"/01/{gtin_}/10/{lot}"


def parcel_path(waybill: str, prefix: str) -> str:
    """The path of a parcel's address: its Digital Link (00, SSCC), or its waybill's where it has no SSCC."""
    number = sscc(waybill, prefix)
    return f"/00/{number}" if number else f"/parcels/{waybill}"
