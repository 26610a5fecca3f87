"""A shop with stock behind its offers, made through the verbs of stock and catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.registers.people.tests.factories import SYSTEM, a_household
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.stock import actions, queries, rules
from countyfair.trade.stock.actions.offering import Outlet


@dataclass(frozen=True, slots=True)
class Stall:
    """One product in one pack on one offer, fed by lots. Content of a pack: 500 g."""

    product: UUID
    pack: UUID
    offer: UUID
    supply: UUID
    lots: tuple[UUID, ...]


def a_lot(
    *,
    product: UUID | None = None,
    amount: int = 10_000,
    unit: Unit = Unit.GRAM,
    household: UUID | None = None,
    harvested_on: date | None = None,
    station: UUID | None = None,
    actor: Actor = SYSTEM,
) -> UUID:
    return actions.take_in(
        actor,
        lot=uuid7(),
        household=household or a_household(),
        product=product or catalog.a_product(),
        quantity=Quantity(amount, unit),
        harvested_on=harvested_on or today(),
        station=station,
    ).id


def a_harvest(
    household: UUID, product: UUID, *, jin: int = 3, price_fen: int = 2000, actor: Actor = SYSTEM
) -> UUID:
    """An announced harvest of so many jin, expected today."""
    made = uuid7()
    actions.begin_harvest(actor, harvest=made, household=household, product=product)
    quantity = Quantity(jin * 500, Unit.GRAM)
    actions.say_amount(actor, harvest=made, quantity=quantity, expected_on=today())
    actions.announce_harvest(actor, harvest=made, wished=Money(price_fen))
    return made


def a_cycle(
    harvests: Sequence[UUID], pack: UUID, *, price_fen: int = 3000, offer: UUID | None = None
) -> UUID:
    """These harvests sold ahead in the shop for a day, four fifths of them."""
    made = uuid7()
    actions.open_cycle(
        SYSTEM, cycle=made, harvests=harvests, pack=pack, price=Money(price_fen),
        outlets=[Outlet(offer or uuid7(), "shop")], closes_at=now() + timedelta(days=1),
    )  # fmt: skip
    return made


def a_stall(*, lots: tuple[int, ...] = (10_000,), cap: int | None = None, content: int = 500) -> Stall:
    """Lots of these amounts in grams, the first harvested first, behind one offer."""
    product = catalog.a_product()
    pack = catalog.a_pack(product=product, content_amount=content)
    offer = catalog.an_offer(pack=pack)
    first = today() - timedelta(days=len(lots))
    weighed = tuple(
        a_lot(product=product, amount=amount, harvested_on=first + timedelta(days=day))
        for day, amount in enumerate(lots)
    )
    return Stall(product, pack, offer, actions.feed(SYSTEM, offer=offer, cap=cap).id, weighed)


def holds(stall: Stall, packs: int, holder: str) -> list[actions.Hold]:
    """What it takes to hold so many packs, as a checkout decides it now."""
    quote = queries.quote([(stall.offer, packs)])[0]
    draws = rules.allocate(quote.lots, packs * quote.content_amount, quote.blend)
    return [actions.Hold(uuid7(), stall.supply, draw.lot.id, draw.amount, holder) for draw in draws]
