"""Pages, preferences, refusals: what every surface may count on. None of it needs the database."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal, SoldOut, Stale
from countyfair.surfaces import ui
from countyfair.surfaces.ui import refusals
from countyfair.surfaces.ui.middleware import local_path

SENTENCE = _("The last of it has just been sold.")
REFUSALS: dict[str, type[Refusal]] = {
    "invalid": Invalid,
    "forbidden": Forbidden,
    "missing": Missing,
    "conflict": Conflict,
    "stale": Stale,
    "sold-out": SoldOut,
}


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind](SENTENCE)


def say(request: HttpRequest) -> HttpResponse:
    ui.flash(request, "<b>said</b>", "waiting")
    return HttpResponse("said")


def hear(request: HttpRequest) -> HttpResponse:
    return refusals.told(request, refusals.MISSING, 200)


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault")


urlpatterns = [
    path("", include("countyfair.surfaces.ui.urls")),
    path("refuse/<slug:kind>", refuse),
    path("sent/", require_POST(refuse)),
    path("station/refuse/<slug:kind>", refuse),
    path("say", say),
    path("hear", hear),
    path("break", break_down),
]
handler404 = "countyfair.surfaces.ui.views.missing"
handler500 = "countyfair.surfaces.ui.views.fault"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("invalid", 422),
        ("forbidden", 403),
        ("missing", 404),
        ("conflict", 409),
        ("stale", 409),
        ("sold-out", 409),
    ],
)
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_a_refusal_becomes_a_page_with_its_sentence_and_status(
    client: Client, kind: str, status: int, lang: str
) -> None:
    client.cookies["lang"] = lang
    answer = client.get(f"/refuse/{kind}")
    assert answer.status_code == status
    with translation.override(lang):
        assert str(SENTENCE) in answer.content.decode()


def test_a_refusal_keeps_the_look_of_its_surface(client: Client) -> None:
    page = client.get("/station/refuse/conflict").content.decode()
    assert 'data-surface="station"' in page
    assert 'href="/station/"' in page


def test_unknown_addresses_and_faults_get_pages_of_ours(client: Client) -> None:
    client.cookies["lang"] = "en"
    assert b"There is nothing here" in client.get("/no/such/address").content
    broken = client.get("/break")
    assert broken.status_code == 500
    assert b"Something broke on our side" in broken.content


@pytest.mark.parametrize(
    ("cookie", "header", "lang"),
    [
        (None, None, "zh-Hans"),
        (None, "en-GB,en;q=0.8", "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans"),
        (None, "fr-FR", "zh-Hans"),
        ("en", "zh-CN", "en"),
        ("nonsense", "en", "en"),
    ],
)
def test_the_language_is_the_one_chosen_else_the_one_the_browser_asks_for(
    client: Client, cookie: str | None, header: str | None, lang: str
) -> None:
    if cookie:
        client.cookies["lang"] = cookie
    answer = client.get("/design/", headers={"accept-language": header} if header else {})
    assert f'<html lang="{lang}"' in answer.content.decode()
    assert answer["Content-Language"] == lang
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


def test_one_request_leaves_no_language_behind(client: Client) -> None:
    before = translation.get_language()
    client.get("/design/", headers={"accept-language": "en"})
    assert translation.get_language() == before


def test_choosing_a_language_comes_back_to_the_same_page(client: Client) -> None:
    answer = client.get("/design/goods/?page=2&lang=en")
    assert (answer.status_code, answer["Location"]) == (302, "/design/goods/?page=2")
    assert answer.cookies["lang"].value == "en"
    assert client.get("/design/")["Content-Language"] == "en"


def test_colours_are_remembered_and_forgotten(client: Client) -> None:
    client.get("/design/?theme=dark")
    assert 'data-theme="dark"' in client.get("/design/").content.decode()
    client.get("/design/?theme=system")
    assert "data-theme" not in client.get("/design/").content.decode()


@pytest.mark.parametrize("asked", ["lang=xx", "theme=pink", "lang="])
def test_what_is_no_preference_is_left_alone(client: Client, asked: str) -> None:
    answer = client.get(f"/design/?{asked}")
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("address", ["//elsewhere.example/", "/\\elsewhere.example", "///x"])
def test_a_preference_never_leads_to_another_host(address: str) -> None:
    assert not local_path(address).startswith(("//", "/\\"))


def test_what_was_said_is_shown_once_and_escaped(client: Client) -> None:
    client.get("/say")
    first, second = (client.get("/hear").content.decode() for _time in range(2))
    assert "&lt;b&gt;said&lt;/b&gt;" in first
    assert "notice-waiting" in first
    assert "said" not in second


def test_a_guest_gets_a_page_without_statement_session_or_cookie(client: Client) -> None:
    # no database mark: a statement would fail this test
    answer = client.get("/design/")
    assert answer.status_code == 200
    assert list(answer.cookies) == []


def test_pages_forbid_what_scripts_of_others_would_need(client: Client) -> None:
    answer = client.get("/design/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert b"<style" not in answer.content
    assert b" style=" not in answer.content


def test_a_form_is_recognised_by_its_id() -> None:
    made = "01935c5e-0000-7000-8000-000000000001"
    assert ui.once(RequestFactory().post("/", {"once": made})) == UUID(made)
    for bad in ("", "1; DROP TABLE", "01935c5e"):
        with pytest.raises(Invalid):
            ui.once(RequestFactory().post("/", {"once": bad}))


def test_links_keep_the_other_parts_of_the_query() -> None:
    page = ui.Page(RequestFactory().get("/lots/", {"q": "米", "page": "2"}), "centre")
    assert page.with_query(page=3) == "/lots/?q=%E7%B1%B3&page=3"
    assert page.with_query(page=None, q=None) == "/lots/"
    assert page.within("/lots/")


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_looking_where_only_forms_are_sent_answers_with_a_page(client: Client, lang: str) -> None:
    client.cookies["lang"] = lang
    answer = client.get("/sent/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    with translation.override(lang):
        title = str(refusals.ONLY_SENT.title)
    assert title in answer.content.decode()
    assert client.put("/sent/").content == b""
