"""The picker's steps as scripts are sent them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from countyfair.kernel.remembered import Remembered
from countyfair.registers.places import queries as register
from countyfair.registers.places.queries import Choice, Choices
from countyfair.surfaces.ui import views

PREFECTURE = Choice("4502", "柳州市", 2, True, "Liuzhou")
COUNTY = Choice("450225", "融水苗族自治县", 3, True, "Rongshui")
ASKED: list[str] = []


@pytest.fixture(autouse=True)
def _divisions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def choices_to_counties(code: str) -> dict[str, Choices]:
        ASKED.append(code)
        if code != "45":
            return {code: Choices(code, ())}
        return {"45": Choices("45", (PREFECTURE,)), "4502": Choices("4502", (COUNTY,))}

    monkeypatch.setattr(register, "choices_to_counties", choices_to_counties)
    monkeypatch.setattr(views, "_steps", Remembered[str, tuple[bytes, bytes]](600))
    yield
    ASKED.clear()


def test_a_province_s_answer_holds_its_counties_and_is_kept_for_a_day(client: Client) -> None:
    answer = client.get("/places/below?code=45")
    said = answer.json()
    assert said["code"] == "45"
    assert [choice["name"] for choice in said["choices"]] == ["柳州市"]
    assert [choice["code"] for choice in said["below"]["4502"]] == ["450225"]
    assert "public" in answer["Cache-Control"]
    assert "max-age=86400" in answer["Cache-Control"]


def test_what_is_packed_says_the_same_and_is_made_once(client: Client, settings: Settings) -> None:
    settings.COUNTYFAIR_REMEMBER = True
    plain = client.get("/places/below?code=45")
    for _time in range(2):
        packed = client.get("/places/below?code=45", headers={"accept-encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed["Vary"]
        assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert "Content-Encoding" not in plain
    assert ASKED == ["45"]


@pytest.mark.parametrize("hostile", ["4;DROP", "９９", "", "-1"])
def test_what_is_no_code_asks_for_the_provinces(client: Client, hostile: str) -> None:
    assert client.get("/places/below", {"code": hostile}).json() == {"code": "", "choices": [], "below": {}}
