"""The same goods go out again instead of what was claimed: an order at no price, paid by who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import locked
from countyfair.trade.orders.actions.claiming import advance_claim
from countyfair.trade.orders.actions.freezing import order_number
from countyfair.trade.orders.models import Claim, Contact, Line, Order, Replacement, Share, Step
from countyfair.trade.orders.queries.replacing import Spare, called_off, spare
from countyfair.trade.orders.queries.shares import earned_by
from countyfair.trade.orders.rules.claims import REPLACEMENT
from countyfair.trade.orders.rules.quote import Offered, Quote, QuotedLine, origin, with_freight
from countyfair.trade.orders.rules.shares import (
    Bearer,
    Held,
    ShareOf,
    Terms,
    freight_shares,
    given_back,
    left_of,
    line_shares,
)
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions import Hold
from countyfair.trade.stock.rules import allocate


@dataclass(frozen=True, slots=True)
class Sending:
    """What goes out again: its one line with the lots it is drawn from, its carriage, and the terms."""

    quote: Quote
    found: Spare
    terms: Terms

    @property
    def line(self) -> QuotedLine:
        return self.quote.lines[0]

    @property
    def freight_fen(self) -> int:
        return self.quote.freight.amount_fen if self.quote.freight else 0


def chosen(claim: Claim, order: Order) -> Sending:
    """Choose what goes out again for a claim on a locked order.

    Raises:
        Invalid: field `what`: the goods are gone, or nothing can be sent there any more.
    """
    found = spare(claim.id)
    terms, offered = found.basis.terms, found.offered
    if offered is None or terms is None or found.left < found.packs:
        raise Invalid(
            _("These goods are not there any more: %(left)d of %(packs)d packs. Give the money back instead.")
            % {"left": found.left, "packs": found.packs},
            field="what",
            code="gone",
            details={"left": found.left},
        )
    if not found.goes_there:
        raise Invalid(
            _("Its pick-up station is closed. Give the money back instead."), field="what", code="closed"
        )
    amount = offered.price_fen * found.packs
    draws = allocate(offered.lots, offered.content_amount * found.packs, offered.blend)
    line = QuotedLine(offered, found.packs, amount, tuple(draws))
    goods = Quote((line,), amount, offered.weight_g * found.packs)
    carried = with_freight(
        goods, found.basis.freight, fulfilment=order.fulfilment, destination=order.destination
    )
    return Sending(carried, found, terms)


def send_again(
    actor: Actor, order: Order, claim: Claim, *, answer: UUID, sending: Sending, bearer: Bearer
) -> UUID:
    """Write down the order that goes out instead of what was claimed, and hold its stock; answers its key.

    Raises:
        Conflict: who received the order is not known any more; or the line's households hold less than
            they would bear.
        SoldOut, Stale: somebody else took the goods this moment.
    """
    moment = now()
    again, line = _order(order, claim, sending, moment)
    _receiver(order, again)
    _shares(again, line, sending, order, claim, bearer)
    Step.objects.create(
        order_id=again.id, county=again.county, position=1, verb="replace", before="", after="paid",
        reason="", at=moment,
    )  # fmt: skip
    offered = sending.line.offered
    holds = [
        Hold(uuid7(), offered.supply, draw.lot.id, draw.amount, str(line.id))
        for draw in sending.line.draws
        if offered.supply is not None
    ]
    stock.reserve(actor, county=order.county, holds=holds, expires=None)
    Replacement.objects.create(
        order_id=again.id, answer_id=answer, claim_id=claim.id, paid_order_id=sending.found.paid_order,
        paid_line_id=sending.found.paid_line, county=order.county, worth_fen=sending.line.amount_fen,
        freight_fen=sending.freight_fen,
    )  # fmt: skip
    return again.id


@verb
def reopen_claims(actor: Actor, *, orders: Sequence[UUID]) -> int:
    """Claims whose replacement was among these called-off orders wait for an answer again; how many.

    For the house itself, when it hears of cancelled orders. Again, nothing happens.
    """
    reopened = 0
    for one in called_off(orders):
        order = locked(Claim.objects.values_list("order_id", flat=True).get(id=one.claim))
        claim = Claim.objects.get(id=one.claim)
        if claim.state in ("done", "awaiting") and one in called_off([one.order]):
            advance_claim(actor, order, claim, "reopen")
            reopened += 1
    return reopened


def _order(order: Order, claim: Claim, sending: Sending, moment: datetime) -> tuple[Order, Line]:
    key, offered = uuid7(), sending.line.offered
    station, place = origin(sending.quote.lines, sending.found.basis.places, order.county)
    freight = sending.quote.freight
    again = Order.objects.create(
        id=key, county=order.county, number=_number(key, order.county, moment), buyer_id=order.buyer_id,
        outlet=order.outlet, state="paid", goods_fen=0, freight_fen=0, total_fen=0, currency=order.currency,
        fulfilment=order.fulfilment, station_id=order.station_id, destination=order.destination,
        origin_id=station, origin_place=place, gateway=REPLACEMENT, intent=order.intent,
        freight_version=freight.version if freight else 0,
        return_window_days=sending.terms.return_window_days, content=blind(str(claim.id), "order.content"),
        placed_at=moment, paid_at=moment, gift=order.gift,
    )  # fmt: skip
    return again, _line(again, offered, sending)


def _line(again: Order, offered: Offered, sending: Sending) -> Line:
    return Line.objects.create(
        order_id=again.id, county=again.county, position=1, offer_id=offered.offer,
        offer_version=offered.version, shop_id=offered.shop, shop_name=offered.shop_name, kind=offered.kind,
        name_zh=offered.name_zh, name_en=offered.name_en, label_zh=offered.label_zh,
        label_en=offered.label_en, category=offered.category, place=offered.place,
        quantity=sending.line.quantity, content_amount=offered.content_amount, unit=offered.unit,
        sold_by="piece", price_fen=0, amount_fen=0, terms_version=sending.terms.version,
    )  # fmt: skip


def _number(key: UUID, county: str, moment: datetime) -> str:
    numbers = (order_number(key, moment, attempt) for attempt in range(10))
    return next(one for one in numbers if not Order.objects.filter(county=county, number=one).exists())


def _receiver(order: Order, again: Order) -> None:
    kept = Contact.objects.filter(order_id=order.id).first()
    if kept is None or not kept.sealed:
        raise Conflict(_("Who received this order is not known any more. Give the money back instead."))
    Contact.objects.create(
        order_id=again.id, county=again.county, sealed=kept.sealed, phone_blind=kept.phone_blind
    )


def _shares(again: Order, line: Line, sending: Sending, order: Order, claim: Claim, bearer: Bearer) -> None:
    earned: list[tuple[UUID | None, ShareOf]] = [
        (line.id, row) for row in line_shares(sending.line.amount_fen, sending.line.draws, sending.terms)
    ]
    earned += [(None, row) for row in freight_shares(sending.freight_fen)]
    borne = [
        (key, row)
        for key, amount in ((line.id, sending.line.amount_fen), (None, sending.freight_fen))
        if amount
        for row in _borne(bearer, amount, earned_by(order.id, claim.line_id))
    ]
    Share.objects.bulk_create(
        Share(
            order_id=again.id, line_id=key, county=again.county, beneficiary=row.beneficiary,
            owner=row.owner, lot_id=row.lot, lot_amount=row.lot_amount, amount_fen=row.amount_fen,
            terms_version=sending.terms.version, grade=row.grade, factor_milli=row.factor_milli,
            standard_version=row.standard_version, claim_id=whose,
        )
        for rows, whose in ((earned, None), (borne, claim.id))
        for key, row in rows
    )  # fmt: skip


def _borne(bearer: Bearer, amount_fen: int, earners: Sequence[Held]) -> list[ShareOf]:
    """The negative rows of who bears so much: alone, or all who earned by what was claimed."""
    if bearer.beneficiary != "household":
        return [ShareOf(bearer.beneficiary, bearer.owner, None, 0, -amount_fen)]
    if amount_fen > left_of(earners):
        raise Conflict(_("The households hold less than that of this line. Let somebody else bear it."))
    sums: dict[tuple[str, str], int] = {}
    for row in given_back(amount_fen, earners):
        key = (row.share.beneficiary, row.share.owner)
        sums[key] = sums.get(key, 0) + row.share.amount_fen
    return [ShareOf(beneficiary, owner, None, 0, fen) for (beneficiary, owner), fen in sums.items()]
