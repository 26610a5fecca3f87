"""Billing what is sold by weight: at the packed weight, when it is packed.

What is lighter goes back at once. What is heavier, within the tolerance that the buyer accepted, is asked
for by a payment of its own, and lapses when it is not paid; the goods do not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.quantity import LARGEST
from countyfair.kernel.refusal import Conflict, Invalid, Sentence, SoldOut
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.events import Charged
from countyfair.trade.orders.models import Allotment, Bill, BillLine, Line, Order, PackedWeight, Share
from countyfair.trade.orders.queries.shares import discounts_of, held_of, shares_of
from countyfair.trade.orders.queries.terms import terms_version
from countyfair.trade.orders.rules import billing as rules
from countyfair.trade.orders.rules.billing import Billed, BilledLine, Weighed
from countyfair.trade.orders.rules.shares import Held, ShareOf, Terms, left_of
from countyfair.trade.orders.rules.sharing import Less, shares_after
from countyfair.trade.orders.rules.timing import TO_PAY_MORE
from countyfair.trade.payments.actions import ask_refund, expire, open_intent
from countyfair.trade.payments.gateways import gateway_called
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions import Hold
from countyfair.trade.stock.queries import Drawn, drawn
from countyfair.trade.stock.rules import Draw, allocate

#: States of an order whose buyer may still pay what its goods weighed more.
_CHARGEABLE = ("packed", "handed_over", "delivered", "completed")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line sold by weight, what it weighed, what it draws on, by which terms it is split."""

    row: Line
    weighed: Weighed
    drawn: Sequence[Drawn]
    terms: Terms
    discounts: Sequence[Less]


def weigh(actor: Actor, order: Order, weights: Mapping[UUID, int], *, lighter_agreed: bool) -> None:
    """Keep what the lines of a locked order weighed, and bill them: within the transaction of packing.

    Raises:
        Invalid: a weight is missing or cannot be, is lighter than the buyer accepted, or the lots of the
            line have no more.
        Conflict: what a line drew on was recalled or counted away, and its order is not cancelled yet.
    """
    lines = list(Line.objects.filter(order_id=order.id, sold_by="weight").order_by("position"))
    if not lines:
        return
    found = _weighed(order, lines, weights)
    for one in found:
        _check(one, lighter_agreed=lighter_agreed)
    moment = now()
    PackedWeight.objects.bulk_create(
        PackedWeight(line_id=one.row.id, county=order.county, amount=one.weighed.packed, at=moment)
        for one in found
    )
    drawing = {one.row.id: _drawing(actor, one) for one in found}
    tolerance = max((one.terms.weight_tolerance for one in found), default=Decimal(0))
    may_ask = not gateway_called(order.gateway).by_hand
    billed = rules.bill([one.weighed for one in found], tolerance, may_ask=may_ask)
    _keep(actor, order, found, drawing, billed)


def give_rest_back(actor: Actor, order: Order) -> None:
    """Put back into its lots what of a dispatched order was not packed."""
    for line, ordered, packed in _packed(order):
        if packed < ordered:
            stock.take_back(actor, holder=str(line), amount=ordered - packed, source=f"weight:{line}")


def sent_of(order: Order) -> dict[UUID, int]:
    """What of each line was packed, base units: as ordered or allotted, unless it was weighed."""
    lines = Line.objects.filter(order_id=order.id).values_list("id", "quantity", "content_amount")
    got = dict(Allotment.objects.filter(line__order_id=order.id).values_list("line_id", "packs"))
    sent = {line: got.get(line, quantity) * content for line, quantity, content in lines}
    return sent | {line: packed for line, _ordered, packed in _packed(order)}


def packs_of(line: Line) -> int:
    """How many packs of a line were sent: as ordered, or as many as its harvest gave."""
    got = Allotment.objects.filter(line_id=line.id).values_list("packs", flat=True).first()
    return line.quantity if got is None else got


def paid_by(orders: Sequence[Order]) -> dict[UUID, list[UUID]]:
    """The intents by which each of these locked orders was paid, the first first."""
    paid = {order.id: [order.intent] for order in orders}
    more = Bill.objects.filter(order_id__in=list(paid), state="paid").values_list("order_id", "intent")
    for order, intent in more:
        if intent is not None:
            paid[order].append(intent)
    return paid


def bill_asking(intent: UUID, order: Order) -> Bill | None:
    """The bill of a locked order that this intent asks for."""
    return Bill.objects.select_for_update(no_key=True).filter(intent=intent, order_id=order.id).first()


