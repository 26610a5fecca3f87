"""Certificates of a product that the county has seen: entered, shown with their paper, taken back."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api.endpoints.desk import PRODUCT, managed_product
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, Given, Text, Word
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.desk import ProductSeen
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE

routes = Routes()

Number = Annotated[Text, Field(min_length=1, max_length=80)]


class CertificateSeen(Given):
    """A certificate, its first and its last day; `id` is a UUID that the caller makes."""

    id: UUID
    kind: Word
    number: Number
    issuer: Number
    since: date
    until: date


@routes.writes(
    "/counties/{county}/products/{product}/certificates", PRODUCT, scope="catalog.write", makes=True
)
def enter_certificate(call: Call, county: County, product: UUID, body: CertificateSeen) -> ProductSeen:
    """Enter a certificate that the county has seen."""
    managed_product(call, county, product)
    actions.enter_certificate(
        call.actor, certificate=body.id, product=product, kind=body.kind, number=body.number,
        issuer=body.issuer, since=body.since, until=body.until,
    )  # fmt: skip
    return managed_product(call, county, product)


@routes.writes(
    "/counties/{county}/products/{product}/certificates/{certificate}",
    PRODUCT,
    scope="catalog.write",
    method="PUT",
    takes=LARGEST_FILE,
    makes=True,
)
def enter_certificate_shown(
    call: Call,
    county: County,
    product: UUID,
    certificate: UUID,
    data: bytes,
    kind: Word,
    number: Number,
    issuer: Number,
    since: date,
    until: date,
) -> ProductSeen:
    """The same with a picture of it; `certificate` is a UUID that the caller makes."""
    managed_product(call, county, product)
    actions.enter_certificate(
        call.actor, certificate=certificate, product=product, kind=kind, number=number, issuer=issuer,
        since=since, until=until, data=data,
    )  # fmt: skip
    return managed_product(call, county, product)


@routes.writes(
    "/counties/{county}/products/{product}/certificates/{certificate}/withdraw",
    PRODUCT,
    scope="catalog.write",
)
def withdraw_certificate(call: Call, county: County, product: UUID, certificate: UUID) -> ProductSeen:
    """Show a certificate no longer."""
    if certificate not in {one.id for one in managed_product(call, county, product).certificates}:
        raise Missing(_("There is no such certificate."))
    actions.withdraw_certificate(call.actor, certificate=certificate)
    return managed_product(call, county, product)
