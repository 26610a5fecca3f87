"""The place picker as a form sends it, over a handful of real divisions."""

from __future__ import annotations

import pytest
from django.utils import translation

from countyfair.registers.places import queries as register
from countyfair.registers.places.queries import Choice, Choices
from countyfair.surfaces.ui import places

BELOW = {
    "": ["45", "62"],
    "45": ["4501", "4502"],
    "4502": ["450225"],
    "450225": ["450225100"],
    "450225100": ["450225100001"],
    "62": ["6212"],
}


@pytest.fixture(autouse=True)
def _divisions(monkeypatch: pytest.MonkeyPatch) -> None:
    def choices(code: str) -> Choices:
        levels = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
        below = BELOW.get(code, [])
        found = [Choice(each, f"样例{each}", levels[len(each)], each in BELOW) for each in below]
        return Choices(code, tuple(found))

    def choices_down_to(code: str) -> dict[str, Choices]:
        return {above: choices(above) for above in (code[:length] for length in (0, 2, 4, 6, 9, 12))}

    monkeypatch.setattr(register, "choices_down_to", choices_down_to)


def test_an_empty_form_offers_the_provinces() -> None:
    choice = places.read({})
    assert (choice.code, len(choice.levels), choice.more, choice.complete) == ("", 1, True, False)


def test_each_choice_opens_the_next_step() -> None:
    choice = places.read({"place_1": "45", "place_2": "4502", "place_next": "1"})
    assert choice.code == "4502"
    assert [step.chosen for step in choice.levels] == ["45", "4502", ""]
    assert choice.wants_next


def test_a_village_completes_the_choice() -> None:
    way = ["45", "4502", "450225", "450225100", "450225100001"]
    given = {f"place_{number}": code for number, code in enumerate(way, 1)}
    choice = places.read(given)
    assert choice.complete
    assert places.chosen("450225100001") == choice


def test_what_lies_under_another_province_is_dropped() -> None:
    assert places.read({"place_1": "62", "place_2": "4502", "place_3": "450225"}).code == "62"


@pytest.mark.parametrize("hostile", ["45; DROP", "９９", "99", "<b>", "45 02"])
def test_no_code_that_was_not_offered_is_chosen(hostile: str) -> None:
    assert places.read({"place_1": hostile}).code == ""


def test_a_place_is_called_in_the_language_of_the_page() -> None:
    county = Choice("450225", "融水<苗族>自治县", 3, True, "Rongshui")
    with translation.override("zh-hans"):
        assert places.called(county) == "融水&lt;苗族&gt;自治县"
    with translation.override("en"):
        assert places.called(county) == 'Rongshui <span lang="zh-Hans">融水&lt;苗族&gt;自治县</span>'
        assert places.called(county, "融水县").striptags() == "Rongshui 融水县"