def take_more(actor: Actor, order: Order, asked: Bill, capture: UUID, amount_fen: int) -> None:
    """What an order's goods weighed more was paid: it is shared out, or goes back where it came too late."""
    lines = {row.line_id: row for row in BillLine.objects.filter(bill_id=asked.id)}
    held = [row for row in held_of(order.id) if row.line in lines]
    wanted = {key: row.final_fen - row.billed_fen for key, row in lines.items()}
    whose = {key: [row for row in held if row.line == key] for key, fen in wanted.items() if fen}
    given_back = any(left_of(of_line) <= 0 for of_line in whose.values())
    if asked.state != "asked" or order.state not in _CHARGEABLE or given_back:
        ask_refund(
            actor, source=f"surplus:{capture}", intent=asked.intent or order.intent, capture=capture,
            amount_fen=amount_fen, reason="too late",
        )  # fmt: skip
        return
    frozen = [row for row in shares_of([order.id]) if row.refund is None]
    less = discounts_of(list(whose)) if order.discount_fen else {}
    nets = dict(Line.objects.filter(id__in=whose).values_list("id", "amount_fen"))
    for key in whose:
        rows = [
            ShareOf(
                row.beneficiary, row.owner, row.lot, row.lot_amount, row.amount_fen, row.grade,
                row.factor_milli, row.standard_version, row.discount,
            )
            for row in frozen
            if row.line == key
        ]  # fmt: skip
        version = next(row.terms_version for row in frozen if row.line == key)
        terms, draws = terms_version(order.county, version), rules.draws_of(rows)
        then = shares_after(lines[key].final_fen, draws, terms, less.get(key, ()), nets[key])
        _share(order, asked.id, [Held(key, row) for row in rules.corrections(rows, then)], key)
        lines[key].billed_fen = lines[key].final_fen
        lines[key].save(update_fields=["billed_fen"])
    asked.state = "paid"
    asked.save(update_fields=["state"])
    announce(Charged(order.id, asked.id, amount_fen), county=order.county)


@verb
def lapse_bills(actor: Actor, *, batch: int = 200) -> int:
    """Stop asking for what was not paid in time; answers how many bills. The buyer keeps the goods.

    A bill whose money came in this moment is left alone: the payment's own news will find it.
    """
    due = list(
        Bill.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(state="asked", pay_before__lte=now())
        .order_by("pay_before")[:batch]
    )
    closed = set(expire(actor, intents=[bill.intent for bill in due if bill.intent]))
    lapsed = [bill.id for bill in due if bill.intent in closed]
    return Bill.objects.filter(id__in=lapsed).update(state="lapsed")


def stop_asking_more(actor: Actor, order: Order) -> None:
    """An order was called off: what its goods weighed more is asked for no longer."""
    stop_asking_more_of(actor, [order])


def stop_asking_more_of(actor: Actor, orders: Sequence[Order]) -> None:
    """`stop_asking_more` of many locked orders."""
    asked = Bill.objects.select_for_update(no_key=True).filter(
        order_id__in=[order.id for order in orders], state="asked"
    )
    waiting = {bill.intent: bill.id for bill in asked.order_by("id") if bill.intent}
    if waiting:
        ended = expire(actor, intents=list(waiting))
        Bill.objects.filter(id__in=[waiting[intent] for intent in ended]).update(state="lapsed")


def _weighed(order: Order, lines: Sequence[Line], weights: Mapping[UUID, int]) -> list[_Line]:
    less = discounts_of([line.id for line in lines]) if order.discount_fen else {}
    draws = drawn([str(line.id) for line in lines])
    versions = {line.terms_version: terms_version(line.county, line.terms_version) for line in lines}
    return [
        _Line(
            line,
            Weighed(
                line.id,
                line.quantity * line.content_amount,
                weights.get(line.id, 0),
                line.amount_fen,
            ),
            [one for one in draws if one.holder == str(line.id)],
            versions[line.terms_version],
            less.get(line.id, ()),
        )
        for line in lines
    ]


def _check(one: _Line, *, lighter_agreed: bool) -> None:
    line, weighed, field = one.row, one.weighed, f"weight-{one.row.id}"
    if sum(row.amount for row in one.drawn) < weighed.ordered:
        raise Conflict(
            _("Some of its goods were recalled or counted away. Do not pack it: it is being cancelled."),
            code="gone",
        )
    if not 0 < weighed.packed <= LARGEST:
        raise Invalid(_("Weigh every line that is sold by weight."), field=field)
    said = {"packed": f"{weighed.packed / 1000:g}", "ordered": f"{weighed.ordered / 1000:g}"}
    if weighed.packed > rules.BELIEVED * weighed.ordered:
        raise Invalid(
            _(
                "%(packed)s kg where %(ordered)s kg were ordered cannot be right. Look at the figure and its"
                " unit."
            )
            % said,
            field=field,
        )
    least = rules.least(weighed.ordered, one.terms.weight_tolerance)
    if weighed.packed < least and not lighter_agreed:
        raise Invalid(
            _(
                "%(packed)s kg is less than the buyer accepted, which is %(least)s kg of %(ordered)s kg. Add"
                " to it, or say that it goes out lighter."
            )
            % (said | {"least": f"{least / 1000:g}"}),
            field=field,
            code="too_light",
            details={"line": line.id, "least": least},
        )


