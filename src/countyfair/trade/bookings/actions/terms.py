"""By what rule bookings of a service may be called off."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.verbs import verb
from countyfair.registers.people import queries as people
from countyfair.trade.bookings.models import Terms
from countyfair.trade.bookings.queries import rule_of
from countyfair.trade.bookings.rules import Rule, checked
from countyfair.trade.stock.actions import ANNOUNCES
from countyfair.trade.stock.queries.services import host_of


@verb
def set_rule(actor: Actor, *, household: UUID, product: UUID, rule: Rule) -> None:
    """Let bookings of a service made from now on be called off by this rule. The same again is nothing.

    By the household that is its host, with `harvest.announce` at its place, or with `catalog.offer`.

    Raises:
        Forbidden: none of these.
        Missing: no such household or service.
        Invalid: not a service of this household, or a rule that cannot be.
    """
    whose, host = people.household(actor, household_id=household), host_of(product)
    if actor.user_id is None or actor.user_id != whose.user_id:
        actor.require(ANNOUNCES, place=whose.place)
    if host.kind != "service" or household not in (host.shop_household, host.host):
        raise Invalid(_("Choose one of this household's services."), field="product")
    said = checked(rule)
    versions = Terms.objects.filter(product_id=product)
    if versions.exists() and rule_of(product) == said:
        return
    last = versions.order_by("-version").values_list("version", flat=True).first() or 0
    Terms.objects.create(
        county=host.county, product_id=product, version=last + 1,
        tiers=[list(tier) for tier in said.tiers], no_show_percent=said.no_show_percent, since=now(),
    )  # fmt: skip
