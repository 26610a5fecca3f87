"""How figures are written for people, in the language that is active.

One place for money, quantities, numbers, dates and phones, so that a figure looks the same on a
price tag, in a table and in a message. Inputs are exact; nothing here is parsed back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from countyfair.kernel.money import EXPONENTS, Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.ui.translation import gettext, spoken

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUS = "\N{MINUS SIGN}"
SIGNS = {"CNY": "¥"}

#: A number from ten thousand on is shortened: by 万 and 亿 in Chinese, by k, m and bn in English.
SHORT_FROM = 10**4
SHORT_ZH = ((10**8, "亿"), (10**4, "万"))
SHORT_EN = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))


def in_chinese() -> bool:
    """Whether the active language is Chinese."""
    return spoken().startswith("zh")


def said(zh: str, en: str) -> str:
    """What the data says in the reader's language; Chinese where there is no English."""
    return zh if not en or in_chinese() else en


def number(value: int | Decimal, places: int | None = None) -> str:
    """Digits in groups of three: `1,234,567`. `places` fixes the digits after the point."""
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text.replace("-", MINUS)


def compact(value: int | Decimal) -> str:
    """A large number for reading, not for adding up: `1.23亿`, `5.6万`; `123m`, `1.2bn`.

    Three significant digits, halves to even; below ten thousand the number itself.
    """
    size = abs(Decimal(value))
    if size < SHORT_FROM:
        return number(value)
    rounded = size.quantize(Decimal(1).scaleb(size.adjusted() - 2), rounding=ROUND_HALF_EVEN)
    unit, word = next(step for step in (SHORT_ZH if in_chinese() else SHORT_EN) if rounded >= step[0])
    return f"{MINUS if value < 0 else ''}{trimmed(rounded / unit)}{word}"


def trimmed(value: Decimal) -> str:
    """A decimal in groups of three without zeros at its end."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Money | int, currency: str = "CNY") -> str:
    """`¥12.50` from 1250 fen or from Money; other currencies by code: `USD 12.50`."""
    sign, whole, fraction = money_parts(amount, currency)
    return f"{sign}{whole}{fraction}"


def money_parts(amount: Money | int, currency: str = "CNY") -> tuple[str, str, str]:
    """Sign, whole part and fraction with its point, for a price tag that sets them in two sizes."""
    if isinstance(amount, Money):
        currency = amount.currency
        amount = amount.minor
    digits = EXPONENTS[currency]
    whole, rest = divmod(abs(amount), 10**digits)
    sign = SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    fraction = f".{rest:0{digits}d}" if digits else ""
    return (MINUS if amount < 0 else "") + sign, f"{whole:,}", fraction


def money_compact(amount: Money | int) -> str:
    """A large sum for reading: `¥1.23亿`, `¥123m`."""
    fen = amount.minor if isinstance(amount, Money) else amount
    text = compact(Decimal(fen).scaleb(-2).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return f"{MINUS}¥{text[1:]}" if text.startswith(MINUS) else f"¥{text}"


def mass(grams: int) -> str:
    """`500 g`, `2.5 kg`; `500克`, `2.5公斤`. Exact: no digit is rounded away."""
    if abs(grams) < 1000:
        return gettext("%(amount)s g") % {"amount": number(grams)}
    return gettext("%(amount)s kg") % {"amount": kilograms(grams)}


def kilograms(grams: int) -> str:
    """The bare figure in kilograms, for a column whose head names the unit."""
    return trimmed(Decimal(grams).scaleb(-3)).replace("-", MINUS)


def jin(grams: int) -> str:
    """The same mass in market jin of 500 g, as villages say it: `3 jin`, `3斤`."""
    return gettext("%(amount)s jin") % {"amount": trimmed(Decimal(grams) / 500).replace("-", MINUS)}


def quantity(amount: Quantity | int, unit: Unit | str = Unit.GRAM) -> str:
    """A Quantity, or an amount in base units with its unit."""
    if isinstance(amount, Quantity):
        unit = amount.unit
        amount = amount.amount
    if Unit(unit) is Unit.GRAM:
        return mass(amount)
    return ngettext("%(amount)s piece", "%(amount)s pieces", amount) % {"amount": number(amount)}


def percent(share: Decimal, places: int = 1) -> str:
    """`12.5%` from Decimal("0.125"), `10%` from Decimal("0.1")."""
    return trimmed(round(share * 100, places)) + "%"


def local(moment: datetime) -> datetime:
    """`moment` on the clocks of Shanghai; a naive moment is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI)


def day(value: date | datetime) -> str:
    """`2026年11月23日`; `23 November 2026`."""
    value = local(value) if isinstance(value, datetime) else value
    if in_chinese():
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B} {value.year}"


def short_day(value: date | datetime) -> str:
    """`11月23日`; `23 Nov`."""
    value = local(value) if isinstance(value, datetime) else value
    return f"{value.month}月{value.day}日" if in_chinese() else f"{value.day} {value:%b}"


def clock(moment: datetime) -> str:
    """`08:05`, by Shanghai."""
    return f"{local(moment):%H:%M}"


def moment(value: datetime) -> str:
    """`2026年11月23日 08:05`; `23 November 2026, 08:05`."""
    return f"{day(value)}{' ' if in_chinese() else ', '}{clock(value)}"


def short_moment(value: datetime) -> str:
    """`11月23日 08:05`; `23 Nov, 08:05`."""
    return f"{short_day(value)}{' ' if in_chinese() else ', '}{clock(value)}"


def machine_time(value: date | datetime) -> str:
    """For the datetime attribute of <time>."""
    return (local(value) if isinstance(value, datetime) else value).isoformat()


def phone(text: str) -> str:
    """A phone with its middle hidden: `138 **** 1234`. Too short to hide well: all hidden."""
    digits = "".join(ch for ch in text if ch.isdigit())
    if len(digits) < 8:
        return "****"
    return f"{digits[-11:-8]} **** {digits[-4:]}".strip()


def season(value: date | datetime) -> str:
    """The season that the awning wears: spring from March, summer from June, and so on."""
    value = local(value) if isinstance(value, datetime) else value
    return ("winter", "spring", "summer", "autumn")[value.month % 12 // 3]