def _drawing(actor: Actor, one: _Line) -> list[Draw]:
    """What the line really draws: less of its last lots, or more of the lots it draws on."""
    draws = [Draw(row.state, row.amount) for row in one.drawn]
    more = one.weighed.packed - one.weighed.ordered
    if more <= 0:
        return rules.lighter(draws, -more)
    lots = list({draw.lot.id: draw.lot for draw in draws}.values())
    left = {"left": f"{sum(lot.free for lot in lots) / 1000:g}"}
    why: Sentence = (
        _("Its lots have only %(left)s kg more. Take some out, or count the lot again first.") % left
    )
    try:
        further = allocate(lots, more)
        why = _("The cap of its offer leaves no more. Take some out, or raise the cap first.")
        _hold(actor, one, further)
    except SoldOut as refusal:
        raise Invalid(why, field=f"weight-{one.row.id}", code="no_more") from refusal
    return [*draws, *further]


def _hold(actor: Actor, one: _Line, further: Iterable[Draw]) -> None:
    holder, supply = str(one.row.id), one.drawn[0].supply
    holds = [Hold(uuid7(), supply, draw.lot.id, draw.amount, holder) for draw in further]
    stock.reserve(actor, county=one.row.county, holds=holds, expires=None)


def _keep(
    actor: Actor, order: Order, found: Sequence[_Line], drawing: Mapping[UUID, Sequence[Draw]], billed: Billed
) -> None:
    moment = now()
    asked = uuid7() if billed.asked_fen else None
    until = moment + TO_PAY_MORE if asked else None
    bill = Bill.objects.create(
        order_id=order.id, county=order.county, refund_fen=billed.refund_fen, asked_fen=billed.asked_fen,
        state="asked" if asked else "settled", intent=asked, at=moment, pay_before=until,
    )  # fmt: skip
    BillLine.objects.bulk_create(
        BillLine(
            bill_id=bill.id, line_id=one.line, county=order.county, billed_amount=one.billed,
            final_fen=one.final_fen, billed_fen=one.sure_fen,
        )
        for one in billed.lines
    )  # fmt: skip
    held = held_of(order.id)
    for one, line in zip(found, billed.lines, strict=True):
        rows = _corrected(one, line, drawing[one.row.id], held)
        _share(order, bill.id, [Held(one.row.id, row) for row in rows], one.row.id)
    if billed.refund_fen:
        ask_refund(
            actor, source=f"order-bill:{bill.id}", intent=order.intent, amount_fen=billed.refund_fen,
            reason="weight",
        )  # fmt: skip
    if asked:
        open_intent(
            actor, intent=asked, county=order.county, reference=str(order.id), gateway=order.gateway,
            amount_fen=billed.asked_fen, expires_at=until, currency=order.currency,
        )  # fmt: skip


def _corrected(one: _Line, line: BilledLine, drawing: Sequence[Draw], held: Sequence[Held]) -> list[ShareOf]:
    now_held = [row.share for row in held if row.line == one.row.id]
    amounts: dict[UUID | None, int] = {None: 0}
    for draw in one.drawn:
        amounts[draw.lot] = amounts.get(draw.lot, 0) + draw.amount
    with_amounts = [replace(row, lot_amount=0 if row.discount else amounts[row.lot]) for row in now_held]
    then = shares_after(line.sure_fen, drawing, one.terms, one.discounts, one.weighed.amount_fen)
    return rules.corrections(with_amounts, then)


def _share(order: Order, bill: UUID, rows: Sequence[Held], line: UUID) -> None:
    version = Line.objects.values_list("terms_version", flat=True).get(id=line)
    Share.objects.bulk_create(
        Share(
            order_id=order.id, line_id=line, county=order.county, beneficiary=row.share.beneficiary,
            owner=row.share.owner, lot_id=row.share.lot, lot_amount=row.share.lot_amount,
            amount_fen=row.share.amount_fen, terms_version=version, bill_id=bill, grade=row.share.grade,
            factor_milli=row.share.factor_milli, standard_version=row.share.standard_version,
            discount_id=row.share.discount,
        )
        for row in rows
    )  # fmt: skip


def _packed(order: Order) -> list[tuple[UUID, int, int]]:
    """(line, ordered, packed) of what was weighed and billed, base units."""
    billed = BillLine.objects.filter(bill__order_id=order.id)
    weights = PackedWeight.objects.filter(line_id__in=billed.values("line_id")).order_by("at", "id")
    packed = dict(weights.values_list("line_id", "amount"))
    lines = Line.objects.filter(id__in=packed).values_list("id", "quantity", "content_amount")
    return [(line, quantity * content, packed[line]) for line, quantity, content in lines]
