"""The day's work: what waits, each a link to its list; and the way in, by county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock, outbox
from countyfair.kernel.refusal import Forbidden, Sentence
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import ANY, Desk, kept_by, page
from countyfair.surfaces.centre.words import HANDLERS
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.trade.catalog.queries.counties import counties as selling
from countyfair.trade.orders import queries as orders
from countyfair.trade.orders.queries.claims import claims_waiting
from countyfair.trade.orders.rules.claims import Urgency, urgency
from countyfair.trade.settlement.queries import returned_unpaid


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing that waits: how many, where its list is, and whether it should worry somebody."""

    label: Sentence
    count: int
    href: str
    sign: str
    worry: bool = False


@staff
def counties(request: HttpRequest) -> HttpResponse:
    """To the county where one works; a list where there are several."""
    actor = actor_from(request)
    held = {grant.place[:6] for grant in actor.grants if grant.place is not None and len(grant.place) >= 6}
    codes = sorted({code for code in held if any(actor.may(power, place=code) for power in ANY)})
    if not codes or any(grant.place is not None and len(grant.place) < 6 for grant in actor.grants):
        reached = [code for code in selling(actor) if any(actor.may(power, place=code) for power in ANY)]
        codes = sorted({*codes, *reached})
    shops = sorted({row.county for row in kept_by(actor)} - set(codes))
    doors = [(code, reverse("centre:today", args=(code,))) for code in codes]
    doors += [(code, reverse("centre:products", args=(code,))) for code in shops]
    if len(doors) == 1:
        return HttpResponseRedirect(doors[0][1])
    if not doors and not any(grant.place is not None and len(grant.place) < 6 for grant in actor.grants):
        raise Forbidden(_("Your role does not open this page."))
    names = places.names({code for code, _href in doors})
    rows = [(code, names.get(code, code), href) for code, href in doors]
    return ui.render(request, "centre/counties.html", {"counties": rows}, surface="centre")


@page(*ANY)
def today(desk: Desk) -> HttpResponse:
    """What waits in the county today."""
    tiles = [*_trade(desk), *_claims(desk), *_money(desk)]
    late = outbox.lags() if desk.may("audit.read") else []
    return desk.show("today", {"tiles": tiles, "late": late, "handlers": HANDLERS, "today": clock.today()})


def _trade(desk: Desk) -> list[Tile]:
    if not desk.may("orders.read"):
        return []
    begins = datetime.combine(clock.today(), time.min, clock.COUNTY_ZONE)
    now = orders.today(desk.actor, county=desk.county, since=begins)
    listed = desk.at("orders")
    tiles = [
        Tile(_("Orders to pack"), now.to_pack, f"{listed}?state=paid", "package"),
        Tile(_("Parcels to hand over"), now.to_hand_over, f"{listed}?state=packed", "truck"),
        Tile(_("Orders not paid yet"), now.unpaid, f"{listed}?state=placed", "hourglass-medium"),
        Tile(
            _("Lost to a shortfall in seven days"), now.shortfalls, f"{listed}?short=1", "warning",
            now.shortfalls > 0,
        ),
    ]  # fmt: skip
    if desk.may("stock.read"):
        tiles.append(
            Tile(_("Lots weighed today"), now.lots, f"{desk.at('lots')}?since={clock.today()}", "scales")
        )
    if desk.may("payments.read"):
        address = f"{desk.at('refunds')}?state=failed"
        tiles.append(
            Tile(
                _("Refunds that failed"),
                now.refunds_failed,
                address,
                "arrow-u-up-left",
                now.refunds_failed > 0,
            )
        )
    return tiles


def _claims(desk: Desk) -> list[Tile]:
    """Buyers who wait for an answer; it worries once one of them has waited too long."""
    if not desk.may("orders.refund"):
        return []
    waiting = claims_waiting(desk.actor, county=desk.county)
    late = waiting.oldest is not None and urgency(waiting.oldest, clock.now()) is not Urgency.NEW
    return [Tile(_("Claims to answer"), waiting.asked, desk.at("claims"), "megaphone", late)]


def _money(desk: Desk) -> list[Tile]:
    if not desk.may("payout.read"):
        return []
    back = returned_unpaid(desk.actor, county=desk.county)
    address = f"{desk.at('payouts')}?returned=1"
    return [Tile(_("Payouts that the bank returned"), back, address, "bank", back > 0)]
