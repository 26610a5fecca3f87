"""Regional brands: what they are, which shops may bear their marks, and which offers do."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.keeping import keep_picture
from countyfair.trade.catalog.actions.listing import bear
from countyfair.trade.catalog.models import (
    Brand,
    BrandLicence,
    BrandVersion,
    Offer,
    Shop,
    Standard,
    StandardVersion,
)
from countyfair.trade.catalog.rules.brands import check_days, grades_of
from countyfair.trade.catalog.rules.grading import from_json
from countyfair.trade.catalog.rules.pictures import read_picture

#: What of a brand goes by version.
_SAID = ("name_zh", "name_en", "holder", "digest", "width", "height")


@verb
def set_brand(
    actor: Actor,
    *,
    brand: UUID,
    county: str,
    name_zh: str,
    holder: str,
    standard: UUID,
    least: str,
    name_en: str = "",
    data: bytes = b"",
    believed: int = 0,
) -> Brand:
    """Enter a brand, or say its next version; what was sold keeps the version that it was sold under.

    Args:
        brand: its id, made with the form of its first version. The same again changes nothing.
        standard, least: by which standard of the county and from which of its grades up it may be borne;
            they stay as they are: licences were given on them.
        data: the mark's picture; empty keeps the one there is. The rules for photos hold (`add_photo`).
        believed: the version that the caller saw, 0 for a new brand.

    Raises:
        Forbidden: no `catalog.manage` in the county.
        Invalid: a name, a holder, a standard, a grade or a picture that cannot be.
        Missing: no such brand.
        Stale: somebody said another version meanwhile.
        Conflict: the id is another's, its terms are others, or it ended.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    actor.require("catalog.manage", place=county)
    said = _checked(name_zh, name_en, holder)
    row = Brand.objects.select_for_update(no_key=True).filter(pk=brand).first()
    if row is None:
        if believed:
            raise Missing(_("There is no such brand."))
        _check_terms(county, standard, least)
        row = Brand(id=brand, county=county, standard_id=standard, least=least, version=0)
    elif (row.county, row.standard_id, row.least) != (county, standard, least):
        raise Conflict(_("The standard and the least grade of a brand stay. Enter another brand for others."))
    picture = read_picture(data) if data else None
    kept = (picture.digest, picture.width, picture.height) if picture else (row.digest, row.width, row.height)
    if row.version in (believed, believed + 1) and row.version and _now(row) == (*said, *kept):
        return row
    if row.ended_at is not None:
        raise Conflict(_("This brand has ended."))
    if row.version != believed:
        raise Stale(_("Somebody has just set another version. Look again."), details={"version": row.version})
    if picture:
        keep_picture(picture)
    for name, value in zip(_SAID, (*said, *kept), strict=True):
        setattr(row, name, value)
    row.version += 1
    row.save()
    BrandVersion.objects.create(
        brand=row, county=county, version=row.version, since=now(),
        **{name: getattr(row, name) for name in _SAID},
    )  # fmt: skip
    return row


@verb
def end_brand(actor: Actor, *, brand: UUID) -> None:
    """Let nothing bear it any more, from this moment on; what was sold keeps it. Twice is the same.

    Raises:
        Missing: no such brand.
        Forbidden: no `catalog.manage` in its county.
    """
    row = _locked(actor, brand)
    if row.ended_at is None:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        bear(_bearing(brand))


