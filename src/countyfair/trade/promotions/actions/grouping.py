"""Groups: opened, filled by the last payment, closed when their time is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.promotions.actions.announcing import announce_at
from countyfair.trade.promotions.events import GroupClosed
from countyfair.trade.promotions.models import Promotion
from countyfair.trade.promotions.queries.groups import offered
from countyfair.trade.promotions.rules.discounts import Bearer
from countyfair.trade.promotions.rules.grouping import GroupTerms, checked


@verb
def open_group(actor: Actor, *, group: UUID, county: str, terms: GroupTerms) -> UUID:
    """Open a group: whoever has its link may join. The same again changes nothing.

    Args:
        group: its id, made with the form.

    Raises:
        Forbidden: no `catalog.offer` in the county or at the shop's operator; or others than the households
            bear it, without `terms.manage` in the county.
        Missing: the county has no such offer on sale in the shop.
        Invalid: terms that cannot be; at their field.
        Conflict: the id was used for something else.
    """
    sold = offered(county=county, offer=terms.offer)
    if sold is None:
        raise Missing(_("There is no such offer on sale."))
    said = checked(terms, sold.price_fen)
    actor.require("catalog.offer", place=county, organisation=sold.organisation)
    if said.bearer != Bearer.HOUSEHOLD:
        actor.require("terms.manage", place=county)
    content = blind(repr((county, astuple(said))), "promotion")
    known = Promotion.objects.filter(id=group).first()
    if known is None:
        announce_at(actor, county=county, shop=sold.shop)
        _create(group, county, sold.shop, said, content)
    elif known.content != content:
        raise Conflict(_("This was entered before with other particulars."))
    return group


@verb
def hold_groups(actor: Actor, *, groups: Collection[UUID]) -> dict[UUID, tuple[str, int]]:
    """Lock groups by key, before any stock; answers how each stands, and how many members it needs.

    For orders whose payments came: the last of them fills the group.
    """
    rows = Promotion.objects.select_for_update(no_key=True).filter(id__in=list(groups)).order_by("id")
    return {row.id: (row.gathered, row.limit_total or 0) for row in rows}


@verb
def fill_group(actor: Actor, *, group: UUID) -> None:
    """All members of a group have paid. Full or failed already, nothing happens."""
    _close(group, "full")


@verb
def close_groups(actor: Actor, *, batch: int = 100) -> int:
    """Fail the groups whose time is over before all had paid; answers how many."""
    due = (
        Promotion.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(gathered="gathering", closes_at__lte=now())
        .order_by("id")
        .values_list("id", flat=True)[:batch]
    )
    return sum(_close(group, "failed") for group in list(due))


def _close(group: UUID, outcome: str) -> bool:
    row = Promotion.objects.select_for_update(no_key=True).get(id=group)
    if row.gathered != "gathering":
        return False
    row.gathered = outcome
    row.save(update_fields=["gathered"])
    announce(GroupClosed(group, outcome), county=row.county)
    return True


def _create(group: UUID, county: str, shop: UUID, said: GroupTerms, content: str) -> None:
    Promotion.objects.create(
        id=group, county=county, shop_id=shop, kind="group", name_zh=said.name_zh, name_en=said.name_en,
        bearer=said.bearer, offer_id=said.offer, group_fen=said.group_fen, gathered="gathering",
        limit_total=said.needed, limit_each=1, opens_at=said.opens_at, closes_at=said.closes_at,
        content=content, made_at=now(),
    )  # fmt: skip
