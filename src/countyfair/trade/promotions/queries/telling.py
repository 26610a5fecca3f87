"""What the pages of goods tell of promotions, where what a whole county is told is remembered for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.remembered import Remembered
from countyfair.trade.promotions.queries.announced import MOST, Announced, announced


@dataclass(frozen=True, slots=True)
class _Told:
    """All that the page of some goods of a county told when it asked."""

    rows: Sequence[Announced]

    def for_all(self, shop: UUID) -> list[Announced]:
        """The county's coupons, where they are all that a shop has to tell; none where it is to be asked."""
        if not self.rows or len(self.rows) == MOST or shop in self.rows[0].telling:
            return []
        return [row for row in self.rows if not row.of_shop and row.closes_at > now()]


#: By county.
_told: Remembered[str, _Told] = Remembered(30)


def announced_with(*, county: str, shop: UUID, product: UUID) -> Sequence[Announced]:
    """What the page of some goods tells: as `announced`, but a coupon of the whole county is remembered.

    So it costs the pages of the county's goods no statement; what a shop has of its own is asked for each
    time. While a coupon of the county runs, either may be told, or still be told, half a minute late: a page
    shows it, the checkout decides.
    """
    asked: Sequence[Announced] = ()

    def ask() -> _Told:
        nonlocal asked
        asked = announced(county=county, shop=shop, product=product)
        return _Told(asked)

    known = _told.get(county, ask)
    return (
        known.rows
        if known.rows is asked
        else known.for_all(shop) or announced(county=county, shop=shop, product=product)
    )
