"""What the catalogue announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class ProductRenamed(Event):
    """A product is called otherwise, or is of another variety, place or category."""

    NAME: ClassVar[str] = "catalog.product_renamed"

    product: UUID


@event
@dataclass(frozen=True)
class ShopRenamed(Event):
    """A shop is called otherwise, or has other names that it is known by too."""

    NAME: ClassVar[str] = "catalog.shop_renamed"

    shop: UUID


@event
@dataclass(frozen=True)
class ShelfChanged(Event):
    """Goods on a county's shelf bear a certificate, a mark or a grade that they did not, or no longer do."""

    NAME: ClassVar[str] = "catalog.shelf_changed"


@event
@dataclass(frozen=True)
class OfferChanged(Event):
    """An offer was put up, changed or taken down: its terms from this version on."""

    NAME: ClassVar[str] = "catalog.offer_changed"

    offer: UUID
    product: UUID
    outlet: str
    state: str
    version: int
    price_fen: int
