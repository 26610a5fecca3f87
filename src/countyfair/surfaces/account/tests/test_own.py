"""One's own account: profile, password, sign-ins, leaving; and every page in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries
from countyfair.registers.people.sms import console
from countyfair.registers.people.tests.factories import SYSTEM, a_phone, a_role, an_actor

pytestmark = pytest.mark.django_db

PASSWORD = "rice-black-sticky-9"
AGENT = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    cache.clear()


@pytest.fixture
def phone() -> str:
    return a_phone()


@pytest.fixture
def signed_in(phone: str) -> Client:
    return enter(phone)


def enter(phone: str) -> Client:
    client = Client(headers={"user-agent": AGENT})
    client.post("/account/sign-in/", {"phone": phone})
    client.post("/account/sign-in/code/", {"code": console.last_code(phone), "action": "verify"})
    return client


def me(client: Client) -> UUID:
    return UUID(client.session["_auth_user_id"])


def test_a_name_and_a_language_are_kept(signed_in: Client) -> None:
    answer = signed_in.post("/account/profile/", {"name": "样例·新", "language": "en"})
    assert answer.status_code == 302
    assert answer.cookies["lang"].value == "en"
    profile = queries.profile(SYSTEM, user_id=me(signed_in))
    assert (profile.name, profile.language) == ("样例·新", "en")
    assert "样例·新" in signed_in.get("/account/").content.decode()
    too_long = signed_in.post("/account/profile/", {"name": "长" * 81, "language": "tlh"})
    assert too_long.status_code == 422
    assert queries.profile(SYSTEM, user_id=me(signed_in)).name == "样例·新"


def test_hostile_names_stay_text(signed_in: Client) -> None:
    signed_in.post("/account/profile/", {"name": "<script>alert(1)</script>"})
    page = signed_in.get("/account/").content.decode()
    assert "<script>alert(1)" not in page


def test_a_password_is_set_and_ends_all_other_sign_ins(signed_in: Client, phone: str) -> None:
    other = enter(phone)
    assert signed_in.post("/account/password/", {"password": "1234567890"}).status_code == 422
    assert signed_in.post("/account/password/", {"password": PASSWORD}).status_code == 302
    assert signed_in.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    by_password = Client()
    by_password.post("/account/sign-in/password/", {"login": phone, "password": PASSWORD})
    assert by_password.get("/account/").status_code == 200
    # another one takes the old one first
    asked = signed_in.get("/account/password/")
    assert asked["Location"].startswith("/account/again/")
    assert signed_in.post("/account/again/", {"password": "wrong-wrong"}).status_code == 422
    signed_in.post("/account/again/", {"password": PASSWORD, "next": "/account/password/"})
    assert signed_in.get("/account/password/").status_code == 200


def test_a_sign_in_elsewhere_is_listed_and_ended(signed_in: Client, phone: str) -> None:
    other = enter(phone)
    page = signed_in.get("/account/").content.decode()
    assert page.count("Firefox · Android") == 2
    assert str(signed_in.session.session_key) not in page
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest is not None
    signed_in.post("/account/sign-ins/end/", {"digest": digest[1]})
    assert other.get("/account/").status_code == 302
    assert signed_in.get("/account/").status_code == 200


def test_all_other_sign_ins_end_and_nobody_elses(signed_in: Client, phone: str) -> None:
    others, stranger = [enter(phone), enter(phone)], enter(a_phone())
    digest = queries.sign_ins(SYSTEM, user_id=me(stranger))[0].digest
    signed_in.post("/account/sign-ins/end/", {"digest": digest})
    assert stranger.get("/account/").status_code == 200
    signed_in.post("/account/sign-ins/end/")
    assert [other.get("/account/").status_code for other in others] == [302, 302]
    assert stranger.get("/account/").status_code == 200
    with pytest.raises(Forbidden):
        queries.sign_ins(an_actor("county_admin"), user_id=me(signed_in))


def test_signing_out_takes_a_press_and_leaves_no_session(signed_in: Client) -> None:
    assert signed_in.get("/account/sign-out/").status_code == 200
    assert signed_in.get("/account/").status_code == 200
    user_id = me(signed_in)
    assert signed_in.post("/account/sign-out/")["Location"] == "/"
    assert signed_in.get("/account/").status_code == 302
    assert queries.sign_ins(SYSTEM, user_id=user_id) == []


def test_leaving_asks_first_and_then_forgets(signed_in: Client, phone: str) -> None:
    user_id = me(signed_in)
    assert signed_in.get("/account/erase/").status_code == 200
    assert queries.user_by_phone(phone) is not None
    assert signed_in.post("/account/erase/")["Location"] == "/"
    assert queries.user_by_phone(phone) is None
    assert signed_in.get("/account/").status_code == 302
    assert scalar("SELECT count(*) FROM people_signin WHERE user_id = %s", [user_id]) == 0


def test_whoever_holds_a_role_is_told_to_hand_it_back_first(signed_in: Client, phone: str) -> None:
    a_role(me(signed_in), "courier")
    assert signed_in.post("/account/erase/").status_code == 409
    assert queries.user_by_phone(phone) is not None


def test_sessions_that_are_over_are_forgotten(signed_in: Client) -> None:
    Client().post("/account/sign-in/", {"phone": a_phone()})
    seconds = scalar(
        "SELECT extract(epoch FROM min(expire_date) - clock_timestamp())::int"
        "  FROM people_signin WHERE user_id IS NULL"
    )
    assert isinstance(seconds, int)
    assert seconds <= 900  # a sign-in that nobody finished is not kept longer
    assert actions.forget_expired_sign_ins(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(hours=1)):
        assert actions.forget_expired_sign_ins(SYSTEM) == 1
    with clock.at(clock.now() + timedelta(days=15)):
        assert actions.forget_expired_sign_ins(SYSTEM) == 1
    with pytest.raises(Forbidden):
        actions.forget_expired_sign_ins(Actor.guest("x"))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "address",
    [
        "", "profile/", "password/", "sign-ins/end/", "erase/", "again/", "again/second-factor/",
        "second-factor/", "second-factor/set-up/", "second-factor/take-away/", "second-factor/recovery/",
        "second-factor/recovery/new/",
    ],
)  # fmt: skip
def test_a_guest_gets_to_none_of_it(client: Client, address: str, method: str) -> None:
    answer = getattr(client, method)(f"/account/{address}")
    assert answer.status_code in (302, 405)
    if answer.status_code == 302:
        assert "/sign-in/" in answer["Location"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_one_language(signed_in: Client, language: str) -> None:
    guest = Client()
    pages = [
        (guest, "sign-in/"), (guest, "sign-in/password/"), (guest, "closed/"), (signed_in, ""),
        (signed_in, "password/"), (signed_in, "erase/"), (signed_in, "sign-out/"),
        (signed_in, "second-factor/set-up/"),
    ]  # fmt: skip
    for client, address in pages:
        answer = client.get(f"/account/{address}", headers={"accept-language": language})
        assert answer.status_code == 200, address
        title = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
        assert title is not None, address
        assert bool(re.search(r"[\u4e00-\u9fff]", title[1])) is (language == "zh-hans"), address
