"""Reads of two counties of the real register."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.refusal import Missing
from countyfair.registers.places import queries
from countyfair.registers.places.queries.lookup import SUBTREE
from countyfair.registers.places.rules import distance_m

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sample_counties"),
]


def found(text: str) -> list[str]:
    return [place.common for place in queries.search(text)]


def test_a_place_is_known_by_its_code() -> None:
    county = queries.by_code("450225")
    assert (county.name, county.short, county.common) == ("融水苗族自治县", "融水", "融水县")
    with pytest.raises(Missing):
        queries.by_code("450299")


def test_a_code_is_known_wrong_only_where_places_of_its_level_are_held() -> None:
    for code in ("450225", "450225100", "621227108208", "450302999", "450302100200"):
        assert queries.may_stand(code), code
    for code in ("450299", "450225999", "450225999200", "450225100999"):
        assert not queries.may_stand(code), code


def test_the_way_to_a_village_leads_from_its_province() -> None:
    way = [place.name for place in queries.path("450225202204")]
    assert way == ["广西壮族自治区", "柳州市", "融水苗族自治县", "香粉乡", "古都村委会"]
    assert [place.name for place in queries.path("110101")] == ["北京市", "东城区"]


def test_the_picker_goes_from_the_provinces_to_the_villages() -> None:
    assert len(queries.choices("").choices) == 31
    with CaptureQueriesContext(connection) as statements:
        step = queries.choices("450225202").as_json()
    assert len(statements) == 1
    assert {"code": "450225202204", "name": "古都村委会", "level": 5, "more": False, "latin": "Gudu"} in step[
        "choices"
    ]
    assert queries.choices("999").choices == ()


def test_all_steps_down_to_a_place_come_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as statements:
        steps = queries.choices_down_to("110101")
    assert len(statements) == 1
    assert list(steps) == ["", "11", "1101", "110101"]
    assert steps == {code: queries.choices(code) for code in steps}


def test_a_province_brings_the_counties_of_its_prefectures() -> None:
    steps = queries.choices_to_counties("45")
    assert steps == {code: queries.choices(code) for code in ("45", *steps)}
    assert "450225" in {choice.code for choice in steps["4502"].choices}
    assert {choice.code for choice in steps["45"].choices} == set(steps) - {"45"}


@pytest.mark.parametrize("code", ["", "11", "4502", "450225", "999"])
def test_only_a_province_of_prefectures_brings_more_than_its_step(code: str) -> None:
    assert queries.choices_to_counties(code) == {code: queries.choices(code)}


def test_a_city_without_districts_brings_itself_as_its_only_county() -> None:
    steps = queries.choices_to_counties("44")
    assert [choice.code for choice in steps["4419"].choices] == ["441900"]
    assert len(steps["4403"].choices) == 9


def test_a_stand_in_gives_way_to_what_lies_under_it() -> None:
    names = [choice.name for choice in queries.choices("50").choices]
    assert "万州区" in names
    assert "城口县" in names
    assert not {"市辖区", "县"} & set(names)
    assert [place.name for place in queries.children("11")][:2] == ["东城区", "西城区"]


def test_a_subtree_is_one_range_of_the_keys_index() -> None:
    assert len(queries.subtree("450225")) == 1 + 20 + 209
    assert len(queries.subtree("450225", level=4)) == 20
    wanted: dict[str, str | int | None]
    wanted = {"codebook": "stats", "year": 2023, "code": "450225", "level": None}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + SUBTREE, wanted)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "division_key" in plan
    assert "Seq Scan" not in plan
    assert "code)::text < '450225:'" in plan


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("融水", "融水县"),
        ("融水县", "融水县"),
        ("融水苗族自治县", "融水县"),
        ("rongshui", "融水县"),
        ("Rong Shui Xian", "融水县"),
        ("rongshuimiaozuzizhixian", "融水县"),
        ("rsx", "融水县"),
        ("ＲＳＸ", "融水县"),
        ("融shui", "融水县"),
        ("rshui", "融水县"),
        ("rongsm", "融水县"),
        ("香粉", "香粉乡"),
        ("香粉镇", "香粉乡"),
        ("古都村", "古都村"),
        ("古都村民委员会", "古都村"),
        ("都村", "古都村"),
        ("gudu", "古都村"),
        ("水阳镇石滩村", "石滩村"),
        ("徽县 水阳 石滩", "石滩村"),
        ("甘肃省陇南市徽县水阳镇", "水阳镇"),
        ("柳州", "柳州市"),
        ("gx", "广西"),
        ("陇", "陇南市"),
    ],
)
def test_a_place_is_found_by_what_people_type(text: str, first: str) -> None:
    assert first in found(text)[:3]


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "'; DROP TABLE places_division; --", "没有这个地方", "\x00", "𠮷" * 500]
)
def test_nonsense_finds_nothing_and_harms_nothing(text: str) -> None:
    assert found(text) == []


def test_the_higher_place_comes_first_unless_a_nearer_is_asked_for() -> None:
    assert [place.level for place in queries.search("shui", limit=50)] == sorted(
        place.level for place in queries.search("shui", limit=50)
    )
    assert queries.search("水", near="621227")[0].code.startswith("621227")
    assert {place.code[:6] for place in queries.search("da", within="450225")} == {"450225"}
    assert len(queries.search("村", limit=5)) <= 5


def test_a_find_says_where_it_lies() -> None:
    assert queries.search("古都村")[0].where == "广西 柳州市 融水县 香粉乡"


def test_villages_are_counted_by_county() -> None:
    with CaptureQueriesContext(connection) as statements:
        assert queries.village_counts(["450225", "621227", "110101"]) == {
            "450225": 209,
            "621227": 223,
            "110101": 0,
        }
    assert len(statements) == 1


def test_names_of_many_codes_are_one_statement() -> None:
    with CaptureQueriesContext(connection) as statements:
        assert queries.names(["450225202", "621227108208", "000000"]) == {
            "450225202": "香粉乡",
            "621227108208": "石滩村",
        }
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("code", "on", "today"),
    [
        ("542621", None, ("540402",)),
        ("542621", date(2010, 6, 1), ("540402",)),
        ("341521", None, ("340422",)),
        ("130421", None, ("130402", "130403")),
        ("370284", date(2005, 1, 1), ("370211",)),
        ("450225", None, ("450225",)),
        ("452229", date(1990, 1, 1), ("450225",)),
        ("450225", date(1990, 1, 1), ()),
        ("632857", None, ("632857",)),
        ("450225202204", None, ("450225202204",)),
        ("540402", date(2010, 1, 1), ()),
        ("310102", None, ()),
        ("999999", None, ()),
    ],
)
def test_an_old_code_leads_to_todays(code: str, on: date | None, today: tuple[str, ...]) -> None:
    assert queries.present(code, on=on) == today


def test_a_code_stands_for_what_it_stood_for() -> None:
    then = queries.as_of("542621", date(2014, 12, 31))
    assert then is not None
    assert (then.name, then.valid_to) == ("林芝县", 2014)
    assert queries.as_of("542621", date(2015, 12, 31)) is None
    assert [run.name for run in queries.history("540402")] == ["巴宜区"]


def test_two_entries_of_the_832_are_one_city_today() -> None:
    entries = [entry for entry in queries.poverty_counties("6328") if entry.code == "632803"]
    assert sorted(entry.official_name for entry in entries) == ["冷湖行委", "茫崖行委"]
    assert queries.was_poverty_county("632803")
    assert queries.was_poverty_county("450225202204")
    assert not queries.was_poverty_county("110101")


def test_distances_rest_on_known_points() -> None:
    shuiyang, seat = queries.by_code("621227108").point, queries.by_code("621227100").point
    assert shuiyang is not None
    assert seat is not None
    assert 1_000 < distance_m(shuiyang, seat) < 60_000
    assert queries.by_code("621227108208").point is None
