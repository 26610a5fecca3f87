"""What is told of lines that cannot be ordered as they stand: how many packs each could still have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Conflict, Invalid, SoldOut
from countyfair.trade.orders.rules.quote import Quote, QuotedLine, Trouble

#: What is told of a line of which one buyer may have only so many packs, those bought before among them.
_BUYER_CAP = _("One buyer may have only so many packs of it, those bought before among them.")


def in_trouble(goods: Quote) -> Conflict | Invalid:
    """The refusal of a quote with lines in trouble, told line by line."""
    lines = [_told(line) for line in goods.in_trouble]
    troubles = {line.trouble for line in goods.in_trouble}
    if Trouble.NOT_ON_SALE in troubles:
        return Conflict(
            _("Something in your basket is no longer on sale. Take it out and order again."),
            code="not_on_sale",
            details={"lines": lines},
        )
    if Trouble.NEEDS_DAY in troubles:
        return Conflict(
            _("A service is booked by itself, for a day: choose the day on its page."),
            code="needs_day",
            details={"lines": lines},
        )
    if Trouble.SOLD_OUT in troubles:
        return SoldOut(_("Somebody else was quicker: there is not enough left."), details={"lines": lines})
    if Trouble.BUYER_CAP in troubles:
        return Invalid(_BUYER_CAP, field="quantity", code="buyer_cap", details={"lines": lines})
    return Invalid(
        _("That is more than one order may take."),
        field="quantity",
        code="too_many",
        details={"lines": lines},
    )


def cap_exceeded(priced: Quote, left: Mapping[str, int]) -> Invalid:
    """The refusal of lines of which the buyer may have only so many packs more, by offer."""
    lines = [
        _told(replace(line, trouble=Trouble.BUYER_CAP, left=left[str(line.offered.offer)]))
        for line in priced.lines
        if str(line.offered.offer) in left
    ]
    return Invalid(_BUYER_CAP, field="quantity", code="buyer_cap", details={"lines": lines})


def set_lacks(goods: Quote) -> Conflict:
    """The refusal of a set of goods of which not all can be had, told line by line."""
    return Conflict(
        _("Not all of the set can be had now. Nothing was put in the basket."),
        code="set_lacks",
        details={"lines": [_told(line) for line in goods.in_trouble]},
    )


def _told(line: QuotedLine) -> dict[str, object]:
    return {
        "offer": line.offered.offer,
        "name_zh": line.offered.name_zh,
        "name_en": line.offered.name_en,
        "trouble": str(line.trouble),
        "wanted": line.quantity,
        "left": line.left,
    }
