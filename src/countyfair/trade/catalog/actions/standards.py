"""Product standards: set by version, ended, and shown by pictures."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.keeping import keep_picture
from countyfair.trade.catalog.models import GradePicture, Product, Standard, StandardVersion
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.grading import GRADES, StandardTerms, checked, to_json
from countyfair.trade.catalog.rules.pictures import read_picture

#: The guide shows a grade in at most so many pictures.
MOST_PICTURES = 4


@verb
def set_standard(
    actor: Actor,
    *,
    standard: UUID,
    county: str,
    name_zh: str,
    terms: StandardTerms,
    name_en: str = "",
    product: UUID | None = None,
    category: str = "",
    believed: int = 0,
) -> Standard:
    """Grade what is weighed from now on by these terms; lots weighed before keep their grade.

    Args:
        standard: its id, made with the form of its first version. The same again changes nothing.
        product, category: of one product, or of all of a category's that have none of their own.
        believed: the version that the caller saw, 0 for a new standard.

    Raises:
        Forbidden: no `catalog.manage` in the county.
        Invalid: terms, a name or a subject that cannot be.
        Stale: somebody set another version meanwhile.
        Conflict: the subject has a standard, the id is another's, or the standard ended.
    """
    actor.require("catalog.manage", place=county)
    said = to_json(checked(terms))
    if not name_zh.strip() or len(name_zh.strip()) > 80 or len(name_en.strip()) > 120:
        raise Invalid(_("Give the standard a name of at most 80 characters."), field="name_zh")
    row = Standard.objects.select_for_update(no_key=True).filter(pk=standard).first()
    if row is None:
        if believed:
            raise Missing(_("There is no such standard."))
        _check_subject(county, product, category)
        row = Standard(id=standard, county=county, product_id=product, category=category, version=0)
    elif (row.county, row.product_id, row.category) != (county, product, category):
        raise Conflict(_("This was entered before with other particulars."))
    elif _is_said(row, name_zh, name_en, said) and row.version in (believed, believed + 1):
        return row
    if row.ended_at is not None:
        raise Conflict(_("This standard has ended. Set a new one."))
    if row.version != believed:
        raise Stale(_("Somebody has just set another version. Look again."), details={"version": row.version})
    row.name_zh, row.name_en = name_zh.strip(), name_en.strip()
    row.version += 1
    _save(row)
    StandardVersion.objects.create(standard=row, county=county, version=row.version, terms=said, since=now())
    return row


@verb
def end_standard(actor: Actor, *, standard: UUID) -> None:
    """Grade nothing by it any more; lots keep what they were graded.

    Raises:
        Missing: no such standard.
        Forbidden: no `catalog.manage` in its county.
    """
    row = _locked(actor, standard)
    if row.ended_at is None:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])


@verb
def add_grade_picture(
    actor: Actor, *, picture: UUID, standard: UUID, grade: str, data: bytes
) -> GradePicture:
    """Show how a grade looks. Repeatable by its id; the rules for photos hold (`add_photo`).

    Raises:
        Missing, Forbidden: no such standard, or no `catalog.manage` in its county.
        Invalid: no such grade, or no picture that we take.
        Conflict: the grade has 4 pictures, or the id was used for another one.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    row = _locked(actor, standard)
    if grade not in GRADES:
        raise Invalid(_("Choose one of the standard's grades."), field="grade")
    read = read_picture(data)
    if first := GradePicture.objects.filter(pk=picture).first():
        if (first.standard_id, first.grade, first.digest) != (standard, grade, read.digest):
            raise Conflict(_("This was entered before with another picture."))
        return first
    there = GradePicture.objects.filter(standard=row, grade=grade, withdrawn_at__isnull=True)
    if there.count() >= MOST_PICTURES:
        raise Conflict(_("A grade has at most 4 pictures. Take one away first."))
    keep_picture(read)
    return GradePicture.objects.create(
        id=picture, standard=row, county=row.county, grade=grade, digest=read.digest, width=read.width,
        height=read.height,
    )  # fmt: skip


@verb
def withdraw_grade_picture(actor: Actor, *, picture: UUID) -> None:
    """Show a picture of the guide no longer.

    Raises:
        Missing: no such picture.
        Forbidden: no `catalog.manage` in its county.
    """
    row = GradePicture.objects.filter(pk=picture).first()
    if row is None:
        raise Missing(_("There is no such picture."))
    actor.require("catalog.manage", place=row.county)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])


def _locked(actor: Actor, standard: UUID) -> Standard:
    row = Standard.objects.select_for_update(no_key=True).filter(pk=standard).first()
    if row is None:
        raise Missing(_("There is no such standard."))
    actor.require("catalog.manage", place=row.county)
    return row


def _check_subject(county: str, product: UUID | None, category: str) -> None:
    if (product is None) == (category == "") or (category and category not in CATEGORIES):
        raise Invalid(_("Choose one product, or one category."), field="subject")
    goods = Product.objects.filter(county=county, kind="goods")
    if product is not None and not goods.filter(pk=product).exists():
        raise Invalid(_("Choose one of this county's goods."), field="subject")
    rivals = Standard.objects.filter(county=county, category=category)
    rivals = rivals.filter(product__isnull=True) if product is None else rivals.filter(product_id=product)
    if rivals.filter(ended_at__isnull=True).exists():
        raise _there()


def _there() -> Conflict:
    return Conflict(_("It has a standard already. Set that one's next version."), field="subject")


def _save(row: Standard) -> None:
    """Write the standard; who made one of the same subject at the same moment is seen once they are done."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _there() from error


def _is_said(row: Standard, name_zh: str, name_en: str, said: object) -> bool:
    """Whether the version that holds says just this."""
    if (row.name_zh, row.name_en) != (name_zh.strip(), name_en.strip()):
        return False
    return StandardVersion.objects.filter(standard=row, version=row.version, terms=said).exists()
