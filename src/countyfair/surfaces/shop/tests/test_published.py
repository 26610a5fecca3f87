"""What machines read of the fair: linked data, share cards, site maps, the feed."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.shop.linked_data import block
from countyfair.surfaces.shop.tests.buying import text_of
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.queries import published
from countyfair.trade.catalog.tests import factories
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall

pytestmark = pytest.mark.django_db
ORIGIN = "https://fair.example"
NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def fair(settings: Any) -> Fair:
    settings.COUNTYFAIR_ORIGIN = ORIGIN
    return a_fair()


def told(page: str) -> dict[str, dict[str, Any]]:
    """The things of schema.org in a page, by type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    whole = json.loads(text)
    assert whole["@context"] == "https://schema.org/"
    return {thing["@type"]: thing for thing in whole["@graph"]}


def card_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)">', page))


def english(client: Client, address: str) -> str:
    return text_of(client.get(address, headers={"accept-language": "en"}))


def test_a_product_tells_its_price_whether_it_can_be_had_and_the_way_to_it(
    client: Client, fair: Fair
) -> None:
    page = english(client, f"/goods/{fair.stall.product}/")
    things = told(page)
    product, trail = things["Product"], things["BreadcrumbList"]["itemListElement"]
    (offer,) = product["offers"]
    assert product["name"] == "Black sticky rice"
    assert (offer["price"], offer["priceCurrency"]) == ("29.80", "CNY")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["url"] == product["@id"] == f"{ORIGIN}/goods/{fair.stall.product}/"
    assert [step["position"] for step in trail] == [1, 2, 3]
    assert all(step["item"].startswith(ORIGIN) for step in trail)
    assert f'<link rel="canonical" href="{ORIGIN}/goods/{fair.stall.product}/">' in page


def test_what_is_sold_out_says_so_to_machines_too(client: Client, fair: Fair) -> None:
    gone = a_stall(fair.households, fair.station, lots=(400,))
    (offer,) = told(english(client, f"/goods/{gone.product}/"))["Product"]["offers"]
    assert offer["availability"] == "https://schema.org/OutOfStock"


def test_a_list_names_its_goods_in_their_order(client: Client, fair: Fair) -> None:
    newer = a_stall(fair.households, fair.station)
    listed = told(english(client, f"/goods/?place={COUNTY}"))["ItemList"]
    assert [one["url"] for one in listed["itemListElement"]] == [
        f"{ORIGIN}/goods/{newer.product}/",
        f"{ORIGIN}/goods/{fair.stall.product}/",
    ]


def test_nothing_that_people_wrote_ends_the_block_early(client: Client, fair: Fair) -> None:
    evil = '</script><script>alert(1)</script><!-- & "\u2028'
    assert json.loads(re.sub("</?script[^>]*>", "", str(block({"name": evil}))))["@graph"][0]["name"] == evil
    said = factories.facts(name_zh=evil, name_en=evil)
    product = factories.a_product(said=said)
    factories.an_offer(pack=factories.a_pack(product=product))
    for address in (f"/goods/{product}/", f"/goods/?place={COUNTY}"):
        page = english(client, address)
        assert "<script>alert" not in page
        assert told(page)


def test_a_shared_address_has_a_picture_that_is_there(client: Client, fair: Fair) -> None:
    for address in ("/", f"/goods/?category=grain&place={COUNTY}", f"/goods/{fair.stall.product}/"):
        card = card_of(english(client, address))
        assert card["title"]
        assert card["url"].startswith(ORIGIN)
        answer = client.get(card["image"].removeprefix(ORIGIN))
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1200, 630))


def test_a_photo_becomes_a_card_once(client: Client, fair: Fair, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = io.BytesIO()
    Image.new("RGB", (900, 700), (180, 40, 40)).save(file, "PNG")
    catalog.add_photo(SYSTEM, photo=fair.stall.offer, product=fair.stall.product, data=file.getvalue())
    (photo,) = queries.product_page(product=fair.stall.product).photos
    card = card_of(english(client, f"/goods/{fair.stall.product}/"))["image"]
    assert card == f"{ORIGIN}/cards/photo/{photo.digest}.jpg"
    answer = client.get(card.removeprefix(ORIGIN))
    assert "immutable" in answer["Cache-Control"]
    kept = tmp_path / photo.digest[:2] / f"{photo.digest}-card.jpg"
    assert kept.read_bytes() == answer.content
    assert client.get(f"/cards/photo/{'b' * 64}.jpg").status_code == 404
    assert client.get("/cards/photo/nothing.jpg").status_code == 404
    assert client.get("/cards/nothing.jpg").status_code == 404


def test_the_site_map_leads_to_every_product_that_is_on_sale(
    client: Client, fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "PAGE", 2)
    stalls = [fair.stall, *(a_stall(fair.households, fair.station) for _number in range(4))]
    robots = client.get("/robots.txt").content.decode()
    index = re.search(r"^Sitemap: (.*)$", robots, re.MULTILINE)
    assert index
    pages = _read(client, index[1], "map:sitemap")
    assert len(pages) >= 3
    found = {loc: mod for page in pages for loc, mod in _read(client, page, "map:url").items()}
    for stall in stalls:
        moment = found[f"{ORIGIN}/goods/{stall.product}/"]
        assert moment
        assert datetime.fromisoformat(moment).tzinfo
    assert f"{ORIGIN}/goods/?place={COUNTY}&category=grain" in found
    assert all(client.get(page.removeprefix(ORIGIN)).status_code == 200 for page in found)
    assert client.get(f"/sitemap/{COUNTY}-99999.xml").status_code == 404


def _read(client: Client, address: str, each: str) -> dict[str, str | None]:
    answer = client.get(address.removeprefix(ORIGIN))
    assert answer["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314  (our own)
    rows = root.findall(each, NAMES)
    return {
        str(row.findtext("map:loc", None, NAMES)): row.findtext("map:lastmod", None, NAMES) for row in rows
    }


def test_the_feed_tells_what_is_new_the_newest_first(client: Client, fair: Fair) -> None:
    newer = a_stall(fair.households, fair.station)
    assert f"/feed/{COUNTY}.atom" in english(client, "/")
    answer = client.get(f"/feed/{COUNTY}.atom", headers={"accept-language": "en"})
    root = ElementTree.fromstring(answer.content)  # noqa: S314  (our own)
    entries = root.findall("atom:entry", NAMES)
    assert [entry.findtext("atom:id", "", NAMES) for entry in entries] == [
        f"urn:uuid:{newer.product}",
        f"urn:uuid:{fair.stall.product}",
    ]
    assert all(entry.findtext("atom:author/atom:name", "", NAMES) for entry in entries)
    assert root.findtext("atom:updated", "", NAMES) == entries[0].findtext("atom:updated", "", NAMES)
    assert client.get("/feed/000000.atom").status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap/fair.xml", f"/feed/{COUNTY}.atom"])
def test_each_costs_few_statements(client: Client, fair: Fair, address: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 6
