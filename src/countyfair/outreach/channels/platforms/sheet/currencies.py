"""The currency of a row of the sheet: CNY where it names none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from countyfair.kernel.money import EXPONENTS
from countyfair.outreach.channels.platforms.cells import BadCell, money
from countyfair.outreach.channels.platforms.shape import Cells


def currency_of(cells: Cells, *names: str) -> str:
    """A currency by ISO 4217.

    Raises:
        BadCell: one that the house does not keep.
    """
    text = cells.get(*names).upper()
    if not text or text == "人民币":
        return "CNY"
    if text not in EXPONENTS:
        raise BadCell(names[0], _("The currency “%(text)s” is not known.") % {"text": text[:40]})
    return text


def minor(cells: Cells, currency: str, *names: str) -> int:
    """An amount in the currency's smallest unit.

    Raises:
        BadCell: no amount, or parts of a unit that the currency does not have.
    """
    hundredths = money(cells, *names)
    whole, rest = divmod(hundredths, 1 if EXPONENTS[currency] == 2 else 100)
    if rest:
        raise BadCell(names[0], _("%(currency)s has no smaller unit.") % {"currency": currency})
    return whole
