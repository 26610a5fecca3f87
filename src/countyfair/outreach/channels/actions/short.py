"""Orders whose goods are not there: sent from another offer, in part, or called off with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict, Invalid, Missing, SoldOut
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.mapping import MOST_PACKS
from countyfair.outreach.channels.actions.paying_back import pay_back
from countyfair.outreach.channels.actions.placing import outside
from countyfair.outreach.channels.models import Arrival, Connection
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.queries.arrivals import waiting_lines
from countyfair.outreach.channels.queries.shops import outlet_of
from countyfair.outreach.channels.rules.arriving import Waiting
from countyfair.outreach.channels.rules.short import cut
from countyfair.trade.orders import actions as orders


@verb
def send_another(actor: Actor, *, arrival: UUID, key: str, offer: UUID, packs: int = 1) -> None:
    """Send a line of a short order from another offer on that platform, so many packs a piece; this once.

    What the goods are stays as it was said for all other orders.

    Raises:
        Missing: no such order, or no such line.
        Forbidden: no `channel.manage` in its county.
        Invalid: an offer that is not put up there, or packs that cannot be.
        Conflict: it does not wait.
        SoldOut: there is too little of that, too; nothing changed.
    """
    row, shop, lines = _short(actor, arrival)
    if outlet_of(offer) != (row.county, shop.platform):
        raise Invalid(_("Choose an offer that is put up on this platform."), field="offer")
    if not 1 <= packs <= MOST_PACKS:
        raise Invalid(_("A piece is between 1 and 100 packs."), field="packs")
    if key not in {line.key for line in lines}:
        raise Missing(_("There is no such line in this order."))
    _take(
        actor, row, shop, [replace(one, offer=offer, packs=packs) if one.key == key else one for one in lines]
    )


@verb
def send_part(actor: Actor, *, arrival: UUID, pieces: Mapping[str, int]) -> None:
    """Send so many pieces of each line of a short order, by its key; the platform gives the rest back.

    What is missing is no part of the order here; the refund that the platform tells of it later is expected.

    Raises:
        Missing: no such order.
        Forbidden: no `channel.manage` in its county.
        Invalid: nothing left to send, more than was ordered, or nothing missing.
        Conflict: it does not wait.
        SoldOut: there is too little even of that; nothing changed.
    """
    row, shop, lines = _short(actor, arrival)
    wanted = {line.key: line.quantity for line in lines} | dict(pieces)
    if set(wanted) != {line.key for line in lines} or any(
        not 0 <= wanted[line.key] <= line.quantity for line in lines
    ):
        raise Invalid(
            _("Write for each line how many go out: none to as many as were ordered."), field="pieces"
        )
    left, missing_fen = cut(lines, wanted)
    if not left or not missing_fen:
        raise Invalid(
            _("Some must go out, and some be missing. Else send or call off the whole."), field="pieces"
        )
    row.cut_fen = missing_fen
    row.save(update_fields=["cut_fen"])
    _take(actor, row, shop, left)


@verb
def call_off_short(actor: Actor, *, arrival: UUID, reason: str) -> None:
    """Call a short order off for a reason of its platform, where somebody tells it. Again, nothing happens.

    Raises:
        Missing: no such order.
        Forbidden: no `channel.manage` in its county.
        Invalid: no reason that the platform knows.
        Conflict: it does not wait.
    """
    row, shop = _locked(actor, arrival)
    if row.standing == "called_off":
        return
    if reason not in PLATFORMS[shop.platform].reasons:
        raise Invalid(_("Choose one of the platform's reasons."), field="reason")
    _require_waiting(row)
    row.standing, row.why = "called_off", reason[:40]
    row.save(update_fields=["standing", "why"])


def _short(actor: Actor, arrival: UUID) -> tuple[Arrival, Connection, list[Waiting]]:
    row, shop = _locked(actor, arrival)
    _require_waiting(row)
    lines = waiting_lines(shop.id, arrivals=[row.id])
    if any(line.standing == "new" for line in lines):
        raise Conflict(_("Say first what these goods are."))
    return row, shop, [line for line in lines if line.offer is not None]


def _locked(actor: Actor, arrival: UUID) -> tuple[Arrival, Connection]:
    row = Arrival.objects.select_for_update(no_key=True).filter(id=arrival).first()
    if row is None:
        raise Missing(_("There is no such order."))
    actor.require("channel.manage", place=row.county)
    return row, Connection.objects.get(id=row.connection_id)


def _require_waiting(row: Arrival) -> None:
    if row.standing not in ("short", "refused", "unmapped"):
        raise Conflict(_("This order does not wait any more. Reload the page."))


def _take(actor: Actor, row: Arrival, shop: Connection, lines: Sequence[Waiting]) -> None:
    (taken,) = orders.take_outside(
        actor, county=row.county, outlet=shop.platform, seller=str(shop.id), orders=[outside(lines)]
    )
    if taken.outcome == "short":
        raise SoldOut(_("There is too little of that, too."), details={"left": dict(taken.left)})
    if taken.outcome == "refused":
        raise Conflict(_("This order cannot be taken in as it is."), code=taken.why)
    row.standing, row.why = "placed", ""
    row.save(update_fields=["standing", "why"])
    pay_back(
        actor, shop, row.id, number=row.number, before_fen=0, cut_fen=row.cut_fen, total_fen=row.refunded_fen
    )
