"""The fair to walk through: home, rows and searches, a stall, a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from countyfair.kernel import clock
from countyfair.kernel.remembered import Remembered
from countyfair.surfaces import ui
from countyfair.surfaces.shop import counties as at_counties
from countyfair.surfaces.shop import goods as goods_shown
from countyfair.surfaces.shop import place_names, promoted
from countyfair.surfaces.shop.categories import ROWS, row_of
from countyfair.surfaces.shop.frame import BROWSED, browse
from countyfair.surfaces.shop.linked_data import home_head, list_head, product_head
from countyfair.surfaces.shop.narrowing import narrowing
from countyfair.surfaces.shop.stalls import Card, card, codes_of
from countyfair.surfaces.shop.views import booking
from countyfair.surfaces.shop.walk import Walk, month_names, read
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.keepers import BACKGROUNDS, KEEPERS, NEEDS_NONE
from countyfair.surfaces.ui.translation import spoken
from countyfair.trade.catalog import queries as catalog
from countyfair.trade.catalog.queries import fair
from countyfair.trade.catalog.rules.keeping import NONE, licence_asked
from countyfair.trade.orders import queries as orders
from countyfair.trade.promotions import queries as promotions
from countyfair.trade.stock import queries as stock

PAGE = 24
FOODS = 5
#: So many stalls of a kind hang out on the first page; the rest are a link away.
HUNG = 10
#: Whole pages, by what an address may say: few are kept.
_homes: Remembered[tuple[str, str, int], Markup] = Remembered(3, most=100)
#: The first page as whoever comes without a cookie is shown it, by language and address.
_first_looks: Remembered[tuple[str, str], bytes] = Remembered(3, most=100)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is in season this month in one county, and the rows that have something.

    Without a cookie there is no basket, no choice of colours and nothing to tell: all see the same.
    """
    if request.COOKIES:
        return _of_the_month(request)
    body = _first_looks.get((spoken(), request.get_full_path()), lambda: _of_the_month(request).content)
    return HttpResponse(body, headers={"Cache-Control": BROWSED})


def _of_the_month(request: HttpRequest) -> HttpResponse:
    counties = at_counties.on_the_fair()
    county = at_counties.chosen(request.GET.get("place", ""), counties)
    month = clock.today().month
    main = _homes.get((spoken(), county, month), lambda: _home(county, month, counties))
    name = month_names()[month - 1]
    told = home_head(_("What is ripe in %(month)s") % {"month": name}, county)
    return browse(
        request, "home", {"month": name, "told": told, "county": county, "main": main}, county=county
    )


def _home(county: str, month: int, counties: Sequence[str]) -> Markup:
    """What stands under the awning: the same for everybody, so a busy fair draws it every few seconds."""
    rows = catalog.shelf(county=county, month=month, limit=PAGE)
    facets = catalog.facets(county=county)
    cards, names = _cards(rows, [code[:length] for code in counties for length in (2, 4, 6)])
    ripe = [shown for shown, row in zip(cards, rows, strict=True) if row.season_months]
    standing = [shown for shown, row in zip(cards, rows, strict=True) if not row.season_months]
    context = {
        "month": month,
        "month_name": month_names()[month - 1],
        "foods": tuple(dict.fromkeys(shown.food for shown in [*ripe, *standing]))[:FOODS],
        "county": county,
        "rows": [row for row in ROWS if row.code in facets.categories],
        "ripe": ripe[:HUNG],
        "standing": standing[:HUNG],
        "here": names.get(county, ""),
        "gates": _gates(counties, names, county),
        "months": [
            (f"{url('shop:goods')}?place={county}&month={one}", name, one == month)
            for one, name in enumerate(month_names(), start=1)
        ],
    }
    return ui.part("shop/home_main.html", context)


@require_safe
def goods(request: HttpRequest) -> HttpResponse:
    """The shelf of a county or township, by row and month, or searched; every choice in the address."""
    counties = at_counties.on_the_fair()
    walk = read(request.GET, ROWS)
    county = at_counties.chosen(walk.place, counties)
    rows, counts, meant = _looked_for(walk, county) if walk.text else _along_the_shelf(walk, county)
    cards, names = _cards(rows, [*counties, walk.place, *counts.townships])
    title = _title(walk, names)
    here = f"{request.path}{walk.to(place=walk.place or county, before=None)}"
    return browse(
        request,
        "goods",
        {
            "title": title,
            "told": list_head(title, here, cards, walk.category),
            "county": county,
            "food_name": row_of(walk.category).food if walk.category else "circus-tent",
            "cards": cards,
            "places": at_counties.chips(counties, names, county),
            "walk": walk,
            "meant": meant,
            "narrowing": narrowing(walk, counts, names),
            "after": walk.to(before=rows[-1].cursor) if len(rows) == PAGE and not walk.text else "",
        },
        searched=walk.text,
        category=walk.category,
        county=county,
    )


