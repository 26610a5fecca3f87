"""Offers: put up at outlets, priced by version, capped, taken down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal, Sentence
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment_if_any, by_moment, leaf
from countyfair.surfaces.centre.words import OFFERS, OUTLETS
from countyfair.surfaces.ui.formats import local, moment, money, said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.queries.brands import Licensed, licensed
from countyfair.trade.catalog.queries.desk import PackSeen, ProductSeen, product_whole
from countyfair.trade.catalog.queries.standards import StandardSeen, standard_and_licences
from countyfair.trade.catalog.rules.grading import GRADES
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as stock_queries
from countyfair.trade.stock.actions.offering import Outlet, put_up_and_feed


@page("catalog.read", own=True)
def offers(desk: Desk) -> HttpResponse:
    """Offers, the latest put up first, with what can be sold now; filters: state."""
    return offer_list(desk)


def offer_list(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    """The list that the address asks for; `refusal` is what an edit of its ticked rows was told."""
    asked = Given(desk.request.GET)
    found = queries.offers(
        desk.actor,
        county=desk.county,
        state=asked.text("state") if "state" in desk.request.GET else "on",
        product=asked.key("product"),
        before=after_moment_if_any(desk.request),
        limit=ROWS + 1,
    )
    return desk.show(
        "offers",
        {
            "leaf": leaf(
                desk.request, found, lambda row: by_moment(row.put_up_at, row.id), path=desk.at("offers")
            ),
            "packs": stock_queries.availability([row.id for row in found]),
            "asked": desk.request.GET,
            "states": OFFERS,
            "outlets": OUTLETS,
            "said": said,
            "ticked": {text.partition(":")[0] for text in desk.request.POST.getlist("offer")},
            "moved": _moved(refusal),
            "typed": desk.request.POST,
            "once": desk.request.POST.get("once") if isinstance(refusal, Invalid) else None,
        },
        refusal=refusal,
    )


def _moved(refusal: Refusal | None) -> dict[str, dict[str, int]]:
    """The offers that somebody changed since they were seen, with what holds and what was wanted."""
    found = refusal.details.get("offers", []) if isinstance(refusal, Conflict) else []
    return {str(one["offer"]): one for one in found} if isinstance(found, list) else {}


@page("catalog.read", own=True)
def offer(desk: Desk, key: UUID) -> HttpResponse:
    """One offer: its terms, what feeds it, and the forms that change both."""
    return _offer(desk, key)


@page("catalog.offer", own=True)
def put_up(desk: Desk, pack: UUID, product: UUID) -> HttpResponse:
    """Put a pack up at one outlet or several, each under its own cap."""
    row = desk.own(lambda: product_whole(desk.actor, product=product), lambda found: found.county)
    box = next((one for one in row.packs if one.id == pack), None)
    if box is None:
        raise Missing(_("There is no such pack."))

    def act(given: Given) -> HttpResponse:
        terms = _terms(given)
        outlets = [_outlet(given, outlet, row.unit) for outlet in given.many("outlets") if outlet in OUTLETS]
        given.stop()
        put_up_and_feed(desk.actor, pack=pack, outlets=outlets, **terms)
        return desk.go("product", product, said=_("It is on sale."))

    return desk.asks(lambda refusal: _putting_up(desk, row, box, refusal), act)


@page("catalog.offer", own=True)
def change(desk: Desk, key: UUID) -> HttpResponse:
    """Change price and terms from the version that was seen; when it moved on, both are shown."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        version, terms = given.whole("version"), _terms(given)
        given.stop()
        catalog.change_offer(desk.actor, offer=key, version=version, **terms)
        return desk.go("offer", key, said=_("The offer is changed."))

    return desk.asks(lambda refusal: _offer(desk, row.id, refusal), act)


@page("catalog.offer", own=True)
def cap(desk: Desk, key: UUID) -> HttpResponse:
    """Set what the outlet may draw; an offer that nothing feeds yet is fed."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        wanted = given.amount_if_any("cap", row.unit)
        believed = given.whole("believed") if given.text("believed") else None
        given.stop()
        if given.text("fed"):
            stock.change_cap(desk.actor, offer=key, cap=wanted, believed=believed)
        else:
            stock.feed(desk.actor, offer=key, cap=wanted)
        return desk.go("offer", key, said=_("The cap is set."))

    return desk.asks(lambda refusal: _offer(desk, key, refusal), act)


@page("catalog.offer", own=True)
def grades(desk: Desk, key: UUID) -> HttpResponse:
    """Say which grades it draws on, and how they are blended."""
    _own(desk, key)

    def act(given: Given) -> HttpResponse:
        percent = given.whole("blend_percent") if given.text("blend_percent") else 0
        given.stop()
        stock.set_grades(
            desk.actor, offer=key, takes=given.many("takes"), blend_grade=given.text("blend_grade"),
            blend_percent=percent,
        )  # fmt: skip
        return desk.go("offer", key, said=_("It draws on these grades from now on."))

    return desk.asks(lambda refusal: _offer(desk, key, refusal), act)


@page("catalog.offer", own=True)
def brand(desk: Desk, key: UUID) -> HttpResponse:
    """Let it bear a brand's mark, or none."""
    _own(desk, key)

    def act(given: Given) -> HttpResponse:
        wanted = given.key("brand")
        given.stop()
        stock.bear_brand(desk.actor, offer=key, brand=wanted)
        return desk.go("offer", key, said=_("It bears the mark.") if wanted else _("It bears no mark."))

    return desk.asks(lambda refusal: _offer(desk, key, refusal), act)


