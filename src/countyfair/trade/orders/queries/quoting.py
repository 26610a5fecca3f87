"""What a basket costs, for its page and for the checkout: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.money import allocate
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.remembered import Remembered
from countyfair.kernel.rows import rows, scalar
from countyfair.trade.orders.queries.offered import Basis, basis
from countyfair.trade.orders.queries.terms import terms_of
from countyfair.trade.orders.rules import quote as rules
from countyfair.trade.orders.rules.quote import Quote
from countyfair.trade.orders.rules.shares import Terms
from countyfair.trade.promotions import queries as promotions
from countyfair.trade.promotions.rules.discounts import Terms as PromotionTerms

_terms: Remembered[str, Terms | None] = Remembered(30)


def basket(actor: Actor, *, basket: UUID | None, outlet: str = "shop") -> Quote:
    """All that is in a basket, whatever its counties, with what is wrong with any line; no carriage.

    Args:
        basket: the guest's basket; a member's is known by the actor.
    """
    found = basis(county="", moment=now(), user=actor.user_id, basket=basket)
    return with_promotions(rules.quote(found.wanted, moment=now(), outlet=outlet))


def basket_count(actor: Actor, *, basket: UUID | None) -> int:
    """How many packs are in a basket."""
    found = scalar(
        "SELECT coalesce(sum(line.quantity), 0)::bigint FROM orders_basketline line"
        " JOIN orders_basket b ON b.id = line.basket_id WHERE CASE WHEN %(user)s::uuid IS NULL"
        " THEN b.id = %(basket)s::uuid AND b.user_id IS NULL ELSE b.user_id = %(user)s::uuid END",
        {"user": actor.user_id, "basket": basket},
    )
    return int(str(found))


def packs_of(actor: Actor, *, basket: UUID, offers: Sequence[UUID]) -> dict[UUID, int]:
    """How many packs of these offers are in a basket, a member's own or the guest's; of none, none."""
    found = rows(
        "SELECT line.offer_id, line.quantity FROM orders_basketline line"
        " JOIN orders_basket b ON b.id = line.basket_id WHERE line.offer_id = ANY (%(offers)s::uuid[])"
        " AND CASE WHEN %(user)s::uuid IS NULL"
        " THEN b.id = %(basket)s::uuid AND b.user_id IS NULL ELSE b.user_id = %(user)s::uuid END",
        {"offers": list(offers), "user": actor.user_id, "basket": basket},
        into=_Packs,
    )
    return {row.offer: row.quantity for row in found}


@dataclass(frozen=True, slots=True)
class _Packs:
    offer: UUID
    quantity: int


def quote(
    actor: Actor,
    *,
    county: str,
    basket: UUID | None = None,
    lines: Sequence[tuple[UUID, int]] | None = None,
    fulfilment: str = "",
    destination: str = "",
    station: UUID | None = None,
    outlet: str = "shop",
    coupon: str = "",
    days: Sequence[date] = (),
    group: UUID | None = None,
) -> Quote:
    """What one county's part of a basket, or these lines, would cost; with carriage once it is known, and
    with what carriage would be anywhere.

    Args:
        fulfilment: delivery (with `destination`) or pickup (with `station`); "" leaves carriage out.
        coupon: the code of a coupon, "" for none: only where there is one, a statement asks what it says.
        days: of a service, the days it is wanted for.

    Raises:
        Invalid: nothing is sent to the destination, the station is closed, or the coupon takes nothing off.
    """
    moment = now()
    found = basis(
        county=county, moment=moment, user=actor.user_id, basket=basket, lines=lines, station=station,
        days=days,
    )  # fmt: skip
    goods = rules.quote(found.wanted, moment=moment, outlet=outlet, days=days)
    if goods.lines:
        goods = with_promotions(goods, county=county, coupon=coupon, group=group)
    goods = rules.with_rates(goods, found.freight)
    if found.terms is not None:
        goods = rules.with_more(goods, found.terms.weight_tolerance)
    where = _where(found, fulfilment, destination)
    if where is None:
        return goods
    return rules.with_freight(goods, found.freight, fulfilment=fulfilment, destination=where)


def with_promotions(goods: Quote, *, county: str = "", coupon: str = "", group: UUID | None = None) -> Quote:
    """The same quote with what is taken off it: by a code, by a group, by bundles that its lines make up.

    Only for a code, a group, or lines that a bundle may name, anything is asked.

    Raises:
        Invalid: the code or the group takes nothing off; Missing: as `promotions_of`.
    """
    found = promotions_of(county, coupon, group) if coupon or group else []
    if group is None:
        named = [line.offered.offer for line in goods.lines if line.offered.bundled and not line.trouble]
        if named:
            found = [*found, *promotions.bundles(offers=named)]
    return rules.with_discounts(goods, found, now()) if found else goods


def promotions_of(county: str, code: str, group: UUID | None) -> list[PromotionTerms]:
    """What a code or a group stands for.

    Raises:
        Invalid: the code for nothing, or a code beside a group.
        Missing: no such group in this county.
    """
    if group is not None:
        if code:
            raise Invalid(_("No coupon counts beside the price of a group."), field="coupon")
        terms = promotions.group_terms(county=county, group=group)
        if terms is None:
            raise Missing(_("There is no such group."))
        return [terms]
    found = promotions.coupon(county=county, code=code)
    if found is None:
        raise Invalid(_("There is no such coupon here. Look at the code again."), field="coupon")
    return [found]


def shares_of_price(*, county: str, price_fen: int) -> list[tuple[str, int]] | None:
    """Who gets what of a price by the county's terms now, the household first; None without terms.

    To be shown, not to be booked: new terms are seen here within half a minute.
    """
    terms = _terms.get(county, lambda: terms_of(county))
    if terms is None:
        return None
    parts = allocate(price_fen, (terms.household, terms.station, terms.centre, terms.platform))
    return list(zip(("household", "station", "centre", "platform"), parts, strict=True))


def weight_tolerance(*, county: str) -> Decimal | None:
    """How far what is sold by weight may differ from what was ordered; None without terms.

    To be shown: new terms are seen here within half a minute.
    """
    terms = _terms.get(county, lambda: terms_of(county))
    return terms.weight_tolerance if terms else None


def _where(found: Basis, fulfilment: str, destination: str) -> str | None:
    if fulfilment == "delivery":
        return destination
    if fulfilment != "pickup":
        return None
    if found.pickup is None or not found.pickup.is_open:
        raise Invalid(_("This station is closed. Choose another one."), field="station")
    return found.pickup.place
