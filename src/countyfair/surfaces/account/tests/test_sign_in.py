"""Signing in through the real pages: codes, passwords, second factors, limits, and what they cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries
from countyfair.registers.people.sms import console
from countyfair.registers.people.tests.factories import SYSTEM, a_phone, a_role, a_user, an_actor
from countyfair.surfaces.ui.actor import actor_from, staff
from countyfair.surfaces.ui.tests.clients import client_of, signed_in

pytestmark = pytest.mark.django_db

SECRET = "COUNTYFAIRSAMPLEONLYNEVERREAL234"
SIGN_IN, CODE, SHOW = "/account/sign-in/", "/account/sign-in/code/", "/account/sign-in/second-factor/"
PASSWORD = "rice-black-sticky-9"


@staff
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("at work" if actor_from(request).holds("stock.weigh_in") else "no powers")


urlpatterns = [path("", include("config.urls")), path("desk/", desk)]
handler429 = "countyfair.surfaces.account.views.too_many"


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.ROOT_URLCONF = __name__
    cache.clear()


def text_of(response: Any) -> str:
    return str(response.content.decode())


def ask(client: Client, phone: str, **more: str) -> Any:
    return client.post(SIGN_IN, {"phone": phone, **more})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def enter(client: Client, phone: str, **more: str) -> Any:
    """Ask for a code and type it."""
    assert ask(client, phone, **more).status_code == 302
    return client.post(CODE, {"code": console.last_code(phone), "action": "verify", **more})


def staff_member(role: str = "station_agent") -> tuple[UUID, str]:
    phone = a_phone()
    user_id = a_user(phone=phone)
    a_role(user_id, role)
    actions.give_sample_second_factor(SYSTEM, user_id=user_id, secret=SECRET)
    return user_id, phone


def totp(step: int = 0) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[1 + step]))


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


# --- By phone and code


def test_a_buyer_signs_in_by_a_code_and_is_registered_by_it(client: Client) -> None:
    phone = a_phone()
    answer = enter(client, phone, next="/basket/")
    assert (answer.status_code, answer["Location"]) == (302, "/basket/")
    user = queries.user_by_phone(phone)
    assert user is not None
    assert user.phone_verified
    assert who(client) == str(user.pk)


def test_the_number_may_be_written_as_people_write_it(client: Client) -> None:
    phone = a_phone()
    ask(client, f"{phone[3:6]} {phone[6:10]}-{phone[10:]}")
    assert console.last_code(phone)


def test_a_phone_that_is_never_confirmed_leaves_no_user(client: Client) -> None:
    phone = a_phone()
    ask(client, phone)
    code = console.last_code(phone)
    answer = client.post(CODE, {"code": wrong(code), "action": "verify"})
    assert answer.status_code == 422
    assert "not right" in text_of(client.post(CODE, {"code": wrong(code)}, headers={"accept-language": "en"}))
    assert queries.user_by_phone(phone) is None
    assert who(client) == ""


def test_three_wrong_codes_end_the_attempt_and_the_right_one_comes_too_late(client: Client) -> None:
    phone = a_phone()
    ask(client, phone)
    code = console.last_code(phone)
    for _ in range(3):
        client.post(CODE, {"code": wrong(code), "action": "verify"})
    assert client.post(CODE, {"code": code, "action": "verify"})["Location"].startswith(SIGN_IN)
    assert who(client) == ""


def test_a_code_is_over_after_five_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = a_phone()
    ask(client, phone)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 301
    session.save()
    answer = client.post(CODE, {"code": console.last_code(phone), "action": "verify"})
    assert answer["Location"].startswith(SIGN_IN)
    assert who(client) == ""


def test_another_code_replaces_the_first(client: Client) -> None:
    phone = a_phone()
    ask(client, phone)
    first = console.last_code(phone)
    client.post(CODE, {"action": "resend"})
    second = console.last_code(phone)
    if first != second:
        assert client.post(CODE, {"code": first, "action": "verify"}).status_code == 422
    client.post(CODE, {"code": second, "action": "verify"})
    assert who(client)


def test_a_code_opens_only_the_browser_that_asked(client: Client) -> None:
    phone = a_phone()
    ask(client, phone)
    other = Client()
    other.post(CODE, {"code": console.last_code(phone), "action": "verify"})
    assert who(other) == ""


def test_a_fourth_code_within_five_minutes_is_refused(client: Client) -> None:
    phone = a_phone()
    assert [ask(Client(), phone).status_code for _ in range(4)] == [302, 302, 302, 422]
    assert ask(Client(), a_phone()).status_code == 302


def test_many_phones_from_one_line_are_refused() -> None:
    answers = [ask(Client(), a_phone()).status_code for _ in range(22)]
    assert answers[:20] == [302] * 20
    assert 302 not in answers[20:]


def test_behind_a_proxy_each_line_has_its_own_tries(settings: Any) -> None:
    settings.COUNTYFAIR_BEHIND_PROXY = True
    one = [from_line(f"6.6.6.{made_up}, 203.0.113.9") for made_up in range(21)]
    assert 302 not in one[20:]
    assert from_line("203.0.113.10") == 302
    settings.COUNTYFAIR_BEHIND_PROXY = False
    assert 302 not in [from_line(f"198.51.100.{made_up}") for made_up in range(21)][20:]


def from_line(forwarded: str) -> int:
    """Somebody asks for a code, by way of a proxy that says from where."""
    asked = Client().post(SIGN_IN, {"phone": a_phone()}, headers={"X-Forwarded-For": forwarded})
    return asked.status_code


@pytest.mark.parametrize("text", ["", "12", "phone", "<script>", "1" * 300])
def test_what_is_no_phone_comes_back_with_a_sentence(client: Client, text: str) -> None:
    answer = ask(client, text)
    assert answer.status_code == 422
    assert "field-error" in text_of(answer)
    assert "<script>" not in text_of(answer).split("<h1>")[1]


def test_nobody_learns_whether_a_phone_is_known() -> None:
    known, unknown = a_phone(), a_phone()
    actions.register_user(SYSTEM, phone=known)
    pages = []
    for phone in (known, unknown):
        client = Client()
        asked = ask(client, phone)
        shown = text_of(client.get(CODE)).replace(phone[-4:], "")
        pages.append((asked.status_code, asked["Location"], re.sub(r'value="[^"]{20,}"', "", shown)))
        assert console.last_code(phone)
    assert pages[0] == pages[1]


def test_after_signing_in_nobody_is_sent_to_another_site(client: Client) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert enter(Client(), a_phone(), next=address)["Location"] == "/"


def test_the_code_of_a_sample_person_is_shown_and_nobody_elses(client: Client, settings: Any) -> None:
    phone = a_phone()
    a_user(phone=phone)
    ask(client, phone)
    assert console.last_code(phone) in text_of(client.get(CODE))
    other = Client()
    ask(other, "13800138000")
    assert console.last_code("+8613800138000") not in text_of(other.get(CODE))


def test_sample_people_stay_out_where_messages_are_real(client: Client, settings: Any) -> None:
    phone = a_phone()
    a_user(phone=phone)
    enter(client, phone)
    assert client.get("/account/").status_code == 200
    settings.COUNTYFAIR_SMS = "http"
    assert client.get("/account/").status_code == 302


# --- Staff


def test_staff_show_a_second_factor_after_the_code(client: Client) -> None:
    user_id, phone = staff_member()
    assert enter(client, phone, next="/desk/")["Location"].startswith(SHOW)
    assert who(client) == ""
    assert client.get("/desk/")["Location"].startswith(SIGN_IN)
    assert client.post(SHOW, {"code": "000000"}).status_code == 422
    assert client.post(SHOW, {"code": totp()})["Location"] == "/desk/"
    assert who(client) == str(user_id)
    assert client.get("/desk/").content == b"at work"


def test_a_second_factor_is_good_once(client: Client) -> None:
    _user_id, phone = staff_member()
    enter(client, phone)
    code = totp()
    client.post(SHOW, {"code": code})
    other = Client()
    enter(other, phone)
    assert other.post(SHOW, {"code": code}).status_code == 422
    assert who(other) == ""


def test_second_factors_cannot_be_tried_without_end() -> None:
    _user_id, phone = staff_member()
    client = Client()
    enter(client, phone)
    for _ in range(5):
        client.post(SHOW, {"code": "000000"})
    assert client.post(SHOW, {"code": totp()}).status_code == 422
    assert who(client) == ""


def test_the_page_shows_sample_staff_what_their_app_would_show(client: Client) -> None:
    _user_id, phone = staff_member()
    for _ in range(2):  # the second time, the next code
        client = Client()
        enter(client, phone)
        shown = re.search(r"(\d{6})", text_of(client.get(SHOW)).split("notice", 1)[1])
        assert shown is not None
        client.post(SHOW, {"code": shown[1]})
        assert who(client)


def test_staff_without_a_second_factor_set_it_up_before_any_page_of_their_work(client: Client) -> None:
    phone = a_phone()
    user_id = a_user(phone=phone)
    enter(client, phone)
    assert client.get("/desk/").status_code == 403  # signed in, but nobody who works here
    a_role(user_id, "station_agent")
    led = client.get("/desk/", follow=True)
    assert led.redirect_chain[-1][0].startswith("/account/second-factor/set-up/?next=")
    page = text_of(led)
    assert "<svg" in page
    secret = client.session["mfa.totp.secret"]
    counter = list(yield_hotp_counters_from_time())[1]
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/account/second-factor/set-up/", {"code": wrong(code)}).status_code == 422
    done = client.post("/account/second-factor/set-up/", {"code": code, "next": "/desk/"}, follow=True)
    assert len(re.findall(r"<li>\d{8}</li>", text_of(done))) == 10
    assert 'href="/desk/"' in text_of(done)
    assert client.get("/desk/").content == b"at work"
    stored = str(scalar("SELECT string_agg(data::text, '') FROM mfa_authenticator"))
    assert secret not in stored


def test_a_recovery_code_opens_the_account_once(client: Client) -> None:
    _user_id, phone = staff_member()
    enter(client, phone)
    client.post(SHOW, {"code": totp(-1)})
    # a recovery page asks to show the factor again, then tells the codes it makes
    client.post("/account/again/second-factor/", {"code": totp(0)})
    made = client.post("/account/second-factor/recovery/new/", follow=True)
    code = re.findall(r"<li>(\d{8})</li>", text_of(made))[0]
    for expected in (True, False):
        other = Client()
        enter(other, phone)
        other.post(SHOW, {"code": code})
        assert bool(who(other)) is expected


def test_a_session_older_than_the_second_factor_has_no_powers_until_it_shows_it(client: Client) -> None:
    phone = a_phone()
    user_id = a_user(phone=phone)
    enter(client, phone)
    a_role(user_id, "station_agent")
    actions.give_sample_second_factor(SYSTEM, user_id=user_id, secret=SECRET)
    led = client.get("/desk/", follow=True)
    assert led.redirect_chain[-1][0].startswith("/account/again/second-factor/")
    client.post("/account/again/second-factor/", {"code": totp(), "next": "/desk/"})
    assert client.get("/desk/").content == b"at work"


def test_powers_count_only_where_the_second_factor_was_shown() -> None:
    user_id, _phone = staff_member()
    for shown in (True, False):
        client = client_of(user_id, second_factor=shown)
        request = RequestFactory().get("/")
        request.COOKIES["sessionid"] = str(client.session.session_key)
        request.session = client.session
        user = queries.known_user(user_id)
        assert user is not None
        request.user = user
        assert actor_from(request).holds("stock.weigh_in") is shown
        assert actor_from(request).user_id == user_id


def test_a_role_taken_away_is_gone_with_the_next_page(client: Client) -> None:
    user_id, phone = staff_member()
    enter(client, phone)
    client.post(SHOW, {"code": totp()})
    assert client.get("/desk/").status_code == 200
    admin = an_actor("county_admin")
    (row,) = queries.roles_held(admin, county="450225", user_id=user_id)
    actions.end_role(admin, role_id=row.id)
    assert client.get("/desk/").status_code == 403


# --- By password


def test_staff_sign_in_by_password_and_second_factor(client: Client) -> None:
    user_id, phone = staff_member()
    actions.set_password(SYSTEM, user_id=user_id, password=PASSWORD)
    by_password = "/account/sign-in/password/"
    assert client.post(by_password, {"login": phone, "password": "wrong-wrong-wrong"}).status_code == 422
    assert client.post(by_password, {"login": phone, "password": PASSWORD})["Location"].startswith(SHOW)
    client.post(SHOW, {"code": totp()})
    assert who(client) == str(user_id)


def test_wrong_passwords_are_limited_and_tell_nothing(client: Client) -> None:
    user_id, phone = staff_member()
    actions.set_password(SYSTEM, user_id=user_id, password=PASSWORD)
    by_password = "/account/sign-in/password/"
    told = [
        re.search(r'class="errors".*?</div>', text_of(client.post(by_password, given)), re.DOTALL)
        for given in ({"login": phone, "password": "x" * 12}, {"login": a_phone(), "password": "x" * 12})
    ]
    assert told[0] is not None
    assert told[1] is not None
    assert told[0][0] == told[1][0]
    for _ in range(5):
        client.post(by_password, {"login": phone, "password": "x" * 12})
    assert client.post(by_password, {"login": phone, "password": PASSWORD}).status_code == 422
    assert who(client) == ""


# --- What it costs


def test_a_guest_costs_no_statement_and_gets_no_session(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(SIGN_IN)
    assert answer.status_code == 200
    assert [query["sql"] for query in asked] == []
    assert "sessionid" not in answer.cookies


def test_a_signed_in_request_costs_two_statements() -> None:
    client = signed_in("station_agent")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/desk/").status_code == 200
    assert len(asked) == 2  # the session, and the user with their roles
