"""Certificates: the county enters what it has seen of a product, and takes back what no longer holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.keeping import keep_picture
from countyfair.trade.catalog.actions.listing import bear
from countyfair.trade.catalog.actions.products import product_for
from countyfair.trade.catalog.models import Certificate, Product
from countyfair.trade.catalog.rules.certificates import check, check_days
from countyfair.trade.catalog.rules.pictures import read_picture


@verb
def enter_certificate(
    actor: Actor,
    *,
    certificate: UUID,
    product: UUID,
    kind: str,
    number: str,
    issuer: str,
    since: date,
    until: date,
    data: bytes = b"",
) -> Certificate:
    """Enter a certificate of a product; buyers see it from `since` to `until`. Repeatable by its id.

    Only the county enters it, which has seen the paper: nobody vouches for goods of their own.

    Args:
        kind: one of `rules.certificates.KINDS`.
        data: a picture of it; the rules for photos hold (`add_photo`). Empty for none.

    Raises:
        Missing: no such product.
        Forbidden: no `catalog.manage` in its county.
        Invalid: a kind, a number, an issuer, days or a picture that cannot be.
        Conflict: the id was used for another one.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    row = _locked(actor, product)
    number, issuer = number.strip(), issuer.strip()
    check(kind, number, issuer)
    picture = read_picture(data) if data else None
    digest, width, height = (picture.digest, picture.width, picture.height) if picture else ("", 0, 0)
    said = (row.id, kind, number, issuer, since, until, digest)
    if first := Certificate.objects.filter(pk=certificate).first():
        if _said(first) != said:
            raise Conflict(_("This was entered before with other particulars."))
        return first
    there = Certificate.objects.filter(product=row, kind=kind, withdrawn_at__isnull=True)
    check_days(since, until, there.values_list("since", "until"))
    if picture:
        keep_picture(picture)
    made = Certificate.objects.create(
        id=certificate, product=row, county=row.county, kind=kind, number=number, issuer=issuer, since=since,
        until=until, digest=digest, width=width, height=height, entered_at=now(),
    )  # fmt: skip
    bear([row.id])
    return made


@verb
def withdraw_certificate(actor: Actor, *, certificate: UUID) -> None:
    """Show a certificate no longer, from this moment on. Twice is the same.

    Raises:
        Missing: no such certificate.
        Forbidden: no `catalog.manage` in its county.
    """
    row = Certificate.objects.filter(pk=certificate).first()
    if row is None:
        raise Missing(_("There is no such certificate."))
    _locked(actor, row.product_id)
    row.refresh_from_db()
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        bear([row.product_id])


def _locked(actor: Actor, product: UUID) -> Product:
    row = product_for(actor, product)
    actor.require("catalog.manage", place=row.county)
    return row


def _said(row: Certificate) -> tuple[object, ...]:
    return row.product_id, row.kind, row.number, row.issuer, row.since, row.until, row.digest
