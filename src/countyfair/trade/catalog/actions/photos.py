"""Photos: the files first, whole or not at all, then the row."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.keeping import keep_picture
from countyfair.trade.catalog.actions.products import product_for
from countyfair.trade.catalog.models import Photo
from countyfair.trade.catalog.rules.pictures import read_picture

MOST_PHOTOS = 12


@verb
def add_photo(
    actor: Actor, *, photo: UUID, product: UUID, data: bytes, alt_zh: str = "", alt_en: str = ""
) -> Photo:
    """Add a photo to a product, after those it has. Repeatable by its id.

    Args:
        data: the file as it was sent; JPEG, PNG, WebP or AVIF up to 10 MB and 40 million pixels.
        alt_zh: what is to be seen, for those who do not see it.

    Raises:
        Missing, Forbidden: no such product, or not the actor's to manage.
        Invalid: what was sent is no picture that we take.
        Conflict: the product has 12 photos, or the id was used for another one.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    row = product_for(actor, product)
    if len(alt_zh) > 120 or len(alt_en) > 160:
        raise Invalid(_("Describe the picture in at most 120 characters."), field="alt_zh")
    picture = read_picture(data)
    if first := Photo.objects.filter(pk=photo).first():
        if (first.product_id, first.digest) != (product, picture.digest):
            raise Conflict(_("This was entered before with another picture."))
        return first
    there = Photo.objects.filter(product=row, withdrawn_at__isnull=True)
    if there.count() >= MOST_PHOTOS:
        raise Conflict(_("A product has at most 12 photos. Take one away first."))
    keep_picture(picture)
    last = there.aggregate(last=Max("place_in_row"))["last"]
    return Photo.objects.create(
        id=photo,
        product=row,
        county=row.county,
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        alt_zh=alt_zh.strip(),
        alt_en=alt_en.strip(),
        place_in_row=0 if last is None else last + 1,
    )


@verb
def withdraw_photo(actor: Actor, *, photo: UUID) -> None:
    """Show a photo no longer. Its files stay: another product may show the same picture.

    Raises:
        Missing: no such photo.
        Forbidden: not the actor's to manage.
    """
    row = Photo.objects.filter(pk=photo).first()
    if row is None:
        raise Missing(_("There is no such photo."))
    product_for(actor, row.product_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
