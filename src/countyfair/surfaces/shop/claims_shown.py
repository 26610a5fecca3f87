"""Claims as their buyer sees them: on the order's page, and each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import ngettext

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Sentence
from countyfair.kernel.seal import link_token
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said
from countyfair.trade.orders.queries import OrderShown
from countyfair.trade.orders.queries.claim_rows import ClaimsOn
from countyfair.trade.orders.queries.replacing import replacement_of
from countyfair.trade.orders.queries.shown import LineShown
from countyfair.trade.orders.rules.claims import KINDS, REPLACEMENT, STANDS, STATES

#: State → the kind of tag it wears.
TAGS: Mapping[str, str] = {
    "begun": "waiting",
    "asked": "active",
    "answered": "active",
    "awaiting": "waiting",
    "done": "done",
    "refused": "stopped",
    "withdrawn": "quiet",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim on the page of its order."""

    href: str
    what: str
    state_name: Sentence
    tag: str


@dataclass(frozen=True, slots=True)
class OnOrder:
    """The claims of an order. `new_href` is "" where nothing more can be claimed; `until` ends that."""

    rows: tuple[Listed, ...]
    new_href: str
    until: datetime | None


def address(name: str, order: UUID, token: str, *more: UUID) -> str:
    """A page of a claim, in the way the visitor came: by link or by log-in."""
    return url(f"shop:{name}_by_link", order, token, *more) if token else url(f"shop:{name}", order, *more)


@dataclass(frozen=True, slots=True)
class Replaces:
    """What an order was sent instead of: the order that was paid."""

    href: str
    number: str


def replaces(order: OrderShown, token: str) -> Replaces | None:
    """What an order that its buyer looks at was sent instead of; None, and nothing is read, for any other."""
    if order.gateway != REPLACEMENT or not order.is_buyer:
        return None
    found = replacement_of(order.id)
    if found is None:
        return None
    return Replaces(buyers_order(found.paid_order, token), found.number)


def buyers_order(order: UUID, token: str) -> str:
    """Another order of the same buyer, in the way they came."""
    return address("order", order, link_token(str(order), "order") if token else "")


def on_order(order: OrderShown, on: ClaimsOn, token: str) -> OnOrder:
    """What the page of an order says of claims: nothing to who is not its buyer."""
    if not order.is_buyer:
        return OnOrder((), "", None)
    lines = {line.id: line for line in order.lines}
    rows = tuple(
        Listed(
            address("claim", order.id, token, one.id),
            f"{KINDS[one.kind]} · {named(lines[one.line], one.packs)}",
            STATES[one.state],
            TAGS[one.state],
        )
        for one in on.claims
    )
    open_ = claimable(order, on)
    until = max((on.until[line.id] for line in open_), default=None)
    return OnOrder(rows, address("claim_new", order.id, token) if open_ else "", until)


def claimable(order: OrderShown, on: ClaimsOn) -> list[LineShown]:
    """The lines of which some packs can be claimed now."""
    moment = now()
    claimed: dict[UUID, int] = {}
    for one in on.claims:
        if one.state in STANDS:
            claimed[one.line] = claimed.get(one.line, 0) + one.packs
    return [
        line
        for line in order.lines
        if line.id in on.until and moment <= on.until[line.id] and claimed.get(line.id, 0) < line.quantity
    ]


def named(line: LineShown, packs: int) -> str:
    """So many packs of a line, by the name of its goods."""
    count = ngettext("%(count)s pack", "%(count)s packs", packs) % {"count": packs}
    return f"{said(line.name_zh, line.name_en)}, {count}"