@page("catalog.offer", own=True)
def take_down(desk: Desk, key: UUID) -> HttpResponse:
    """Take an offer off its shelf."""
    _own(desk, key)
    catalog.take_down(desk.actor, offer=key)
    return desk.go("offer", key, said=_("It is taken down."))


def _own(desk: Desk, key: UUID) -> queries.OfferRow:
    found = queries.offers(desk.actor, county=desk.county, offer=key, limit=1)
    if not found:
        raise Missing(_("There is no such offer."))
    return found[0]


def _offer(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = _own(desk, key)
    supply = None
    if desk.may("stock.read"):
        supplies = stock_queries.supplies(desk.actor, county=desk.county, product=row.product)
        supply = next((one for one in supplies if one.offer == key), None)
    standard, may = standard_and_licences(row.product) if supply else (None, [])
    if row.brand and not standard:
        may = licensed(row.product)
    changed = refusal if isinstance(refusal, Conflict) and refusal.code == "changed" else None
    return desk.show(
        "offer",
        {
            "offer": row,
            "supply": supply,
            "grades": _grades(desk, standard, supply) if standard and supply else None,
            "marks": _marks(row, may),
            "changed": changed,
            "sides": _sides(desk, row) if changed else [],
            "typed": _typed(desk, row),
            "states": OFFERS,
            "outlets": OUTLETS,
            "said": said,
        },
        refusal=refusal,
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One term of an offer in both versions, in words."""

    label: Sentence
    now: str
    wanted: str

    @property
    def differs(self) -> bool:
        return self.now != self.wanted


def _sides(desk: Desk, row: queries.OfferRow) -> list[Side]:
    """What holds by now beside what was sent; what was sent has been read before."""
    terms = _terms(Given(desk.request.POST))

    def when(at: datetime | None, otherwise: str) -> str:
        return moment(at) if at else otherwise

    at_once, open_end = gettext("at once"), gettext("open end")
    return [
        Side(_("Price"), money(row.price_fen), money(terms["price"].minor)),
        Side(_("Opens"), when(row.opens_at, at_once), when(terms["opens_at"], at_once)),
        Side(_("Closes"), when(row.closes_at, open_end), when(terms["closes_at"], open_end)),
        Side(_("Most in one order"), str(row.most_per_order), str(terms["most_per_order"])),
        Side(_("Most for one buyer"), _cap(row.most_per_buyer), _cap(terms["most_per_buyer"])),
    ]


def _cap(most: int | None) -> str:
    return gettext("no cap") if most is None else str(most)


def _grades(desk: Desk, standard: StandardSeen, supply: stock_queries.SupplyRow) -> dict[str, object]:
    """What the form of grades shows: what was typed, else what holds."""
    typed = desk.request.POST if "takes" in desk.request.POST else None
    fine = [key for key in standard.terms.keys if key in supply.blend_of]
    return {
        "standard": standard,
        "options": [(key, GRADES[key]) for key in standard.terms.keys],
        "fine": [(grade.key, GRADES[grade.key]) for grade in standard.terms.grades],
        "takes": typed.getlist("takes") if typed else list(supply.takes),
        "blend_grade": typed.get("blend_grade", "") if typed else "".join(fine[-1:]),
        "blend_percent": typed.get("blend_percent", "") if typed else supply.blend_percent or "",
        "older": supply.standard is not None and supply.standard != standard.id,
    }


def _marks(row: queries.OfferRow, may: Sequence[Licensed]) -> dict[str, object] | None:
    """The brands that it may bear now and the one it bears; None where there is neither."""
    if not may and row.brand is None:
        return None
    return {
        "may": [(one.brand, said(one.name_zh, one.name_en)) for one in may],
        "borne": row.brand,
        "licensed": any(one.brand == row.brand for one in may),
    }


def _typed(desk: Desk, row: queries.OfferRow) -> dict[str, object]:
    """What the forms show: what was typed, else what holds."""
    stands = {
        "price": f"{row.price_fen // 100}.{row.price_fen % 100:02d}",
        "opens_at": f"{local(row.opens_at):%Y-%m-%dT%H:%M}" if row.opens_at else "",
        "closes_at": f"{local(row.closes_at):%Y-%m-%dT%H:%M}" if row.closes_at else "",
        "most_per_order": str(row.most_per_order),
        "most_per_buyer": str(row.most_per_buyer or ""),
    }
    return {**stands, **desk.request.POST.dict()}


class _Terms(TypedDict):
    price: Money
    opens_at: datetime | None
    closes_at: datetime | None
    most_per_order: int
    most_per_buyer: int | None


def _terms(given: Given) -> _Terms:
    return _Terms(
        price=given.money("price"),
        opens_at=given.moment("opens_at"),
        closes_at=given.moment("closes_at"),
        most_per_order=given.whole("most_per_order"),
        most_per_buyer=given.whole_if_any("most_per_buyer"),
    )


def _outlet(given: Given, outlet: str, unit: str) -> Outlet:
    key = parse_uuid(given.text(f"offer_{outlet}"))
    if key is None:
        raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
    return Outlet(key, outlet, given.amount_if_any(f"cap_{outlet}", unit))


def _putting_up(desk: Desk, row: ProductSeen, pack: PackSeen, refusal: Refusal | None = None) -> HttpResponse:
    typed = desk.request.POST
    taken = {offer.outlet for offer in row.offers if offer.pack == pack.id}
    return desk.show(
        "offer_new",
        {
            "product": row,
            "pack": pack,
            "typed": typed,
            "chosen": typed.getlist("outlets") or ["shop"],
            "free": [
                (outlet, label, typed.get(f"offer_{outlet}") or uuid7())
                for outlet, label in OUTLETS.items()
                if outlet not in taken or refusal
            ],
            "said": said,
        },
        refusal=refusal,
    )
