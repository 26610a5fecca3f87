"""What is made for machines that read the fair: site maps, feeds, pictures of shared addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countyfair.kernel.refusal import Missing
from countyfair.kernel.remembered import Remembered
from countyfair.surfaces.shop import place_names, share_cards
from countyfair.surfaces.shop.categories import ROWS
from countyfair.surfaces.shop.stalls import codes_of, origin
from countyfair.surfaces.shop.views.standing import A_DAY, A_YEAR
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.surfaces.ui.formats import money, said
from countyfair.trade.catalog import queries as catalog
from countyfair.trade.catalog.queries import fair, published

AN_HOUR = 3600
#: So many of the newest stand in a feed.
FED = 50
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"
#: What XML cannot say.
_UNSAYABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_site: Remembered[str, list[published.SitePage]] = Remembered(AN_HOUR)


class Entry(NamedTuple):
    """An address, and when what stands there changed; None where nobody can say."""

    path: str
    changed_at: datetime | None = None


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of all site maps: the fair's own pages, then each county's products in pages."""
    pages = _site.get("", lambda: published.site_pages(fair.counties()))
    entries = [Entry(url("shop:sitemap_fair"))]
    entries += [Entry(url("shop:sitemap_page", page.county, page.number), page.changed_at) for page in pages]
    return _xml(_map("sitemapindex", "sitemap", entries))


@require_safe
def sitemap_fair(request: HttpRequest) -> HttpResponse:
    """The first page, the counties' shelves, their rows and their years, the stalls."""
    shelves = url("shop:goods")
    entries = [Entry(url("shop:home")), Entry(url("shop:about"))]
    for county in fair.counties():
        kinds = catalog.facets(county=county).categories
        entries.append(Entry(f"{shelves}?place={county}"))
        entries.append(Entry(f"{url('shop:season')}?place={county}"))
        kept = [row.code for row in ROWS if row.code in kinds]
        entries += [Entry(f"{shelves}?place={county}&category={code}") for code in kept]
    for one in published.stalls_listed():
        entries.append(Entry(url("shop:stall", one.county, one.slug), one.changed_at))
    return _xml(_map("urlset", "url", entries))


@require_safe
def sitemap_page(request: HttpRequest, county: str, number: int) -> HttpResponse:
    """The products of one page."""
    rows = published.listed(county=county, number=number)
    if not rows:
        raise Missing(_("There is no such page."))
    return _xml(
        _map("urlset", "url", (Entry(url("shop:product", row.product), row.listed_at) for row in rows))
    )


@require_safe
def feed(request: HttpRequest, county: str) -> HttpResponse:
    """What came onto a county's shelf last, as Atom, in the reader's language."""
    rows = catalog.shelf(county=county, limit=FED)
    if not rows:
        raise Missing(_("Nothing is on sale from there."))
    names = place_names.names({county, *(code for row in rows for code in codes_of(row.place))})
    here = url("shop:feed", county)
    root = Element("feed", xmlns=ATOM)
    where = names[county].striptags() if county in names else county
    _say(root, "title", _("New at the fair of %(county)s") % {"county": where})
    _say(root, "id", absolute(here))
    _say(root, "updated", rows[0].listed_at.isoformat())
    SubElement(root, "link", rel="self", href=absolute(here), type="application/atom+xml")
    SubElement(root, "link", rel="alternate", href=absolute(f"{url('shop:goods')}?place={county}"))
    for row in rows:
        entry = SubElement(root, "entry")
        _say(entry, "title", said(row.name_zh, row.name_en))
        _say(entry, "id", f"urn:uuid:{row.product}")
        _say(entry, "updated", row.listed_at.isoformat())
        SubElement(entry, "link", rel="alternate", href=absolute(url("shop:product", row.product)))
        _say(SubElement(entry, "author"), "name", said(row.shop_name_zh, row.shop_name_en))
        _say(
            entry,
            "summary",
            f"{said(row.label_zh, row.label_en)} {money(row.price_fen, row.currency)} · "
            f"{origin(row.place, names).striptags()}",
        )
    return _xml(root, "application/atom+xml", AN_HOUR)


@require_safe
def card(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture of a shared product: its photo, cut to a card. Its name says what it shows."""
    data = share_cards.of_photo(digest) if _DIGEST.fullmatch(digest) else None
    if data is None:
        raise Missing(_("This picture is not here any more."))
    return _picture(data, f"public, max-age={A_YEAR}, immutable")


@require_safe
def drawn_card(request: HttpRequest, category: str) -> HttpResponse:
    """The picture of a shared list, or of a product without a photo: its row's awning."""
    if category != "fair" and not any(row.code == category for row in ROWS):
        raise Missing(_("This picture is not here any more."))
    return _picture(share_cards.drawn(category), f"public, max-age={A_DAY}")


def _map(root: str, each: str, entries: Iterable[Entry]) -> Element:
    whole = Element(root, xmlns=SITEMAP)
    for entry in entries:
        row = SubElement(whole, each)
        SubElement(row, "loc").text = absolute(entry.path)
        if entry.changed_at:
            SubElement(row, "lastmod").text = entry.changed_at.isoformat()
    return whole


def _say(above: Element, tag: str, text: str) -> None:
    SubElement(above, tag).text = _UNSAYABLE.sub("", str(text))


def _xml(root: Element, kind: str = "application/xml", seconds: int = AN_HOUR) -> HttpResponse:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _picture(data: bytes, kept: str) -> HttpResponse:
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = kept
    return response
