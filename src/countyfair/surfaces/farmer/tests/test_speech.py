"""Figures are said as people say them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from countyfair.surfaces.farmer import speech


@pytest.mark.parametrize(
    ("grams", "said"),
    [
        (1500, "三斤"),
        (1000, "两斤"),
        (250, "半斤"),
        (1750, "三斤半"),
        (1600, "三斤二两"),
        (60, "一两十克"),
        (0, "零斤"),
        (52_500, "一百零五斤"),
        (6_000, "十二斤"),
        (50_000_000, "十万斤"),
    ],
)
def test_a_mass_is_said_in_jin_and_liang(grams: int, said: str) -> None:
    with override("zh-hans"):
        assert speech.mass(grams) == said


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (2000, "二十元"),
        (1250, "十二元五角"),
        (203, "两元零三分"),
        (50, "五角"),
        (0, "零元"),
        (-1205, "负十二元零五分"),
        (101_010, "一千零一十元一角"),
    ],
)
def test_a_sum_is_said_in_yuan_and_jiao(fen: int, said: str) -> None:
    with override("zh-hans"):
        assert speech.money(fen) == said


def test_in_english_it_is_said_in_english() -> None:
    with override("en"):
        assert (speech.mass(1600), speech.money(1250)) == ("3.2 jin", "12.5 yuan")
        assert speech.the_day(date(2026, 11, 24), date(2026, 11, 23)) == "tomorrow"
