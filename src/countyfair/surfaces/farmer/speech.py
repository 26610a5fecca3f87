"""Figures as people say them, to be read aloud: 三斤二两, 十二元五角; `3.2 jin`, `12.5 yuan`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import ngettext

from countyfair.surfaces.ui import formats
from countyfair.surfaces.ui.formats import day, in_chinese, trimmed
from countyfair.surfaces.ui.translation import gettext

_DIGITS = "零一二三四五六七八九"
_STEPS = ((100_000_000, "亿"), (10_000, "万"), (1000, "千"), (100, "百"), (10, "十"))
#: Grams of a jin and of a liang.
JIN, LIANG = 500, 50


def mass(grams: int) -> str:
    """A mass in jin and liang; grams only where they are left over."""
    if not in_chinese():
        return formats.jin(grams)
    jin, rest = divmod(grams, JIN)
    liang, left = divmod(rest, LIANG)
    if not left and liang == 5:
        return f"{counted(jin)}斤半" if jin else "半斤"
    parts = (counted(jin) + "斤" if jin else "", digits(liang) + "两" if liang else "",
             digits(left) + "克" if left else "")  # fmt: skip
    return "".join(parts) or "零斤"


def quantity(amount: int, unit: str) -> str:
    """An amount in base units, as mass or by the piece."""
    if unit == "g":
        return mass(amount)
    return counted(amount) + "个" if in_chinese() else formats.quantity(amount, unit)


def packs(count: int) -> str:
    """So many packs."""
    if in_chinese():
        return counted(count) + "份"
    return ngettext("%(num)s pack", "%(num)s packs", count) % {"num": count}


def money(fen: int) -> str:
    """A sum in yuan, jiao and fen; below zero it begins with 负 or minus."""
    minus, fen = fen < 0, abs(fen)
    if not in_chinese():
        return gettext("%(amount)s yuan") % {
            "amount": ("minus " if minus else "") + trimmed(Decimal(fen).scaleb(-2))
        }
    yuan, rest = divmod(fen, 100)
    jiao, left = divmod(rest, 10)
    said = counted(yuan) + "元" if yuan else ""
    if jiao:
        said += digits(jiao) + "角"
    elif left and yuan:
        said += "零"
    if left:
        said += digits(left) + "分"
    return ("负" if minus else "") + (said or "零元")


def the_day(when: date, today: date) -> str:
    """Today, tomorrow, or the date."""
    away = (when - today).days
    if away in (0, 1):
        return gettext("today") if away == 0 else gettext("tomorrow")
    return day(when)


def counted(value: int) -> str:
    """A number before what is counted: two is 两 there."""
    return "两" if value == 2 else digits(value)


def digits(value: int) -> str:
    """A whole number in Chinese, 0 to below 10^12: 105 is 一百零五, 12 is 十二."""
    said = _digits(value)
    return said[1:] if said.startswith("一十") else said


def _digits(value: int) -> str:
    if value < 10:
        return _DIGITS[value]
    size, word = next(step for step in _STEPS if value >= step[0])
    head, rest = divmod(value, size)
    if not rest:
        return _digits(head) + word
    gap = "零" if rest < size // 10 else ""
    return _digits(head) + word + gap + _digits(rest)
