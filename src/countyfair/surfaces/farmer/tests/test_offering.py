"""A household's pages: three steps to an offer, what is wrong told at its place, nobody else let in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import VILLAGE, a_household, a_role, a_user
from countyfair.registers.stations.tests.factories import a_station
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.catalog.tests.factories import a_product
from countyfair.trade.stock.tests.factories import a_harvest

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Home:
    """A household and the browser of its own user."""

    household: UUID
    product: UUID
    client: Client

    def link(self, name: str, *args: object) -> str:
        return reverse(f"farmer:{name}", args=[self.household, *args])


@pytest.fixture
def home(db: None, settings: Any, tmp_path: Path) -> Home:
    settings.MEDIA_ROOT = tmp_path
    user = a_user()
    client = client_of(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return Home(a_household(user_id=user), a_product(), client)


def a_photo() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(file, "JPEG")
    return SimpleUploadedFile("harvest.jpg", file.getvalue(), "image/jpeg")


def offered(home: Home) -> UUID:
    made = uuid7()
    answer = home.client.post(home.link("begin", home.product), {"once": made, "photo": a_photo()})
    assert answer["Location"] == home.link("amount", made)
    answer = home.client.post(home.link("amount", made), {"amount": "3", "days": "1"})
    assert answer["Location"] == home.link("price", made)
    answer = home.client.post(home.link("price", made), {"price": "20"})
    assert answer["Location"] == home.link("harvest", made)
    return made


def test_three_steps_offer_a_harvest_and_one_takes_it_back(home: Home) -> None:
    made = offered(home)
    body = home.client.get(home.link("harvest", made)).content.decode()
    assert [text for text in ("3 jin", "¥20.00", "You offered 3 jin of") if text not in body] == []
    home.client.post(home.link("withdraw", made))
    assert scalar("SELECT state FROM stock_harvest") == "withdrawn"


def test_in_chinese_it_is_said_as_people_say_it(home: Home) -> None:
    made = offered(home)
    home.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    body = home.client.get(home.link("harvest", made)).content.decode()
    assert "每斤二十元" in body
    assert "三斤" in body


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("amount", {"amount": "many", "days": "0"}),
        ("amount", {"amount": "3", "days": "x"}),
        ("price", {"price": "0"}),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stands(home: Home, step: str, form: dict[str, str]) -> None:
    made = uuid7()
    home.client.post(home.link("begin", home.product), {"once": made, "without": "1"})
    if step == "price":
        home.client.post(home.link("amount", made), {"amount": "3", "days": "0"})
    answer = home.client.post(home.link(step, made), form)
    assert answer.status_code == 422
    typed = form.get("amount") or form["price"]
    assert f'value="{typed}"' in answer.content.decode()


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(home: Home) -> None:
    bad = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = home.client.post(home.link("begin", home.product), {"once": uuid7(), "photo": bad})
    assert answer.status_code == 422
    assert scalar("SELECT count(*) FROM stock_harvest") == 0


def test_nobody_sees_another_household(home: Home) -> None:
    made = offered(home)
    neighbour = a_user()
    other = a_household(user_id=neighbour)
    stranger = client_of(neighbour)
    for name, args in (("home", ()), ("goods", ()), ("harvest", (made,)), ("amount", (made,)), ("agree", ())):
        assert stranger.get(home.link(name, *args)).status_code == 403, name
        assert stranger.post(home.link(name, *args)).status_code in (403, 405), name
    assert stranger.get(reverse("farmer:harvest", args=[other, made])).status_code == 403
    assert Client().get(home.link("home")).status_code == 302
    assert scalar("SELECT state FROM stock_harvest") == "announced"


def test_who_belongs_to_one_household_is_led_there_and_who_to_none_is_told(home: Home) -> None:
    assert home.client.get("/farmer/")["Location"] == home.link("home")
    assert client_of(a_user()).get("/farmer/").status_code == 403


def test_an_agent_acts_for_a_household_that_agreed_and_asks_another_first() -> None:
    agent = a_user()
    a_role(agent, "station_agent", place=VILLAGE)
    client, product = client_of(agent), a_product()
    quiet = a_household(agreed=())
    begin = reverse("farmer:begin", args=[quiet, product])
    assert client.post(begin, {"once": uuid7(), "without": "1"})["Location"].endswith("/agree/")
    assert scalar("SELECT count(*) FROM stock_harvest") == 0
    client.post(reverse("farmer:agree", args=[quiet]), {"how": "paper"})
    assert client.post(begin, {"once": uuid7(), "without": "1"})["Location"].endswith("/amount/")
    client.post(reverse("farmer:agree", args=[quiet]), {"back": "1"})
    assert client.post(begin, {"once": uuid7(), "without": "1"})["Location"].endswith("/agree/")


def test_the_station_weighs_in_what_is_coming() -> None:
    station, household, product = a_station(place=VILLAGE), a_household(), a_product()
    made = a_harvest(household, product)
    agent = a_user()
    a_role(agent, "station_agent", place=VILLAGE)
    client = client_of(agent)
    coming = client.get(reverse("station:coming", args=[station])).content.decode()
    address = reverse("station:weigh_coming", args=[station, made])
    assert address in coming
    form = {"once": uuid7(), "quantity": "1.5", "unit": "kg", "harvested_on": "2026-01-01"}
    form["harvested_on"] = str(scalar("SELECT expected_on::text FROM stock_harvest"))
    assert "/lots/" in client.post(address, form)["Location"]
    assert scalar("SELECT harvest_id FROM stock_lot") == made
    assert scalar("SELECT state FROM stock_harvest") == "weighed"


def test_pages_cost_few_statements(home: Home, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    offered(home)
    for name in ("home", "goods", "station"):
        with django_assert_max_num_queries(6):
            home.client.get(home.link(name))
