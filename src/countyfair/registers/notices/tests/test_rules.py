"""The table of kinds holds to what it demands of a county's own words."""

from __future__ import annotations

import pytest

from countyfair.registers.notices.rules import CHANNELS, KINDS, TOPICS, checked, filled


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_house_s_own_words_fit_an_sms_and_name_only_what_there_is(name: str, language: str) -> None:
    kind = KINDS[name]
    words = kind.en if language == "en" else kind.zh
    assert checked(kind, language, words) == words
    assert kind.topic in TOPICS
    assert set(kind.channels) <= set(CHANNELS)


def test_a_value_that_is_not_there_leaves_nothing_behind() -> None:
    assert filled("a{x}b{y}", {"x": "1"}) == "a1b"
    assert filled("{x}", {"x": "{y}", "y": "no"}) == "{y}"
