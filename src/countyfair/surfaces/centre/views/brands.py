"""Regional brands: whose they are, how their mark looks, which shops may bear it and until when."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import LICENCES
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.pictures import smallest
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries import shops
from countyfair.trade.catalog.queries.brands import BrandSeen, brand, brands, ending_licences, licences
from countyfair.trade.catalog.queries.standards import standards
from countyfair.trade.catalog.rules.brands import ENDS_SOON_DAYS
from countyfair.trade.catalog.rules.grading import GRADES, OFF
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE


@page("catalog.read")
def brands_(desk: Desk) -> HttpResponse:
    """The county's brands, and the licences that end soon."""
    return desk.show(
        "brands",
        {
            "brands": brands(desk.actor, county=desk.county),
            "ending": ending_licences(desk.actor, county=desk.county),
            "soon": ENDS_SOON_DAYS,
            "today": today(),
            "grades": GRADES,
            "picture": smallest,
            "said": said,
        },
    )


@page("catalog.manage")
def add(desk: Desk) -> HttpResponse:
    """Enter a brand."""

    def act(given: Given) -> HttpResponse:
        standard = given.key("standard")
        if standard is None:
            given.errors.append(("standard", _("Choose the standard by which it is graded.")))
        once, data = ui.once(desk.request), _picture(desk)
        given.stop()
        actions.set_brand(
            desk.actor, brand=once, county=desk.county, name_zh=given.text("name_zh"),
            name_en=given.text("name_en"), holder=given.text("holder"), standard=standard or once,
            least=given.text("least"), data=data,
        )  # fmt: skip
        return desk.go("brand", once, said=_("The brand is entered. License shops to bear it next."))

    return desk.asks(lambda refusal: _form(desk, None, refusal), act)


@page("catalog.read")
def brand_(desk: Desk, key: UUID) -> HttpResponse:
    """One brand with its licences."""
    return _brand(desk, _own(desk, key))


@page("catalog.manage")
def change(desk: Desk, key: UUID) -> HttpResponse:
    """Say its next version; what was sold keeps the one before."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        believed, data = given.whole("believed"), _picture(desk)
        given.stop()
        actions.set_brand(
            desk.actor, brand=key, county=row.county, name_zh=given.text("name_zh"),
            name_en=given.text("name_en"), holder=given.text("holder"), standard=row.standard,
            least=row.least, data=data, believed=believed,
        )  # fmt: skip
        return desk.go("brand", key, said=_("Saved. What was sold keeps what it said then."))

    return desk.asks(lambda refusal: _form(desk, row, refusal), act)


@page("catalog.manage")
def end(desk: Desk, key: UUID) -> HttpResponse:
    """Let nothing bear it any more."""
    _own(desk, key)
    actions.end_brand(desk.actor, brand=key)
    return desk.go("brand", key, said=_("Nothing bears this mark any more."))


@page("catalog.manage")
def grant(desk: Desk, key: UUID) -> HttpResponse:
    """License a shop to bear it."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        shop, since, until = given.key("shop"), given.day("since"), given.day("until")
        for name, value in (("since", since), ("until", until)):
            if value is None:
                given.errors.append((name, _("Say the first and the last day of the licence.")))
        once = ui.once(desk.request)
        given.stop()
        actions.grant_licence(
            desk.actor, licence=once, brand=key, shop=shop or once, number=given.text("number"),
            since=since or today(), until=until or today(),
        )  # fmt: skip
        return desk.go("brand", key, said=_("The shop is licensed. Its offers may bear the mark."))

    return desk.asks(lambda refusal: _brand(desk, row, refusal), act)


@page("catalog.manage")
def withdraw(desk: Desk, key: UUID) -> HttpResponse:
    """Ask why, then take the mark off a shop at once."""
    found = licences(desk.actor, county=desk.county, licence=key, limit=1)
    if not found:
        raise Missing(_("There is no such licence."))
    (row,) = found

    def act(given: Given) -> HttpResponse:
        actions.withdraw_licence(desk.actor, licence=key, reason=given.text("reason"))
        return desk.go("brand", row.brand, said=_("The mark is taken off everywhere."))

    def show(refusal: Refusal | None) -> HttpResponse:
        return desk.show(
            "brand_withdraw", {"licence": row, "typed": desk.request.POST, "said": said}, refusal=refusal
        )

    return desk.asks(show, act)


def _own(desk: Desk, key: UUID) -> BrandSeen:
    return desk.own(lambda: brand(desk.actor, brand=key), lambda row: row.county)


def _picture(desk: Desk) -> bytes:
    """The mark's picture that was chosen; empty for none."""
    file = desk.request.FILES.get("photo")
    return file.read(LARGEST_FILE + 1) if file else b""


def _brand(desk: Desk, row: BrandSeen, refusal: Refusal | None = None) -> HttpResponse:
    manages = desk.at_county("catalog.manage") and row.ended_at is None
    return desk.show(
        "brand",
        {
            "brand": row,
            "licences": licences(desk.actor, county=desk.county, brand=row.id),
            "states": LICENCES,
            "manages": manages,
            "shops": [(one.id, said(one.name_zh, one.name_en)) for one in shops(county=row.county)]
            if manages
            else [],
            "grades": GRADES,
            "picture": smallest,
            "typed": {"since": today().isoformat(), **desk.request.POST.dict()},
            "said": said,
        },
        refusal=refusal,
    )


def _form(desk: Desk, row: BrandSeen | None, refusal: Refusal | None = None) -> HttpResponse:
    stands = {"name_zh": row.name_zh, "name_en": row.name_en, "holder": row.holder} if row else {}
    holding = [] if row else [one for one in standards(desk.actor, county=desk.county) if not one.ended_at]
    return desk.show(
        "brand_form",
        {
            "brand": row,
            "standards": [(one.id, said(one.name_zh, one.name_en)) for one in holding],
            "grades": [(key, word) for key, word in GRADES.items() if key != OFF],
            "typed": {**stands, **desk.request.POST.dict()},
            "said": said,
        },
        refusal=refusal,
    )
