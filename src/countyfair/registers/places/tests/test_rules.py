"""Names, codes, spellings, points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.registers.places.rules import (
    Point,
    asked,
    distance_m,
    grams,
    kind_of,
    level_of,
    naming,
    parent_of,
    romanised,
    spelled,
    stem_of,
    steps,
)

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("name", "level", "short", "common"),
    [
        ("广西壮族自治区", 1, "广西", "广西"),
        ("内蒙古自治区", 1, "内蒙古", "内蒙古"),
        ("甘肃省", 1, "甘肃", "甘肃省"),
        ("湘西土家族苗族自治州", 2, "湘西", "湘西州"),
        ("巴音郭楞蒙古自治州", 2, "巴音郭楞", "巴音郭楞州"),
        ("喀什地区", 2, "喀什", "喀什地区"),
        ("融水苗族自治县", 3, "融水", "融水县"),
        ("积石山保安族东乡族撒拉族自治县", 3, "积石山", "积石山县"),
        ("双江拉祜族佤族布朗族傣族自治县", 3, "双江", "双江县"),
        ("隆林各族自治县", 3, "隆林", "隆林县"),
        ("东乡族自治县", 3, "东乡", "东乡县"),
        ("鄂伦春自治旗", 3, "鄂伦春", "鄂伦春旗"),
        ("神农架林区", 3, "神农架", "神农架林区"),
        ("徽县", 3, "徽县", "徽县"),
        ("同练瑶族乡", 4, "同练", "同练乡"),
        ("城关街道办事处", 4, "城关", "城关街道"),
        ("四族镇", 4, "四族", "四族镇"),
        ("古都村委会", 5, "古都", "古都村"),
        ("水秧村村委会", 5, "水秧", "水秧村"),
        ("东街居委会", 5, "东街", "东街社区"),
        ("敦达乌苏嘎查", 5, "敦达乌苏", "敦达乌苏嘎查"),
    ],
)
def test_people_call_a_place_shorter_than_the_list_does(
    name: str, level: int, short: str, common: str
) -> None:
    given_name = naming(name, level)
    assert (given_name.short, given_name.common) == (short, common)


def test_the_everyday_form_is_spelled_with_its_class() -> None:
    pinyin = "rong shui miao zu zi zhi xian"
    assert spelled(pinyin, naming("融水苗族自治县", 3)) == ("rongshuixian", "rsx")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("450225100001", "residents"), ("450225100199", "residents"), ("450225100200", "villagers"),
     ("450225100399", "villagers"), ("450225100400", "other"), ("450225100598", "other")],
)  # fmt: skip
def test_the_suffix_tells_a_villages_kind(code: str, kind: str) -> None:
    assert kind_of(code, "某地", 5) == kind


def test_a_stand_in_is_no_place() -> None:
    assert kind_of("1101", "市辖区", 2) == "stand_in"
    assert kind_of("130102", "长安区", 3) == "county"


def test_levels_and_parents_follow_from_the_length() -> None:
    chain = ["450225202204"]
    while parent := parent_of(chain[-1]):
        chain.append(parent)
    assert chain == ["450225202204", "450225202", "450225", "4502", "45"]
    assert [level_of(code) for code in chain] == [5, 4, 3, 2, 1]
    assert level_of("45022") == 0


def test_a_villages_committee_is_not_searched_for() -> None:
    assert "委会" not in grams("古都村委会", "古都村", 5)
    assert "^融" in grams("融水苗族自治县", "融水县", 3)


def test_what_is_typed_is_cleaned() -> None:
    assert asked("  ＲＳＸ ").latin == "rsx"
    assert asked("Xi'an").latin == "xian"
    assert asked("古都村民委员会").han == "古都村"
    assert asked("融shui").mixed
    assert asked("';--") == asked("")


def test_a_mistaken_class_can_be_left_off() -> None:
    assert stem_of("香粉镇") == "香粉"
    assert stem_of("融水") == "融水"


def test_an_address_is_cut_from_the_top_down() -> None:
    assert steps("融水县香粉乡古都村") == ["融水县", "香粉乡", "古都村"]
    assert steps("融水 香粉") == ["融水", "香粉"]


def test_rongshui_to_huixian_is_a_thousand_kilometres() -> None:
    rongshui, huixian = Point(25.06641, 109.25049), Point(33.76833, 106.08083)
    assert distance_m(rongshui, huixian) == pytest.approx(1_013_000, rel=0.005)


def test_a_degree_of_the_meridian_is_111_kilometres() -> None:
    assert distance_m(Point(0, 0), Point(1, 0)) == 111_195


@given(POINTS, POINTS, POINTS)
def test_distance_is_a_metric_on_the_globe(a: Point, b: Point, c: Point) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == distance_m(b, a) <= 20_015_200
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 2


@pytest.mark.parametrize(
    ("pinyin", "short", "latin"),
    [
        ("rong shui miao zu zi zhi xian", "融水", "Rongshui"),
        ("hui xian", "徽县", "Huixian"),
        ("xi an shi", "西安", "Xi'an"),
        ("lv liang shi", "吕梁", "Lüliang"),
        ("e shan yi zu zi zhi xian", "峨山", "Eshan"),
    ],
)
def test_a_name_in_latin_letters_is_spelled_as_on_maps(pinyin: str, short: str, latin: str) -> None:
    assert romanised(pinyin, short) == latin
