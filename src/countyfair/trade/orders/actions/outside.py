"""Orders from outside platforms: brought home, called off, paid back, and what the platform kept of them.

They take stock, freeze lines and shares and lie in escrow as our own do; the money is with the platform, in
its clearing account, until its statement is booked. `docs/channels.md` works an example.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, SoldOut, Stale
from countyfair.kernel.rows import array, run
from countyfair.kernel.seal import blind, seal
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.rules.outlets import OUTSIDE
from countyfair.trade.orders.actions.freezing import holds_of, lines_of, order_number, shares_of
from countyfair.trade.orders.queries.offered import MOST_LOTS, Basis, basis
from countyfair.trade.orders.queries.outside import KnownOutside, known_outside, numbers_taken
from countyfair.trade.orders.rules.outside import (
    MOST_AT_ONCE,
    OutsideOrder,
    Shelf,
    Taken,
    flaw,
    wanted_in_all,
)
from countyfair.trade.orders.rules.quote import Offered, QuotedLine, origin
from countyfair.trade.orders.rules.shares import ShareOf, Terms, freight_shares, line_shares
from countyfair.trade.stock.rules import refusal_of

#: How often a batch is decided anew when stock moved meanwhile.
ATTEMPTS = 12


@verb
def take_outside(
    actor: Actor, *, county: str, outlet: str, seller: str, orders: Sequence[OutsideOrder]
) -> list[Taken]:
    """Bring home orders that were paid on a platform; answers what became of each, in their order.

    Each takes its stock whole or not at all: where it is short nothing is kept of it, and it may be brought
    again. The same order again is `known`. Needs `channel.manage` in the county.

    Args:
        outlet: the platform, as offers there name their outlet.
        seller: the key of our shop there: with `reference` it names an order once.
        orders: at most `MOST_AT_ONCE`, each id once.

    Raises:
        Forbidden: no such power.
        Invalid: an outlet that is no outside platform, too many at once, or one twice.
        Stale: too much was bought meanwhile; nothing was brought home.
    """
    actor.require("channel.manage", place=county)
    _check(outlet, orders)
    contents = {one.order: content_of(county, outlet, seller, one) for one in orders}
    answers: dict[UUID, Taken] = {}
    for _attempt in range(ATTEMPTS):
        rest = _first_answers(county, seller, orders, contents, answers)
        if not rest:
            break
        found = basis(county=county, moment=now(), lines=wanted_in_all(rest))
        batch = _Batch(actor, county, outlet, seller, found, contents)
        again = batch.decide(rest, answers)
        if not batch.write(answers):
            for one in rest:
                answers.pop(one.order, None)
        elif not again:
            break
        else:
            for one in again:
                answers.pop(one.order, None)
    if len(answers) < len(orders):
        raise Stale(_("Too much is being bought at this moment. Please try again."))
    return [answers[one.order] for one in orders]


def content_of(county: str, outlet: str, seller: str, order: OutsideOrder) -> str:
    """A keyed fingerprint of what of an order never changes: its goods and its money, not its receiver."""
    lines = [(line.offer, line.packs, line.amount_fen) for line in order.lines]
    said = [county, outlet, seller, order.reference, lines, order.freight_fen]
    return blind(json.dumps(said, default=str, ensure_ascii=False), "order.content")


def _check(outlet: str, orders: Sequence[OutsideOrder]) -> None:
    if outlet not in OUTSIDE:
        raise Invalid(_("Choose an outside platform."), field="outlet")
    if len(orders) > MOST_AT_ONCE or len({one.order for one in orders}) < len(orders):
        raise Invalid(_("Bring home at most 1,000 orders at once, each once."), field="orders")


def _first_answers(
    county: str,
    seller: str,
    orders: Sequence[OutsideOrder],
    contents: Mapping[UUID, str],
    answers: dict[UUID, Taken],
) -> list[OutsideOrder]:
    """Those that have no answer yet, once those that are here have theirs."""
    open_ = [one for one in orders if one.order not in answers]
    ids, references = [one.order for one in open_], [one.reference for one in open_]
    here = known_outside(county, seller, ids, references)
    by_id = {row.order: row for row in here}
    by_reference = {row.reference: row for row in here}
    rest = []
    for one in open_:
        row = by_id.get(one.order) or by_reference.get(one.reference)
        if row is None:
            rest.append(one)
        else:
            answers[one.order] = _known(one, row, contents[one.order])
    return rest


def _known(order: OutsideOrder, row: KnownOutside, content: str) -> Taken:
    if row.order == order.order and row.content == content:
        return Taken(order.order, "known", row.number)
    return Taken(order.order, "refused", row.number, why="other_content")


class _Batch:
    """What one reading of the stock allows of a batch: the lines of each order that can be placed."""

    def __init__(
        self,
        actor: Actor,
        county: str,
        outlet: str,
        seller: str,
        found: Basis,
        contents: Mapping[UUID, str],
    ) -> None:
        self.actor, self.county, self.outlet, self.seller = actor, county, outlet, seller
        self.found, self.contents = found, contents
        self.moment = now()
        self.placed: list[tuple[OutsideOrder, list[QuotedLine]]] = []
        self.lines: list[tuple[UUID, UUID]] = []
        self.holds: dict[str, Any] = {}

    def decide(self, orders: Sequence[OutsideOrder], answers: dict[UUID, Taken]) -> list[OutsideOrder]:
        """Answer each order; those that were short only because not every lot was read are given back."""
        offers = {offered.offer: offered for offered, _packs in self.found.wanted}
        shelf = Shelf(self.moment, self.outlet)
        again = []
        for order in orders:
            why = "no_terms" if self.found.terms is None else flaw(order, offers, self.outlet)
            if why:
                answers[order.order] = Taken(order.order, "refused", why=why)
                continue
            lines = shelf.lines(order, offers)
            if isinstance(lines, dict):
                answers[order.order] = Taken(order.order, "short", left=lines)
                if any(_cut_off(offers[offer]) for offer in lines):
                    again.append(order)
            else:
                self.placed.append((order, lines))
        return again if self.placed else []

    def write(self, answers: dict[UUID, Taken]) -> bool:
        """Write what can be placed; whether it was still so."""
        if not self.placed or self.found.terms is None:
            return True
        numbers = self._numbers()
        params = self._frozen(numbers, self.found.terms)
        try:
            with transaction.atomic():
                run(BRING_HOME, params, keep_plan=True)
                gone = self._send()
                run(HOLD_HOME, self.holds | {"gone": array(gone)}, keep_plan=True)
        except DatabaseError as error:
            if _is_stale(error):
                return False
            raise
        for (order, _lines), number in zip(self.placed, numbers, strict=True):
            answers[order.order] = Taken(order.order, "placed", number)
        return True

    def _send(self) -> list[str]:
        """Keep the parcels of those that have left already; answers under which keys their stock is held."""
        gone = [(order, order.sent, lines) for order, lines in self.placed if order.sent is not None]
        if not gone:
            return []
        orders = {order.order for order, _sent, _lines in gone}
        run(
            SENT_BEFORE,
            {
                "in_county": self.county,
                "by_outlet": self.outlet,
                "orders": [order.order for order, _sent, _lines in gone],
                "carriers": [sent.carrier for _order, sent, _lines in gone],
                "waybills": [sent.waybill or order.reference[:32] for order, sent, _lines in gone],
                "destinations": [order.destination for order, _sent, _lines in gone],
                "weights": [
                    max(1, sum(line.offered.weight_g * line.quantity for line in lines))
                    for _order, _sent, lines in gone
                ],
                "from_places": [
                    origin(lines, self.found.places, self.county)[1] for _order, _sent, lines in gone
                ],
                "sent": [sent.at for _order, sent, _lines in gone],
                "received": [sent.received_at for _order, sent, _lines in gone],
            },
        )
        return [str(line) for of_order, line in self.lines if of_order in orders]

    def _numbers(self) -> list[str]:
        """A free number of the county for each order: the day it was placed, and digits of its id."""
        numbers = [order_number(order.order, order.placed_at) for order, _lines in self.placed]
        taken = numbers_taken(self.county, numbers)
        for at, (order, _lines) in enumerate(self.placed):
            attempt = 0
            while numbers[at] in taken:
                attempt += 1
                numbers[at] = order_number(order.order, order.placed_at, attempt)
                taken |= numbers_taken(self.county, [numbers[at]])
            taken.add(numbers[at])
        return numbers

    def _frozen(self, numbers: Sequence[str], terms: Terms) -> dict[str, Any]:
        """The parameters of `BRING_HOME`."""
        lines = [(order.order, line) for order, of_order in self.placed for line in of_order]
        keys = [uuid7() for _line in lines]
        self.lines = [(order_id, key) for (order_id, _line), key in zip(lines, keys, strict=True)]
        rows: list[tuple[UUID | None, ShareOf]] = []
        whose: list[UUID] = []
        for (order_id, line), key in zip(lines, keys, strict=True):
            earned = line_shares(line.amount_fen, line.draws, terms)
            rows += [(key, share) for share in earned]
            whose += [order_id] * len(earned)
        for order, _of_order in self.placed:
            earned = freight_shares(order.freight_fen)
            rows += [(None, share) for share in earned]
            whose += [order.order] * len(earned)
        quoted = [line for _order, line in lines]
        held = {name: array(values) for name, values in holds_of(quoted, keys).items()}
        self.holds = held | {"in_county": self.county, "moment": self.moment}
        lists = lines_of(quoted, keys) | shares_of(rows) | self._heads(numbers)
        del lists["expected"]
        lists["line_orders"] = [order_id for order_id, _line in lines]
        lists["positions"] = [at for _order, of_order in self.placed for at in range(1, len(of_order) + 1)]
        lists["share_orders"] = list(whose)
        return {name: array(values) for name, values in lists.items()} | {
            "acting": self.actor.key,
            "in_county": self.county,
            "by_outlet": self.outlet,
            "by_seller": self.seller,
            "in_currency": "CNY",
            "by_terms": terms.version,
            "window_days": terms.return_window_days,
            "moment": self.moment,
        }

    def _heads(self, numbers: Sequence[str]) -> dict[str, list[Any]]:
        orders = [order for order, _lines in self.placed]
        packed = [origin(lines, self.found.places, self.county) for _order, lines in self.placed]
        contacts = [order.contact for order in orders]
        return {
            "orders": [order.order for order in orders],
            "numbers": list(numbers),
            "refs": [order.reference for order in orders],
            "digests": [self.contents[order.order] for order in orders],
            "goods": [order.total_fen - order.freight_fen for order in orders],
            "freights": [order.freight_fen for order in orders],
            "destinations": [order.destination for order in orders],
            "origins": [station for station, _place in packed],
            "origin_places": [place for _station, place in packed],
            "intents": [uuid7() for _order in orders],
            "captures": [uuid7() for _order in orders],
            "contacts": [seal(one.to_text(), "order.contact") if one else "" for one in contacts],
            "phones": ["" for _order in orders],
            "placed": [order.placed_at for order in orders],
            "paid": [order.paid_at for order in orders],
        }


def _cut_off(offered: Offered) -> bool:
    """Whether there may be more lots than were read."""
    return len(offered.lots) >= MOST_LOTS


def _is_stale(error: DatabaseError) -> bool:
    if getattr(error.__cause__, "sqlstate", None) in ("OR410", "23505"):
        return True
    return isinstance(refusal_of(error), SoldOut | Stale)


_TYPES = {
    "uuid[]": ("orders", "origins", "intents", "captures", "lines", "line_orders", "offers", "shops",
               "shares", "share_orders", "share_lines", "share_lots"),
    "text[]": ("numbers", "refs", "digests", "destinations", "origin_places", "contacts", "phones",
               "shop_names", "kinds", "names_zh", "names_en", "labels_zh", "labels_en", "categories",
               "places", "units", "ways", "beneficiaries", "owners", "share_grades"),
    "bigint[]": ("goods", "freights", "contents", "prices", "lot_amounts", "share_amounts"),
    "int[]": ("positions", "versions", "quantities", "share_factors", "share_standards"),
    "timestamptz[]": ("placed", "paid"),
    "text": ("acting", "in_county", "by_outlet", "by_seller", "in_currency"),
    "int": ("by_terms", "window_days"),
    "timestamptz": ("moment",),
}  # fmt: skip
_SENT = {
    "text": ("in_county", "by_outlet"),
    "uuid[]": ("orders",),
    "text[]": ("carriers", "waybills", "destinations", "from_places"),
    "bigint[]": ("weights",),
    "timestamptz[]": ("sent", "received"),
}
_HOLD = {
    "text": ("in_county",),
    "timestamptz": ("moment",),
    "uuid[]": ("holds", "supplies", "hold_lots"),
    "bigint[]": ("hold_amounts",),
    "text[]": ("holders", "gone"),
}


def _call(function: str, types: Mapping[str, Sequence[str]]) -> str:
    named = (f"{name} => %({name})s::{kind}" for kind, names in types.items() for name in names)
    return f"SELECT {function}({', '.join(named)})"


BRING_HOME = _call("orders_bring_home", _TYPES)
SENT_BEFORE = _call("orders_sent_before", _SENT)
HOLD_HOME = _call("orders_hold_home", _HOLD)
