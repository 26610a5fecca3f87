"""An order as its buyer sees it: where it is, what it came to, who gets what, where it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from markupsafe import Markup

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Sentence
from countyfair.registers.places.queries import Place
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces.ui.formats import money, phone, quantity, said, short_moment
from countyfair.surfaces.ui.pictures import smallest
from countyfair.surfaces.ui.places import called
from countyfair.surfaces.ui.translation import Words, gettext
from countyfair.trade.logistics.rules import ON_SPOT
from countyfair.trade.orders.queries import OrderRow, OrderShown
from countyfair.trade.orders.queries.discounts import taken_off
from countyfair.trade.orders.queries.marks import MarkBorne, marks_on
from countyfair.trade.orders.rules.claims import REPLACEMENT
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.rules.reasons import ALLOT, RECALL, RECALL_LIFTED, in_words
from countyfair.trade.payments.gateways import GATEWAYS

#: What a state is called for the buyer.
STATES = Words(
    {
        "placed": _("Waiting for payment"),
        "gathering": _("Paid, waits for its group"),
        "paid": _("Paid, to be packed"),
        "packed": _("Packed"),
        "handed_over": _("On its way"),
        "delivered": _("Delivered"),
        "completed": _("Completed"),
        "cancelled": _("Cancelled"),
        "refunded": _("Given back"),
    }
)
#: The kind of tag that it wears, "active" where none is named.
TAGS = {
    "placed": "waiting",
    "gathering": "waiting",
    "delivered": "done",
    "completed": "done",
    "cancelled": "stopped",
    "refunded": "stopped",
}
#: What is called otherwise of a service.
STATES_ON_SPOT = Words({"paid": _("Paid, to be redeemed"), "delivered": _("Redeemed")})
#: The road that every order goes when nothing stops it.
ROAD = Words(
    {
        "placed": _("Ordered"),
        "paid": _("Paid"),
        "packed": _("Packed"),
        "handed_over": _("On its way"),
        "delivered": _("Delivered"),
    }
)
BENEFICIARIES = Words(
    {
        "household": _("Household"),
        "station": _("Station"),
        "centre": _("County centre"),
        "courier": _("Courier"),
        "platform": _("Platform"),
        "channel": _("Outside platform"),
    }
)
#: That of an order in a group, which is paid before it is served.
ROAD_IN_GROUP = Words({"gathering": _("Paid"), "paid": _("The group is full")})
#: That of a service.
ROAD_ON_SPOT = Words({"placed": _("Booked"), "paid": _("Paid"), "delivered": _("Redeemed")})
PARCELS: Mapping[str, Sentence] = {
    "packed": _("packed"),
    "handed_over": _("on its way"),
    "arrived": _("arrived at the station"),
    "delivered": _("delivered"),
    "failed": _("could not be delivered, will be tried again"),
    "returned": _("sent back"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """Money that went or goes back, with its reason."""

    amount_fen: int
    reason: Sentence
    is_done: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """What came of weighing: (goods, packed, ordered fen, billed fen) of each line; what goes back or is due.

    `pay_href` is "" where nothing is asked, or not any more.
    """

    lines: tuple[tuple[str, str, int, int], ...]
    back_fen: int
    more_fen: int
    pay_href: str
    pay_before: datetime | None


@dataclass(frozen=True, slots=True)
class SoldUnder:
    """A brand whose mark some of the goods bore when ordered; `picture` is an address, "" without one."""

    name: str
    picture: str
    width: int
    height: int
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """All that the page shows. `pay_href`, `cancel_href` are "" where there is nothing to pay or call off."""

    number: str
    state_name: Sentence
    tag: str
    placed_at: datetime
    href: str
    to_pay: bool
    is_noted: bool
    pay_href: str
    pay_at: str
    pay_before: datetime | None
    pickup_code: str
    where: str
    lines: tuple[tuple[str, str, int, int], ...]
    freight_fen: int
    total_fen: int
    currency: str
    refunds: tuple[Given, ...]
    shares: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, Sentence, str], ...]
    parcels: tuple[tuple[str, str], ...]
    is_delivery: bool
    is_on_spot: bool
    to: tuple[tuple[str, str], ...]
    by_link: bool
    cancel_href: str
    weighing: Weighing | None
    recalled: str
    recall_lifted: str
    was_sent: bool
    less: tuple[tuple[str, int], ...]
    marks: tuple[SoldUnder, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the page itself, paying and calling off are, in the way the visitor came."""

    page: str
    pay: str
    cancel: str
    by_link: bool


