"""Where one stands at the fair, as the address says: place, row, what it is narrowed to, search, page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.utils.dates import MONTHS

from countyfair.kernel.ids import parse_uuid
from countyfair.surfaces.shop.categories import Row
from countyfair.surfaces.ui.translation import spoken
from countyfair.trade.catalog.rules.certificates import KINDS
from countyfair.trade.catalog.rules.facets import BANDS, BORNE_GRADES

LONGEST_SEARCH = 60
Cursor = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Walk:
    """Each part is empty (0, None) when the address does not say it, or says nonsense."""

    place: str = ""
    category: str = ""
    month: int = 0
    band: int = 0
    certified: str = ""
    brand: UUID | None = None
    grade: str = ""
    text: str = ""
    before: Cursor | None = None

    @property
    def is_narrowed(self) -> bool:
        """By more than place and row, along which a shelf is kept."""
        return bool(self.month or self.band or self.certified or self.brand or self.grade)

    def to(self, **changes: object) -> str:
        """The address of another step from here; a change of filter starts at the top of the shelf."""
        before = changes.pop("before", None)
        parts = {
            "place": self.place,
            "category": self.category,
            "month": self.month,
            "price": self.band,
            "certificate": self.certified,
            "brand": self.brand,
            "grade": self.grade,
            "q": self.text,
        } | changes
        if isinstance(before, tuple):
            parts["before"] = f"{before[0].isoformat()}_{before[1]}"
        return f"?{urlencode({name: value for name, value in parts.items() if value})}"


def read(query: Mapping[str, str], rows: Sequence[Row]) -> Walk:
    """What an address says, as far as it makes sense."""
    place, month, price = (query.get(name, "") for name in ("place", "month", "price"))
    category = query.get("category", "")
    return Walk(
        place if place.isascii() and place.isdigit() and len(place) in (6, 9, 12) else "",
        category if any(row.code == category for row in rows) else "",
        int(month) if month.isascii() and month.isdigit() and 1 <= int(month[:3]) <= 12 else 0,
        int(price) if price.isascii() and price.isdigit() and int(price[:3]) in BANDS else 0,
        query.get("certificate", "") if query.get("certificate", "") in KINDS else "",
        parse_uuid(query.get("brand", "")),
        query.get("grade", "") if query.get("grade", "") in BORNE_GRADES else "",
        " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
        cursor(query.get("before", "")),
    )


def month_names() -> list[str]:
    """The months' names; Chinese ones by number."""
    if spoken().startswith("zh"):
        return [f"{number}月" for number in range(1, 13)]
    return [str(MONTHS[number]) for number in range(1, 13)]


def cursor(text: str) -> Cursor | None:
    """Where a page of a list begins: the moment and key of the last row before it; None for the top."""
    at, _, key = text.rpartition("_")
    parsed = parse_uuid(key)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, parsed) if parsed and moment.tzinfo else None
