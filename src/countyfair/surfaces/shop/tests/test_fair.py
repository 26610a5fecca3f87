"""Walking through the fair: home, rows, searches, stalls, products; and what each page costs."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.remembered import Remembered
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.shop import counties
from countyfair.surfaces.shop.pictures import photo
from countyfair.surfaces.shop.stalls import per_kilo
from countyfair.surfaces.shop.tests.buying import put_in, text_of
from countyfair.surfaces.shop.views import fair as views
from countyfair.surfaces.shop.walk import read
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.actions.counting import count_shelves
from countyfair.trade.catalog.tests import factories
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, marked

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 6
_STEP = re.compile(
    r'<a class="chip" href="([^"]*)" rel="nofollow">'
    r'[^<]*(?:<span[^>]*>[^<]*</span>)?[^<]*<span class="count">([^<]*)'
)


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_the_home_page_shows_what_is_on_the_shelf(client: Client, fair: Fair) -> None:
    page = text_of(client.get("/", headers={"accept-language": "en"}))
    assert "Black sticky rice" in page
    assert f"/goods/{fair.stall.product}/" in page
    assert "29<span" in page
    assert "&lt;" not in page


def test_only_strangers_share_the_first_page(
    client: Client, fair: Fair, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COUNTYFAIR_REMEMBER = True
    for where, name in ((views, "_first_looks"), (views, "_homes"), (counties, "_counties")):
        monkeypatch.setattr(where, name, Remembered[Any, Any](3))
    english = {"accept-language": "en"}
    first = client.get("/", headers=english)
    assert not first.cookies
    with CaptureQueriesContext(connection) as asked:
        again = client.get("/", headers=english)
    assert again.content == first.content
    assert not asked.captured_queries
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert "黑" in text_of(client.get("/", headers={"accept-language": "zh-CN"}))
    put_in(client, fair.stall.offer, 3)
    mine = client.get("/", headers=english)
    assert mine.content != first.content
    client.cookies.clear()
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in text_of(client.get("/", headers=english))


def test_an_empty_fair_says_so(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "The stalls are being set up" in text_of(answer)


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("", True),
        (f"?place={COUNTY}", True),
        ("?place=621227", False),
        ("?category=grain", True),
        ("?category=tea", False),
        ("?category=nonsense&month=99&before=nonsense&place=%00", True),
        ("?q=heinuomi", True),
        ("?q=%E9%BB%91%E7%B3%AF%E7%B1%B3", True),
        ("?q=nothingofthekind", False),
        ("?month=3", True),
        ("?price=3&place=450225", True),
        ("?price=1", False),
        ("?price=9&month=²", True),
        ("?q=heinuomi&price=3&month=5", True),
        ("?q=heinuomi&price=4", False),
    ],
)
def test_the_address_narrows_the_shelf(client: Client, fair: Fair, query: str, is_there: bool) -> None:
    answer = client.get(f"/goods/{query}")
    assert answer.status_code == 200
    assert (f"/goods/{fair.stall.product}/" in text_of(answer)) is is_there


@pytest.mark.parametrize("searched", ["", "&q=%E7%B3%AF%E7%B1%B3"])
def test_a_list_says_how_many_goods_each_step_leaves_and_each_leads_back(
    client: Client, fair: Fair, searched: str
) -> None:
    count_shelves(SYSTEM, counties=[COUNTY])
    page = text_of(client.get(f"/goods/?place={COUNTY}{searched}", headers={"accept-language": "en"}))
    steps = dict(_STEP.findall(page))
    price = next(href for href, count in steps.items() if "price=3" in href)
    assert steps[price] == "1"

    narrowed = text_of(client.get(f"/goods/{unescape(price)}", headers={"accept-language": "en"}))
    assert f"/goods/{fair.stall.product}/" in narrowed
    assert "¥30–60 a kilo" in narrowed
    assert all("price=3" in href for href, _count in _STEP.findall(narrowed))
    (back,) = re.findall(r'href="([^"]*)" aria-current="true" rel="nofollow"', narrowed)
    assert "price" not in back
    assert unescape(back) == f"?place={COUNTY}{searched}"


@pytest.mark.parametrize(
    ("searched", "borne"),
    [
        ("", "certificate=organic"),
        ("&q=%E7%B3%AF%E7%B1%B3", "certificate=organic"),
        ("", "brand="),
        ("&q=%E7%B3%AF%E7%B1%B3", "grade=second"),
    ],
)
def test_a_list_is_narrowed_to_what_goods_bear_and_leads_back(
    client: Client, fair: Fair, searched: str, borne: str
) -> None:
    other = a_stall(fair.households, fair.station)
    marked(fair, fair.stall)
    factories.a_certificate(fair.stall.product)
    count_shelves(SYSTEM, counties=[COUNTY])
    page = text_of(client.get(f"/goods/?place={COUNTY}{searched}", headers={"accept-language": "en"}))
    step = next(href for href, count in _STEP.findall(page) if borne in href and count == "1")
    with CaptureQueriesContext(connection) as asked:
        narrowed = text_of(client.get(f"/goods/{unescape(step)}", headers={"accept-language": "en"}))
    assert len(asked) <= MOST_STATEMENTS
    assert f"/goods/{fair.stall.product}/" in narrowed
    assert f"/goods/{other.product}/" not in narrowed
    (back,) = re.findall(r'href="([^"]*)" aria-current="true" rel="nofollow"', narrowed)
    assert unescape(back) == f"?place={COUNTY}{searched}"
    nonsense = client.get(f"/goods/?place={COUNTY}&certificate=best&brand=best&grade=off")
    assert f"/goods/{other.product}/" in text_of(nonsense)


def test_the_shelf_goes_on_page_by_page_without_gap_or_repeat(client: Client, fair: Fair) -> None:
    for _ in range(26):
        a_stall(fair.households, fair.station)
    first = client.get("/goods/")
    seen = _products(text_of(first))
    after = text_of(first).split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = _products(text_of(client.get(f"/goods/{after}")))
    assert len(seen) == 24
    assert len(rest) == 3
    assert not seen & rest


def _products(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split('href="/goods/')[1:] if len(part.split('"')[0]) == 37}


def test_a_product_page_says_price_origin_and_what_the_household_gets(client: Client, fair: Fair) -> None:
    page = text_of(client.get(f"/goods/{fair.stall.product}/", headers={"accept-language": "en"}))
    assert "Of ¥29.80 the household that grew it gets ¥23.84." in page
    assert "¥59.60 a kilo" in page
    assert 'name="offer"' in page


def test_a_product_that_is_gone_says_sold_out_and_offers_the_row(client: Client, fair: Fair) -> None:
    gone = a_stall(fair.households, fair.station, lots=(400,))
    page = text_of(client.get(f"/goods/{gone.product}/", headers={"accept-language": "en"}))
    assert "Sold out" in page
    assert 'name="offer"' not in page


def test_no_such_product_is_a_404(client: Client) -> None:
    assert client.get(f"/goods/{uuid7()}/").status_code == 404
    assert client.get("/stalls/450225/nobody/").status_code == 404


def test_a_stall_shows_its_own_goods_only(client: Client, fair: Fair) -> None:
    other = a_stall(fair.households, fair.station)
    shop = queries.product_page(product=fair.stall.product)
    page = text_of(client.get(f"/stalls/{COUNTY}/{shop.shop_slug}/"))
    assert f"/goods/{fair.stall.product}/" in page
    assert f"/goods/{other.product}/" not in page


def test_hostile_names_and_searches_come_out_as_text(client: Client, fair: Fair) -> None:
    evil = "<script>alert(1)</script>"
    said = factories.facts(name_zh=evil, name_en=evil)
    product = factories.a_product(said=said)
    factories.an_offer(pack=factories.a_pack(product=product))
    for address in ("/goods/", f"/goods/{product}/", f"/goods/?q={evil}"):
        page = text_of(client.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("products", [1, 25])
def test_a_page_costs_the_same_few_statements_however_long_the_shelf(
    client: Client, fair: Fair, products: int
) -> None:
    for _ in range(products - 1):
        a_stall(fair.households, fair.station)
    shop = queries.product_page(product=fair.stall.product)
    addresses = (
        "/",
        "/goods/",
        "/goods/?q=mi",
        "/goods/?price=3&month=5&place=450225",
        "/goods/?q=heinoumi&price=3",
        f"/goods/{fair.stall.product}/",
        f"/stalls/{COUNTY}/{shop.shop_slug}/",
    )
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= MOST_STATEMENTS, (address, [one["sql"][:80] for one in asked])


def test_a_guest_gets_no_session_and_a_page_sets_no_tracking(client: Client, fair: Fair) -> None:
    client.get("/")
    put_in(client, fair.stall.offer)
    client.get("/basket/")
    assert set(client.cookies) <= {"csrftoken", "basket"}
    assert client.cookies["basket"]["httponly"]


def test_a_first_visit_to_a_product_stays_small(client: Client, fair: Fair) -> None:
    answer = client.get(f"/goods/{fair.stall.product}/", headers={"accept-encoding": "gzip"})
    assert len(answer.content) < 12_000


def test_pages_say_how_long_they_may_be_kept(client: Client, fair: Fair) -> None:
    assert client.get("/")["Cache-Control"] == "private, no-cache"
    assert client.get("/basket/")["Cache-Control"] == "no-store"
    assert "max-age" in client.get("/robots.txt")["Cache-Control"]


def test_the_pages_that_stand_still_answer(client: Client) -> None:
    assert client.get("/about/").status_code == 200
    assert b"Disallow: /orders/" in client.get("/robots.txt").content
    assert client.get("/favicon.ico").status_code == 301
    assert client.get("/nowhere/").status_code == 404


def test_a_photo_is_served_for_ever_and_nothing_else_is(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    digest = "ab" * 32
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / f"{digest}-320.webp").write_bytes(b"picture")
    answer = client.get(f"/media/ab/{digest}-320.webp")
    assert answer.getvalue() == b"picture"
    assert "immutable" in answer["Cache-Control"]
    assert client.get(f"/media/ab/{digest}-640.webp").status_code == 404
    assert client.get("/media/../config/settings.py").status_code == 404


def test_photo_markup_names_every_width_and_escapes_what_people_wrote() -> None:
    markup = photo("ab" * 32, 700, 500, '"><script>', sizes="50vw", eager=True)
    assert "-320.avif 320w" in markup
    assert "-640.webp 640w" in markup
    assert "<script>" not in markup


@pytest.mark.parametrize(
    ("fen", "grams", "unit", "kilo"),
    [(2980, 500, "g", 5960), (1000, 300, "g", 3333), (2500, 1000, "g", None), (900, 6, "piece", None)],
)
def test_a_kilo_s_price_is_rounded_to_the_fen(fen: int, grams: int, unit: str, kilo: int | None) -> None:
    assert per_kilo(fen, grams, unit) == kilo


def test_a_walk_is_written_into_the_address_and_read_back() -> None:
    walk = read({"place": "450225", "category": "", "month": "11", "q": "  黑 糯米 "}, ())
    assert walk.text == "黑 糯米"
    assert read(dict(p.split("=") for p in walk.to(month=0)[1:].split("&") if "q=" not in p), ()).month == 0
    assert "before" not in walk.to()


def test_a_withdrawn_offer_leaves_the_shelf(client: Client, fair: Fair) -> None:
    row = queries.product_page(product=fair.stall.product).offers[0]
    catalog.take_down(SYSTEM, offer=row.id)
    assert f"/goods/{fair.stall.product}/" not in text_of(client.get("/goods/"))
