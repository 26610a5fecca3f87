"""Certificates of a product: entered by the county, taken back by it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.views.products import own_product
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.desk import ProductSeen
from countyfair.trade.catalog.rules.certificates import KINDS
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE


@page("catalog.manage")
def enter(desk: Desk, key: UUID) -> HttpResponse:
    """Enter a certificate that the county has seen."""
    row = own_product(desk, key)

    def act(given: Given) -> HttpResponse:
        since, until = given.day("since"), given.day("until")
        for name, value in (("since", since), ("until", until)):
            if value is None:
                given.errors.append((name, _("Say the first and the last day of the certificate.")))
        once, file = ui.once(desk.request), desk.request.FILES.get("photo")
        given.stop()
        actions.enter_certificate(
            desk.actor, certificate=once, product=key, kind=given.text("kind"), number=given.text("number"),
            issuer=given.text("issuer"), since=since or today(), until=until or today(),
            data=file.read(LARGEST_FILE + 1) if file else b"",
        )  # fmt: skip
        return desk.go("product", key, said=_("The certificate is entered."))

    return desk.asks(lambda refusal: _form(desk, row, refusal), act)


@page("catalog.manage")
def withdraw(desk: Desk, key: UUID) -> HttpResponse:
    """Show a certificate no longer."""
    row = own_product(desk, key)
    certificate = parse_uuid(desk.request.POST.get("certificate", ""))
    if certificate not in {one.id for one in row.certificates} or certificate is None:
        raise Missing(_("There is no such certificate."))
    actions.withdraw_certificate(desk.actor, certificate=certificate)
    return desk.go("product", key, said=_("The certificate is taken back."))


def _form(desk: Desk, row: ProductSeen, refusal: Refusal | None) -> HttpResponse:
    context = {
        "product": row,
        "kinds": list(KINDS.items()),
        "typed": {"since": today().isoformat(), **desk.request.POST.dict()},
        "once": desk.request.POST.get("once"),
        "said": said,
    }
    return desk.show("certificate_form", context, refusal=refusal)