def _looked_for(walk: Walk, county: str) -> tuple[Sequence[catalog.Card], catalog.Counts, str]:
    """What a search finds within the walk's narrowing, what it leaves, and what it was read as."""
    found = catalog.find(
        county=county,
        text=walk.text,
        category=walk.category,
        place=walk.place,
        month=walk.month,
        band=walk.band,
        certified=walk.certified,
        brand=walk.brand,
        grade=walk.grade,
        limit=2 * PAGE,
    )
    return found.cards, found.counts, found.meant


def _along_the_shelf(walk: Walk, county: str) -> tuple[Sequence[catalog.Card], catalog.Counts, str]:
    """A page of the shelf within the walk's narrowing, and what that leaves."""
    counts = catalog.Counts()
    if len(walk.place) <= 9:
        counts = catalog.shelf_counts(
            county=county, category=walk.category, place=walk.place, month=walk.month, band=walk.band,
            certified=walk.certified, brand=walk.brand, grade=walk.grade,
        )  # fmt: skip
    rows = catalog.shelf(
        county=county,
        category=walk.category,
        month=walk.month,
        band=walk.band,
        certified=walk.certified,
        brand=walk.brand,
        grade=walk.grade,
        place=walk.place if len(walk.place) > 6 else "",
        few=walk.is_narrowed and counts.few,
        before=walk.before,
        limit=PAGE,
    )
    return rows, counts, ""


@require_safe
def stall(request: HttpRequest, county: str, slug: str) -> HttpResponse:
    """One operator's goods."""
    keeper = fair.stall(county=county, slug=slug)
    asked = licence_asked(keeper.operator_kind, keeper.categories)
    walk = read(request.GET, ROWS)
    rows = catalog.shelf(county=county, shop=keeper.id, before=walk.before, limit=PAGE)
    cards, names = _cards(rows, [county])
    return browse(
        request,
        "stall",
        {
            "stall": keeper,
            "told": list_head(said(keeper.name_zh, keeper.name_en), request.path, cards, ""),
            "name": said(keeper.name_zh, keeper.name_en),
            "county": names.get(county, ""),
            "keeper": KEEPERS.get(keeper.operator_kind, ""),
            "background": BACKGROUNDS.get(keeper.background, ""),
            "needs_none": "" if keeper.licence_number or asked != NONE else NEEDS_NONE,
            "promoted": promoted.told(
                promotions.announced(county=county, shop=keeper.id), promotions.bundles_of(shop=keeper.id)
            ),
            "cards": cards,
            "after": walk.to(before=rows[-1].cursor) if len(rows) == PAGE else "",
        },
        county=keeper.county,
    )


@require_safe
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product, with what is left of each pack and what of the price reaches the household."""
    page, left = stock.product_on_sale(product=product_id)
    if page.kind == "service":
        return booking.service(request, page, left)
    way = place_names.way(page.place)
    share = (
        orders.shares_of_price(county=page.county, price_fen=page.offers[0].price_fen) if page.offers else []
    )
    shown = goods_shown.shown(
        page,
        left,
        way,
        clock.today().month,
        goods_shown.share_of(page.offers[0].price_fen, page.offers[0].currency, share) if share else None,
        orders.weight_tolerance(county=page.county),
        _told(page),
    )
    context = {"goods": shown, "told": product_head(page, shown)}
    return browse(request, "product", context, category=page.category, county=page.county)


def _told(page: catalog.ProductPage) -> promoted.Told:
    """What takes something off these goods; asked for only where their shop or an offer says so."""
    named = [offer.id for offer in page.offers if offer.bundled]
    if not named and not page.shop_announces:
        return promoted.NOTHING
    return promoted.told(
        promotions.announced_with(county=page.county, shop=page.shop, product=page.id)
        if page.shop_announces
        else (),
        promotions.bundles_seen(offers=named) if named else (),
        page.id,
    )


def _cards(rows: Sequence[catalog.Card], also: Sequence[str]) -> tuple[list[Card], dict[str, Markup]]:
    """Stalls with what is left and where they are from, and the names of these places and of `also`."""
    names = place_names.names(
        {code for row in rows for code in codes_of(row.place)} | {code for code in also if code}
    )
    left = stock.availability([row.offer for row in rows]) if rows else {}
    return [card(row, left[row.offer], names) for row in rows], names


@dataclass(frozen=True, slots=True)
class Gate:
    """The way into one county's part of the fair; `above` are its province and prefecture."""

    href: str
    name: Markup | str
    above: Markup
    is_here: bool


def _gates(counties: Sequence[str], names: dict[str, Markup], current: str) -> list[Gate]:
    """A gate for each county."""
    return [
        Gate(
            f"?place={code}",
            names.get(code, code),
            Markup(" · ").join(names[above] for above in (code[:2], code[:4]) if above in names),
            code == current,
        )
        for code in counties
    ]


def _title(walk: Walk, names: dict[str, Markup]) -> str:
    if walk.text:
        return _("“%(text)s” at the fair") % {"text": walk.text}
    place = names[walk.place].striptags() if walk.place in names else ""
    row = row_of(walk.category).name if walk.category else ""
    if place and row:
        return _("%(row)s from %(place)s") % {"row": row, "place": place}
    return row or (_("From %(county)s") % {"county": place} if place else _("The whole fair"))
