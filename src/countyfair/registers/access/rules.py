"""What a scope lets a token do: a table of scopes over the powers of roles, and an actor narrowed to them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Sentence

#: Begins every token, so that one that leaked is found by those who look for such.
MARK = "cf_"
#: The most days for which a token is made.
MOST_DAYS = 366
#: The most tokens that a person keeps at a time.
MOST_TOKENS = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """What it is called for people, and the powers it lets through where the person holds them.

    A scope without powers is about what is the person's own.
    """

    label: Sentence
    powers: frozenset[str] = frozenset()

    @property
    def own(self) -> bool:
        return not self.powers


def _scope(label: Sentence, powers: str = "") -> Scope:
    return Scope(label, frozenset(powers.split()))


SCOPES: dict[str, Scope] = {
    "own.read": _scope(_("Read my own orders, basket and household's account")),
    "own.write": _scope(_("Order and cancel for me, change my basket")),
    "catalog.read": _scope(_("Read products and offers of the desk"), "catalog.read"),
    "catalog.write": _scope(
        _("Change shops, products and offers"),
        "catalog.read catalog.manage catalog.offer stock.read shop.open household.read",
    ),
    "stock.read": _scope(_("Read lots"), "stock.read household.read station.read"),
    "stock.write": _scope(
        _("Weigh in, correct and write off lots"),
        "stock.read stock.weigh_in stock.correct stock.write_off household.read station.read",
    ),
    "orders.read": _scope(_("Read orders of the county"), "orders.read"),
    "orders.write": _scope(
        _("Pack, hand over, hand out, cancel and refund orders"),
        "orders.read orders.pack orders.hand_over orders.deliver orders.hand_out orders.return"
        " orders.cancel orders.refund logistics.scan logistics.read stock.write_off",
    ),
    "household.read": _scope(
        _("Read the register of households; each reading is on record"),
        "household.read household.identify",
    ),
    "household.write": _scope(_("Record what households agree to"), "household.read household.register"),
    "harvest.write": _scope(
        _("Announce harvests, open days and redeem codes for households"), "harvest.announce household.read"
    ),
    "trace.read": _scope(_("Read what lots went through, and recalls"), "trace.read orders.read"),
    "trace.write": _scope(
        _("Note what lots went through, call lots back"),
        "trace.read trace.note trace.recall stock.read stock.block orders.read",
    ),
    "till.write": _scope(
        _("Take and hand back cash, count the till"),
        "till.read till.count counter.take counter.refund orders.deliver",
    ),
    "payout.read": _scope(
        _("Read statements and payouts"),
        "payout.read settlement.read ledger.read payments.read household.read",
    ),
    "webhooks.read": _scope(_("Read which addresses hear of events, and the log of it"), "webhook.read"),
    "webhooks.write": _scope(
        _("Let addresses hear of events"),
        "webhook.read webhook.manage orders.read orders.refund catalog.read stock.read trace.read",
    ),
    "county.read": _scope(_("Read stations, their agents and organisations"), "station.read people.read"),
    "county.write": _scope(
        _("Open stations, register organisations"),
        "station.read people.read station.manage organisation.register",
    ),
    "terms.read": _scope(_("Read the county's terms"), "settlement.read logistics.read"),
    "terms.write": _scope(
        _("Set the county's terms: shares, freight, who bears what"),
        "terms.manage freight.manage settlement.read logistics.read",
    ),
    "payout.write": _scope(
        _("Prepare and send payouts, ask again for refunds that failed"),
        "payout.read settlement.read payout.prepare payout.confirm payments.read payments.manage",
    ),
}


def narrowed(actor: Actor, scopes: Collection[str], *, with_factor: bool) -> Actor:
    """The person as a token of these scopes may act: never more than they may themselves.

    Without a second factor shown when it was made, no role counts, as on pages.
    """
    powers = frozenset(power for scope in scopes if scope in SCOPES for power in SCOPES[scope].powers)
    grants = tuple(
        replace(grant, powers=grant.powers & powers) for grant in actor.grants if grant.powers & powers
    )
    return replace(actor, grants=grants if with_factor else ())


def scopes_for(actor: Actor) -> tuple[str, ...]:
    """The scopes that would let this person's token do something, in the table's order."""
    held = frozenset[str]().union(*(grant.powers for grant in actor.grants))
    return tuple(name for name, scope in SCOPES.items() if scope.own or scope.powers & held)


def new_secret() -> str:
    """The text of a new token: 256 random bits."""
    return MARK + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a token: with 256 random bits, a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()
