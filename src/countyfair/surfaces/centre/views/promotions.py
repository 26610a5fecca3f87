"""Promotions: what is taken off, for whom and how often, who bears it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid, Missing, Refusal, Sentence
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import BENEFICIARIES, yuan
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.surfaces.ui.formats import local, said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog.queries import OfferRow, offers, shops
from countyfair.trade.promotions import actions, queries
from countyfair.trade.promotions.queries import PromotionRow
from countyfair.trade.promotions.rules.bundling import BundleTerms
from countyfair.trade.promotions.rules.discounts import Bearer
from countyfair.trade.promotions.rules.grouping import GroupTerms
from countyfair.trade.promotions.rules.making import CouponTerms

#: State → its word, and the kind of tag it wears.
STATES: Mapping[str, tuple[Sentence, str]] = {
    "gathering": (_("Gathering"), "waiting"),
    "full": (_("Full"), "done"),
    "failed": (_("Fell through"), "stopped"),
    "coming": (_("Coming"), "waiting"),
    "open": (_("Counts now"), "done"),
    "used_up": (_("Used up"), "stopped"),
    "over": (_("Over"), "stopped"),
    "ended": (_("Ended"), "stopped"),
}


@page("catalog.read", own=True)
def promotions_(desk: Desk) -> HttpResponse:
    """The county's promotions, or those of one's own shops."""
    found = queries.promotions(desk.actor, county=desk.county)
    return desk.show("promotions", {"promotions": found, **_words()})


@page("catalog.offer", own=True)
def add(desk: Desk) -> HttpResponse:
    """Give out a coupon."""

    def act(given: Given) -> HttpResponse:
        terms, once = _terms(given), ui.once(desk.request)
        given.stop()
        actions.make_coupon(desk.actor, coupon=once, county=desk.county, terms=terms)
        return desk.go("promotion", once, said=_("The coupon is given out."))

    return desk.asks(lambda refusal: _form(desk, refusal), act)


@page("catalog.offer", own=True)
def open_group(desk: Desk, key: UUID) -> HttpResponse:
    """Open a group for a pack on offer."""
    row = next(iter(offers(desk.actor, county=desk.county, offer=key, limit=1)), None)
    if row is None:
        raise Missing(_("There is no such offer."))

    def act(given: Given) -> HttpResponse:
        terms, once = _group_terms(given, key), ui.once(desk.request)
        given.stop()
        actions.open_group(desk.actor, group=once, county=desk.county, terms=terms)
        return desk.go("promotion", once, said=_("The group is open. Share its link."))

    return desk.asks(lambda refusal: _group_form(desk, row, refusal), act)


@page("catalog.offer", own=True)
def make_bundle(desk: Desk) -> HttpResponse:
    """Let packs of one stall cost less together: first which stall, then which packs."""
    shop = Given(desk.request.GET).key("shop")

    def act(given: Given) -> HttpResponse:
        if shop is None:
            raise Invalid(_("Choose the stall first."), field="shop")
        terms, once = _bundle_terms(given, shop), ui.once(desk.request)
        given.stop()
        actions.make_bundle(desk.actor, bundle=once, county=desk.county, terms=terms)
        return desk.go(
            "promotion", once, said=_("The bundle is on. Who has all of it in the basket pays less.")
        )

    return desk.asks(lambda refusal: _bundle_form(desk, shop, refusal), act)


@page("catalog.read", own=True)
def promotion_(desk: Desk, key: UUID) -> HttpResponse:
    """One promotion: its terms and its latest uses."""
    row = _own(desk, key)
    reads = desk.actor.may("orders.read", place=row.county, organisation=row.organisation)
    uses = queries.uses(desk.actor, row) if reads else []
    context = {
        "promotion": row, "uses": uses, "opens": desk.at_county("orders.read"),
        "bundle": queries.bundle(promotion=key) if row.bundle_fen else None,
        "address": absolute(url("shop:group", key)), **_words(),
    }  # fmt: skip
    return desk.show("promotion", context)


@page("catalog.offer", own=True)
def end(desk: Desk, key: UUID) -> HttpResponse:
    """Let nobody use it from now on."""
    row = _own(desk, key)
    actions.end_promotion(desk.actor, promotion=row.id)
    return desk.go("promotion", key, said=_("Nobody can use it from now on."))


def _own(desk: Desk, key: UUID) -> PromotionRow:
    return desk.own(lambda: queries.promotion(desk.actor, promotion=key), lambda row: row.county)


def _words() -> dict[str, object]:
    return {"states": STATES, "bearers": BENEFICIARIES, "said": said, "off": off}


def off(row: PromotionRow) -> str:
    """What it takes off, as a table shows it; of a group what a pack costs, of a bundle a set."""
    together = row.group_fen or row.bundle_fen
    if together is not None:
        return f"→ ¥{yuan(together)}"
    return f"{row.percent} %" if row.percent else f"¥{yuan(row.off_fen)}"


def _own_shops(desk: Desk) -> list[tuple[str, str]]:
    everywhere = desk.at_county("catalog.offer")
    return [
        (str(row.id), said(row.name_zh, row.name_en))
        for row in shops(county=desk.county)
        if everywhere or row.organisation in desk.organisations
    ]


def _bundle_form(desk: Desk, shop: UUID | None, refusal: Refusal | None) -> HttpResponse:
    typed = desk.request.POST
    goods = queries.sellable(county=desk.county, shop=shop) if shop else []
    return desk.show(
        "bundle_form",
        {
            "shops": _own_shops(desk),
            "shop": str(shop or ""),
            "goods": goods,
            "bearers": _bearers(desk),
            "typed": typed,
            "opens": typed.get("opens_at", "") or f"{local(now()):%Y-%m-%dT%H:%M}",
            "said": said,
        },
        refusal=refusal,
    )


def _bundle_terms(given: Given, shop: UUID) -> BundleTerms:
    opens, closes = given.moment("opens_at"), given.moment("closes_at")
    if opens is None:
        given.errors.append(("opens_at", _("Say from when it counts.")))
    if closes is None:
        given.errors.append(("closes_at", _("Say until when it counts.")))
    packs = {
        key: given.whole_if_any(f"packs-{key}") or 0 for key in map(parse_uuid, given.many("offer")) if key
    }
    return BundleTerms(
        shop=shop,
        name_zh=given.text("name_zh"),
        name_en=given.text("name_en"),
        bearer=given.text("bearer"),
        bundle_fen=given.money("price").minor,
        parts=tuple((key, count) for key, count in packs.items() if count),
        opens_at=opens or now(),
        closes_at=closes or now(),
    )


def _form(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    everywhere = desk.at_county("catalog.offer")
    return desk.show(
        "promotion_form",
        {
            "shops": _own_shops(desk),
            "everywhere": everywhere,
            "bearers": _bearers(desk),
            "typed": desk.request.POST,
            "now": now(),
        },
        refusal=refusal,
    )


def _group_form(desk: Desk, row: OfferRow, refusal: Refusal | None) -> HttpResponse:
    return desk.show(
        "group_form",
        {"offer": row, "bearers": _bearers(desk), "typed": desk.request.POST, "said": said},
        refusal=refusal,
    )


def _group_terms(given: Given, offer: UUID) -> GroupTerms:
    opens, closes = given.moment("opens_at"), given.moment("closes_at")
    if closes is None:
        given.errors.append(("closes_at", _("Say until when it counts.")))
    return GroupTerms(
        offer=offer,
        name_zh=given.text("name_zh"),
        name_en=given.text("name_en"),
        bearer=given.text("bearer"),
        group_fen=given.money("price").minor,
        needed=given.whole("needed"),
        opens_at=opens or now(),
        closes_at=closes or now(),
    )


def _bearers(desk: Desk) -> list[tuple[str, Sentence]]:
    """Who may bear it, as far as this person decides that."""
    every = desk.at_county("terms.manage")
    return [(str(key), BENEFICIARIES[key]) for key in (list(Bearer) if every else [Bearer.HOUSEHOLD])]


def _terms(given: Given) -> CouponTerms:
    off_, least, most = (given.money_if_any(name) for name in ("off", "least", "most"))
    opens, closes = given.moment("opens_at"), given.moment("closes_at")
    if closes is None:
        given.errors.append(("closes_at", _("Say until when it counts.")))
    return CouponTerms(
        code=given.text("code"),
        name_zh=given.text("name_zh"),
        name_en=given.text("name_en"),
        bearer=given.text("bearer"),
        shop=parse_uuid(given.text("shop")),
        percent=given.whole_if_any("percent") or 0,
        off_fen=off_.minor if off_ else 0,
        least_fen=least.minor if least else 0,
        most_fen=most.minor if most else None,
        limit_total=given.whole_if_any("limit_total") or None,
        limit_each=given.whole_if_any("limit_each") or None,
        public=bool(given.text("public")),
        opens_at=opens or now(),
        closes_at=closes or now(),
    )