def shown(order: OrderShown, ways: Ways, station: StationRow | None, way: Sequence[Place]) -> OrderPage:
    """The page of an order; `way` leads from the province to its destination."""
    by_hand = GATEWAYS[order.gateway].by_hand if order.gateway in GATEWAYS else False
    to_pay = order.state == "placed"
    in_time = order.pay_before is None or order.pay_before > now()
    name, tag = STATES[order.state], TAGS.get(order.state, "active")
    if order.fulfilment == ON_SPOT and order.state in STATES_ON_SPOT:
        name = STATES_ON_SPOT[order.state]
    where = said(station.name, station.name_en) if station else ""
    return OrderPage(
        number=order.number,
        state_name=name,
        tag=tag,
        placed_at=order.placed_at,
        href=ways.page,
        to_pay=to_pay,
        is_noted=to_pay and order.intent_state == "paid",
        pay_href=ways.pay if to_pay and not by_hand and in_time and order.intent_state == "awaiting" else "",
        pay_at=(where or gettext("any station of the county")) if to_pay and by_hand else "",
        pay_before=order.pay_before,
        pickup_code=_code(order),
        where=where,
        lines=tuple(
            (
                said(line.name_zh, line.name_en),
                said(line.label_zh, line.label_en),
                line.quantity,
                line.amount_fen,
            )
            for line in order.lines
        ),
        freight_fen=order.freight_fen,
        total_fen=order.billed_fen,
        currency=order.currency,
        refunds=tuple(
            Given(one.amount_fen, in_words(one.reason), one.state == "done") for one in order.refunds
        ),
        shares=() if order.gateway == REPLACEMENT else tuple(_shares(order)),
        steps=tuple(_steps(order)),
        parcels=tuple(
            (parcel.waybill, _parcel(parcel.state, [scan.at for scan in parcel.scans]))
            for parcel in order.parcels
        ),
        is_delivery=order.fulfilment == "delivery",
        is_on_spot=order.fulfilment == ON_SPOT,
        to=tuple(_to(order, station, way)),
        by_link=ways.by_link,
        cancel_href=ways.cancel if order.is_buyer and "cancel" in order.verbs else "",
        weighing=_weighing(order, ways) if order.bill_state else None,
        recalled=_said_of(order, RECALL),
        recall_lifted=_said_of(order, RECALL_LIFTED),
        was_sent=any(step.verb in ("hand_over", "deliver") for step in order.steps),
        less=_less(order),
        marks=_marks(order),
    )


def _less(order: OrderShown) -> tuple[tuple[str, int], ...]:
    """What each promotion took off when it was ordered; () where none did, which asks nothing."""
    sums: dict[str, int] = {}
    for row in taken_off(order):
        name = said(row.name_zh, row.name_en)
        sums[name] = sums.get(name, 0) + row.amount_fen
    return tuple(sums.items())


def _marks(order: OrderShown) -> tuple[SoldUnder, ...]:
    """Each mark once, with the goods that bore it; () where none did, which asks nothing."""
    under: dict[MarkBorne, list[str]] = {}
    marks = marks_on(order)
    for line in order.lines:
        if mark := marks.get(line.id):
            under.setdefault(mark, []).append(said(line.name_zh, line.name_en))
    return tuple(
        SoldUnder(
            said(mark.name_zh, mark.name_en),
            smallest(mark.digest, mark.width) if mark.digest else "",
            mark.width,
            mark.height,
            tuple(dict.fromkeys(goods)),
        )
        for mark, goods in under.items()
    )


def _weighing(order: OrderShown, ways: Ways) -> Weighing:
    asks = order.bill_state == "asked" and (order.bill_pay_before or now()) > now()
    return Weighing(
        tuple(
            (
                said(line.name_zh, line.name_en),
                quantity(line.packed, line.unit),
                line.ordered_fen,
                line.amount_fen,
            )
            for line in order.lines
            if line.packed
        ),
        order.bill_refund_fen or 0,
        order.bill_asked_fen or 0,
        ways.pay if asks else "",
        order.bill_pay_before,
    )


