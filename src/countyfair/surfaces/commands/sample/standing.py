"""What of a sample county stands already, by the ids that stand for its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import named_uuid7
from countyfair.kernel.refusal import Missing
from countyfair.registers.people.queries import household_labels, known_user, organisations_by_id
from countyfair.registers.stations.queries import stations
from countyfair.surfaces.commands.sample.definition import SampleCounty
from countyfair.trade.catalog.queries import ShopSeen, shop_whole
from countyfair.trade.catalog.queries.desk import product_whole

T = TypeVar("T")

HOUSE = Actor.system("load sample")

#: The day from which sample ids count: any fixed moment does.
EPOCH = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of a sample county's things, by kind and key."""

    county: str

    def of(self, kind: str, key: str) -> UUID:
        return named_uuid7(f"{self.county}:{kind}:{key}", EPOCH)


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of what stands, whatever became of it: closed, withdrawn and taken down things too."""

    stations: frozenset[UUID]
    users: frozenset[UUID]
    households: frozenset[UUID]
    organisations: frozenset[UUID]
    shops: dict[UUID, ShopSeen]
    products: frozenset[UUID]
    withdrawn: frozenset[UUID]
    packs: frozenset[UUID]


_NONE: frozenset[UUID] = frozenset()
NOTHING = Standing(_NONE, _NONE, _NONE, _NONE, {}, _NONE, _NONE, _NONE)


def standing(sample: SampleCounty) -> Standing:
    """What stands of a sample county: a statement for each of its people, shops and products, few besides."""
    ids, opened = Ids(sample.code), stations(county=sample.code, closed=True)
    if not opened:
        return NOTHING  # stations come first
    organisations = [ids.of("organisation", entry["key"]) for entry in sample.organisations]
    goods = [ids.of("product", entry["key"]) for entry in (*sample.products, *sample.services)]
    shops = [ids.of("shop", entry["key"]) for entry in (*sample.shops, *sample.services)]
    seen = [found for key in goods if (found := if_there(partial(product_whole, HOUSE, product=key)))]
    return Standing(
        stations=frozenset(one.id for one in opened),
        users=frozenset(
            key for entry in sample.staff if known_user(key := ids.of("user", entry["key"])) is not None
        ),
        households=frozenset(
            household_labels([ids.of("household", entry["key"]) for entry in sample.households])
        ),
        organisations=frozenset(organisations_by_id(organisations)),
        shops={key: one for key in shops if (one := if_there(partial(shop_whole, HOUSE, shop=key)))},
        products=frozenset(one.id for one in seen),
        withdrawn=frozenset(one.id for one in seen if one.withdrawn_at is not None),
        packs=frozenset(pack.id for one in seen for pack in one.packs),
    )


def if_there(read: Callable[[], T]) -> T | None:
    """What `read` answers, None where there is no such thing."""
    try:
        return read()
    except Missing:
        return None
