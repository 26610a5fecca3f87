"""Goods of platforms: what each is here, suggested by the house and said by a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid, Refusal, Sentence
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.queries.shops import Listed, Offered, listings, offers_on, suggested
from countyfair.outreach.channels.rules.mapping import CODE, Suggestion
from countyfair.surfaces.centre.channel_words import LISTINGS, label
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import yuan
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given

INCOMPLETE = _("The form arrived incomplete. Open the page again and send it once more.")


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of a platform, the offers that they can be, the one proposed, whether it has the same code."""

    row: Listed
    options: list[tuple[str, str]]
    chosen: str
    packs: str
    by_code: bool


@page("channel.read")
def goods(desk: Desk) -> HttpResponse:
    """Goods that nobody has said what they are, those first that most orders wait for; or the others."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        return desk.go("channel_goods", said=_say(desk, given))

    return desk.asks(lambda refusal: _goods(desk, refusal), act)


def _say(desk: Desk, given: Given) -> Sentence:
    listing = given.key("listing", need=INCOMPLETE)
    ignored = given.text("do") == "ignore"
    offer = None if ignored else given.key("offer", need=_("Choose what these goods are."))
    packs = given.whole("packs") if given.text("packs") and not ignored else 1
    given.stop()
    if listing is None:
        raise Invalid(INCOMPLETE)
    if offer is None:
        actions.ignore_listing(desk.actor, listing=listing)
        return _("These goods are not the county's: their orders are left aside.")
    counts = actions.map_listing(desk.actor, listing=listing, offer=offer, packs=packs)
    waited = sum(counts.values())
    if not waited:
        return _("Remembered. From now on these goods are known.")
    sentence = _("Remembered. Of %(all)d orders that waited, %(placed)d are taken in, %(short)d lack goods.")
    return sentence % {"all": waited, "placed": counts["placed"], "short": counts["short"]}


def _goods(desk: Desk, refusal: Refusal | None) -> HttpResponse:
    asked = desk.request.GET
    standing = asked.get("standing", "new")
    standing = standing if standing in LISTINGS else "new"
    after = parse_uuid(asked.get("after", "")) if standing != "new" else None
    found = listings(desk.actor, county=desk.county, standing=standing, after=after, limit=ROWS + 1)
    shown = leaf(desk.request, found, lambda row: str(row.id), path=desk.at("channel_goods"))
    rows = list(shown.rows)
    offers = offers_on(desk.actor, county=desk.county, platforms={row.platform for row in rows})
    fits = suggested(desk.actor, county=desk.county, goods=rows) if standing == "new" else {}
    options: dict[str, list[tuple[str, str]]] = {}
    for offer in offers:
        options.setdefault(offer.platform, []).append((str(offer.offer), offer_words(offer)))
    typed = desk.request.POST
    context = {
        "leaf": shown,
        "goods": [_one(row, options.get(row.platform, []), fits.get(row.id, [])) for row in rows],
        "standing": standing,
        "standings": LISTINGS,
        "label": label,
        "typed_for": typed.get("listing", ""),
        "typed": typed,
    }
    return desk.show("channel_goods", context, refusal=refusal)


def offer_words(offer: Offered) -> str:
    """An offer in a list to choose from: goods, pack, price, code."""
    name = f"{said(offer.name_zh, offer.name_en)} · {said(offer.label_zh, offer.label_en)}"
    return f"{name} · ¥{yuan(offer.price_fen)} · {offer.code}" if offer.code else name


def _one(row: Listed, options: list[tuple[str, str]], fits: list[Suggestion]) -> Goods:
    """The best ones first in the list to choose from."""
    best = [str(fit.offer) for fit in fits]
    ordered = sorted(options, key=lambda option: best.index(option[0]) if option[0] in best else len(best))
    if row.offer is not None:
        return Goods(row, ordered, str(row.offer), str(row.packs), by_code=False)
    first = fits[0] if fits else None
    return Goods(
        row, ordered, best[0] if first else "", str(first.packs if first else 1),
        by_code=bool(first and first.points >= CODE),
    )  # fmt: skip