@verb
def grant_licence(
    actor: Actor, *, licence: UUID, brand: UUID, shop: UUID, number: str, since: date, until: date
) -> BrandLicence:
    """License a shop to bear a brand's mark, both days included. Repeatable by its id.

    Raises:
        Missing: no such brand.
        Forbidden: no `catalog.manage` in its county.
        Invalid: a shop, a number or days that cannot be; of one shop's licences no two hold on one day.
        Conflict: the brand ended, its number is taken, or the id was used for another one.
    """
    row = _locked(actor, brand)
    number = number.strip()
    if first := BrandLicence.objects.filter(pk=licence).first():
        if _terms(first) != (brand, shop, number, since, until):
            raise Conflict(_("This was entered before with other particulars."))
        return first
    if row.ended_at is not None:
        raise Conflict(_("This brand has ended."))
    if not Shop.objects.filter(pk=shop, county=row.county, closed_on__isnull=True).exists():
        raise Invalid(_("Choose an open shop of this county."), field="shop")
    if not number or len(number) > 40:
        raise Invalid(_("Give the number of the certificate, at most 40 characters."), field="number")
    if BrandLicence.objects.filter(brand=row, number=number).exists():
        raise Conflict(_("Another licence of this brand has this number."), field="number")
    there = BrandLicence.objects.filter(brand=row, shop_id=shop, withdrawn_at__isnull=True)
    check_days(since, until, there.values_list("since", "until"))
    made = BrandLicence.objects.create(
        id=licence, brand=row, shop_id=shop, county=row.county, number=number, since=since, until=until,
        granted_at=now(),
    )  # fmt: skip
    bear(_bearing(brand, shop))
    return made


@verb
def withdraw_licence(actor: Actor, *, licence: UUID, reason: str) -> BrandLicence:
    """Take a brand's mark off a shop at once: this licence, and those of the shop that follow it.

    Who orders at this moment either is served before, and keeps the mark, or buys without it. Repeating
    it changes nothing; the first reason stands.

    Raises:
        Missing: no such licence.
        Forbidden: no `catalog.manage` in its county.
        Invalid: no reason.
        Conflict: it is over.
    """
    found = BrandLicence.objects.filter(pk=licence).first()
    if found is None:
        raise Missing(_("There is no such licence."))
    actor.require("catalog.manage", place=found.county)
    if not reason.strip() or len(reason.strip()) > 200:
        raise Invalid(_("Say why, in at most 200 characters."), field="reason")
    of_shop = BrandLicence.objects.select_for_update(no_key=True).filter(
        brand_id=found.brand_id, shop_id=found.shop_id, since__gte=found.since
    )
    rows = {row.id: row for row in of_shop.order_by("id")}
    first, moment = rows[licence], now()
    if first.withdrawn_at is not None:
        return first
    if first.until < today():
        raise Conflict(_("This licence is over. There is nothing to withdraw."))
    for row in rows.values():
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_reason, row.withdrawn_by = moment, reason.strip(), actor.key
            row.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
    bear(_bearing(first.brand_id, first.shop_id))
    return first


def _bearing(brand: UUID, shop: UUID | None = None) -> set[UUID]:
    """The products whose offers on sale are to bear a brand's mark, of one shop or of all."""
    offers = Offer.objects.filter(brand_id=brand, state="on")
    offers = offers.filter(product__shop_id=shop) if shop else offers
    return set(offers.values_list("product_id", flat=True))


def _locked(actor: Actor, brand: UUID) -> Brand:
    row = Brand.objects.select_for_update(no_key=True).filter(pk=brand).first()
    if row is None:
        raise Missing(_("There is no such brand."))
    actor.require("catalog.manage", place=row.county)
    return row


def _checked(name_zh: str, name_en: str, holder: str) -> tuple[str, str, str]:
    name_zh, name_en, holder = name_zh.strip(), name_en.strip(), holder.strip()
    if not name_zh or len(name_zh) > 40 or len(name_en) > 80:
        raise Invalid(_("Give the brand a name of at most 40 characters."), field="name_zh")
    if not holder or len(holder) > 80:
        raise Invalid(_("Say whose brand it is, in at most 80 characters."), field="holder")
    return name_zh, name_en, holder


def _check_terms(county: str, standard: UUID, least: str) -> None:
    """The standard is one of the county's that holds, and the grade one of its grades."""
    row = Standard.objects.filter(pk=standard, county=county, ended_at__isnull=True).first()
    if row is None:
        raise Invalid(_("Choose a standard of this county that holds."), field="standard")
    grades_of(least)
    kept = StandardVersion.objects.get(standard=row, version=row.version)
    if least not in {grade.key for grade in from_json(kept.terms).grades}:
        raise Invalid(_("Choose one of the standard's grades."), field="least")


def _now(row: Brand) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _SAID)


def _terms(row: BrandLicence) -> tuple[object, ...]:
    return row.brand_id, row.shop_id, row.number, row.since, row.until
