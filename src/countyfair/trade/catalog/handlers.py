"""What the catalogue does when it hears of its own offers; wired in the deployment's wiring."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered
from countyfair.trade.catalog.actions.counting import count_shelves
from countyfair.trade.catalog.actions.words import gather_words, rename_found
from countyfair.trade.catalog.events import OfferChanged, ProductRenamed, ShelfChanged, ShopRenamed


def words(batch: Sequence[Delivered[OfferChanged | ProductRenamed]]) -> None:
    """Something is on offer, or is called otherwise: its words become known to searches."""
    gather_words(Actor.system("catalog.words"), products={one.event.product for one in batch})


def shop_names(batch: Sequence[Delivered[ShopRenamed]]) -> None:
    """A shop is called otherwise: its goods are found by that."""
    rename_found(Actor.system("catalog.shop_names"), shops={one.event.shop for one in batch})


def counts(batch: Sequence[Delivered[OfferChanged | ProductRenamed | ShelfChanged]]) -> None:
    """Something on a shelf is otherwise: what lists can be narrowed to is counted anew, once a batch."""
    count_shelves(Actor.system("catalog.counts"), counties={one.county for one in batch})
