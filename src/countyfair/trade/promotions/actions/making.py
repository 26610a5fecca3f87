"""Making promotions and ending them."""

from __future__ import annotations

from dataclasses import astuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.queries import shop_whole
from countyfair.trade.promotions.actions.announcing import announce_at
from countyfair.trade.promotions.actions.bundling import release_parts
from countyfair.trade.promotions.models import Promotion
from countyfair.trade.promotions.rules.discounts import Bearer
from countyfair.trade.promotions.rules.making import CouponTerms, checked


@verb
def make_coupon(actor: Actor, *, coupon: UUID, county: str, terms: CouponTerms) -> UUID:
    """Give out a coupon. The same again changes nothing.

    Args:
        coupon: its id, made with the form.

    Raises:
        Forbidden: no `catalog.offer` in the county or at the shop's operator; or others than the households
            bear it, without `terms.manage` in the county.
        Missing: no such shop in this county.
        Invalid: terms that cannot be, or a code that the county has used before; at its field.
        Conflict: the id was used for something else.
    """
    said = checked(terms)
    organisation = None
    if said.shop is not None:
        whose = shop_whole(actor, shop=said.shop)
        organisation = whose.organisation
        if whose.county != county:
            raise Missing(_("There is no such shop."))
    actor.require("catalog.offer", place=county, organisation=organisation)
    if said.bearer != Bearer.HOUSEHOLD:
        actor.require("terms.manage", place=county)
    content = blind(repr((county, astuple(said))), "promotion")
    known = Promotion.objects.filter(id=coupon).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This was entered before with other particulars."))
        return coupon
    if said.public:
        announce_at(actor, county=county, shop=said.shop)
    try:
        with transaction.atomic():
            _create(coupon, county, said, content)
    except IntegrityError as error:
        raise Invalid(
            _("This code was given out before in this county. Choose another one."), field="code"
        ) from error
    return coupon


@verb
def end_promotion(actor: Actor, *, promotion: UUID) -> None:
    """Let nobody use it from now on; what was bought with it stays as it is. Ended already, nothing happens.

    Raises:
        Missing: there is none.
        Forbidden: no `catalog.offer` in its county or at its shop's operator.
    """
    row = Promotion.objects.filter(id=promotion).first()
    if row is None:
        raise Missing(_("There is no such promotion."))
    organisation = shop_whole(actor, shop=row.shop_id).organisation if row.shop_id else None
    actor.require("catalog.offer", place=row.county, organisation=organisation)
    if row.kind == "bundle" and row.ended_at is None:
        release_parts(actor, bundles=[row.id], county=row.county)
    row = Promotion.objects.select_for_update(no_key=True).get(id=promotion)
    if row.ended_at is None:
        row.ended_at = now()
        row.version += 1
        row.save(update_fields=["ended_at", "version"])


def _create(coupon: UUID, county: str, said: CouponTerms, content: str) -> None:
    Promotion.objects.create(
        id=coupon, county=county, shop_id=said.shop, kind="coupon", name_zh=said.name_zh,
        name_en=said.name_en, code=said.code, bearer=said.bearer, percent=said.percent, off_fen=said.off_fen,
        least_fen=said.least_fen, most_fen=said.most_fen, limit_total=said.limit_total,
        limit_each=said.limit_each, public=said.public, opens_at=said.opens_at, closes_at=said.closes_at,
        content=content, made_at=now(),
    )  # fmt: skip
