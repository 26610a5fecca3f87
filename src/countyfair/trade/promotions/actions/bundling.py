"""Bundles: made, closed when their time is over, and forgotten by the offers that they named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.bulk import mark_bundled
from countyfair.trade.catalog.queries import shop_whole
from countyfair.trade.promotions.models import BundlePart, Promotion
from countyfair.trade.promotions.queries.bundles import sellable
from countyfair.trade.promotions.rules.bundling import BundleTerms, checked
from countyfair.trade.promotions.rules.discounts import Bearer


@verb
def make_bundle(actor: Actor, *, bundle: UUID, county: str, terms: BundleTerms) -> UUID:
    """Let packs of one shop cost less together. The same again changes nothing.

    Args:
        bundle: its id, made with the form.

    Raises:
        Forbidden: no `catalog.offer` in the county or at the shop's operator; or others than the households
            bear it, without `terms.manage` in the county.
        Missing: no such shop in this county.
        Invalid: terms that cannot be; at their field.
        Conflict: the id was used for something else.
    """
    whose = shop_whole(actor, shop=terms.shop)
    if whose.county != county:
        raise Missing(_("There is no such shop."))
    actor.require("catalog.offer", place=county, organisation=whose.organisation)
    if terms.bearer != Bearer.HOUSEHOLD:
        actor.require("terms.manage", place=county)
    content = blind(repr((county, astuple(terms))), "promotion")
    known = Promotion.objects.filter(id=bundle).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This was entered before with other particulars."))
        return bundle
    said = checked(terms, {row.offer: row.price_fen for row in sellable(county=county, shop=terms.shop)})
    mark_bundled(actor, county=county, offers=[offer for offer, _packs in said.parts], bundled=True)
    _create(bundle, county, said, content)
    return bundle


@verb
def close_bundles(actor: Actor, *, batch: int = 100) -> int:
    """End the bundles of a county whose time is over, so that nothing asks for them; answers how many.

    Their offers are locked before them, as by who makes or ends one. Again, nothing is left to end.
    """
    due = Promotion.objects.filter(kind="bundle", ended_at__isnull=True, closes_at__lte=now())
    first = due.order_by("closes_at", "id").first()
    if first is None:
        return 0
    keys = list(due.filter(county=first.county).order_by("id").values_list("id", flat=True)[:batch])
    release_parts(actor, bundles=keys, county=first.county)
    held = due.select_for_update(no_key=True).filter(id__in=keys).order_by("id")
    over = [row for row in held if row.ended_at is None]
    for row in over:
        row.ended_at = row.closes_at
    return Promotion.objects.bulk_update(over, ["ended_at"])


@verb
def release_parts(actor: Actor, *, bundles: Collection[UUID], county: str) -> None:
    """What only these bundles name, is named by none once they end. Offers are locked before them.

    Raises:
        Forbidden: as `make_bundle`.
    """
    named = BundlePart.objects.filter(promotion_id__in=bundles)
    parts = sorted(set(named.values_list("offer_id", flat=True)))
    mark_bundled(actor, county=county, offers=parts, bundled=True)
    others = BundlePart.objects.filter(offer_id__in=parts, promotion__ended_at__isnull=True)
    still = set(others.exclude(promotion_id__in=bundles).values_list("offer_id", flat=True))
    mark_bundled(actor, county=county, offers=[key for key in parts if key not in still], bundled=False)


def _create(bundle: UUID, county: str, said: BundleTerms, content: str) -> None:
    Promotion.objects.create(
        id=bundle, county=county, shop_id=said.shop, kind="bundle", name_zh=said.name_zh,
        name_en=said.name_en, bearer=said.bearer, bundle_fen=said.bundle_fen, opens_at=said.opens_at,
        closes_at=said.closes_at, content=content, made_at=now(),
    )  # fmt: skip
    BundlePart.objects.bulk_create(
        BundlePart(promotion_id=bundle, offer_id=offer, county=county, packs=packs)
        for offer, packs in said.parts
    )