def _said_of(order: OrderShown, verb: str) -> str:
    """The reason of the last word on a recall, where it is this verb; "" where there is none."""
    last = next((step for step in reversed(order.steps) if step.verb in (RECALL, RECALL_LIFTED)), None)
    return last.reason if last is not None and last.verb == verb else ""


def _code(order: OrderShown) -> str:
    """The code at the counter, as long as something waits there."""
    if order.state not in ("packed", "handed_over"):
        return ""
    return next((parcel.pickup_code for parcel in order.parcels if parcel.pickup_code), "")


def _shares(order: OrderShown) -> list[tuple[str, str]]:
    """(who, amount) of everyone who still gets something; a household stands with its lot, never its name."""
    rows = []
    for (beneficiary, _owner, lot), amount_fen in order.still_held().items():
        if amount_fen:
            name = BENEFICIARIES.get(beneficiary, beneficiary)
            who = gettext("%(who)s, lot %(lot)s") % {"who": name, "lot": lot} if lot else name
            rows.append((who, money(amount_fen, order.currency)))
    return rows


def _steps(order: OrderShown) -> list[tuple[str, Sentence, str]]:
    """The road with what is behind and what lies ahead; a cancelled order ends where it was stopped."""
    reached = {step.after: step.at for step in order.steps if step.verb not in (ALLOT, RECALL, RECALL_LIFTED)}
    words = ROAD_ON_SPOT if order.fulfilment == ON_SPOT else ROAD
    road = [step for step in words.items() if step[0] != "placed" or order.gateway != REPLACEMENT]
    if "gathering" in reached:
        road[1:2] = ROAD_IN_GROUP.items()
    done = [("done", name, short_moment(reached[state])) for state, name in road if state in reached]
    if order.state in ("cancelled", "refunded"):
        return [*done, ("here", STATES[order.state], short_moment(reached[order.state]))]
    ahead = [
        name
        for state, name in road
        if state not in reached and not (state == "handed_over" and "delivered" in reached)
    ]
    return [*done, *(("here" if at == 0 else "todo", name, "") for at, name in enumerate(ahead))]


def _parcel(state: str, scans: Sequence[datetime]) -> str:
    words = str(PARCELS.get(state, state))
    return f"{words} · {short_moment(scans[-1])}" if scans else words


def _to(order: OrderShown, station: StationRow | None, way: Sequence[Place]) -> list[tuple[str, str]]:
    """Who and where, for the buyer's own eyes."""
    facts = []
    if station:
        facts.append((gettext("Station"), said(station.name, station.name_en)))
        facts += [(gettext("Open"), station.hours)] if station.hours else []
        facts += [(gettext("Its phone"), station.phone)] if station.phone else []
    if order.contact and order.contact.gift:
        facts += _gift(order.contact.gift)
    elif order.contact:
        facts.append((gettext("For"), order.contact.name))
        facts.append((gettext("Phone"), phone(order.contact.phone)))
    if order.fulfilment == ON_SPOT:
        facts.append((gettext("At"), Markup(" ").join(called(place) for place in way)))
    if order.fulfilment == "delivery":
        street = order.contact.address if order.contact else ""
        facts.append((gettext("To"), Markup(" ").join([*(called(place) for place in way), street]).strip()))
    if order.is_buyer and not order.contact:
        facts.append((gettext("Name and address"), gettext("erased, since this order is long over")))
    return facts


def _gift(gift: Gift) -> list[tuple[str, str]]:
    """To whom it goes, and with which words."""
    facts = [(gettext("A gift for"), gift.name)]
    facts += [(gettext("Phone"), phone(gift.phone))] if gift.phone else []
    return facts + ([(gettext("Greeting"), gift.greeting)] if gift.greeting else [])


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order in its buyer's list."""

    href: str
    number: str
    what: str
    placed_at: datetime
    total_fen: int
    currency: str
    state_name: Sentence
    tag: str


def listed(row: OrderRow, href: str) -> ListedOrder:
    """One line of the list: the first kind of goods, and how many packs in all."""
    packs = ngettext("%(count)s pack", "%(count)s packs", row.packs) % {"count": row.packs}
    name, tag = STATES[row.state], TAGS.get(row.state, "active")
    return ListedOrder(
        href,
        row.number,
        f"{said(row.name_zh, row.name_en)} · {packs}",
        row.placed_at,
        row.total_fen,
        row.currency,
        name,
        tag,
    )
