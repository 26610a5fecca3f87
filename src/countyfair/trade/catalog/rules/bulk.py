"""Changing many offers at once: what a percentage makes of a price, what a window makes of terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.money import LARGEST
from countyfair.kernel.refusal import Invalid

#: A price goes down by ninety percent at most and up to tenfold: beyond that a point has slipped.
LEAST, MOST = Decimal("-0.9"), Decimal(9)
#: The largest cap of packs that go to one buyer.
MOST_PER_BUYER = 9999


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be changed of an offer. Money in fen; `state` is draft, on or off; a cap None is none."""

    price_fen: int
    opens_at: datetime | None
    closes_at: datetime | None
    most_per_order: int
    state: str
    most_per_buyer: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit for many offers; what is None stays as it is.

    Args:
        percent: by how much the price changes: 0.05 is five percent more.
        window: (opens, closes), each None for no such end.
        take_down: off the shelf.
    """

    percent: Decimal | None = None
    window: tuple[datetime | None, datetime | None] | None = None
    take_down: bool = False


def edited(terms: Terms, edit: Edit) -> Terms:
    """The terms after an edit; prices are rounded half up to the fen, and never fall below one.

    Raises:
        Invalid: a percentage beyond reason, or a window that closes before it opens.
    """
    if edit.percent is not None:
        if not LEAST <= edit.percent <= MOST:
            raise Invalid(
                _("A price falls by 90 percent at most, and rises by 900 at most."), field="percent"
            )
        price = (terms.price_fen * (1 + edit.percent)).quantize(Decimal(1), ROUND_HALF_UP)
        terms = replace(terms, price_fen=min(max(int(price), 1), LARGEST))
    if edit.window is not None:
        opens, closes = edit.window
        if opens is not None and closes is not None and closes <= opens:
            raise Invalid(_("An offer closes after it opens."), field="closes_at")
        terms = replace(terms, opens_at=opens, closes_at=closes)
    return replace(terms, state="off") if edit.take_down else terms
