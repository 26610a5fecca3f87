"""What templates can name: sentences and drawings that are made once a process."""

from __future__ import annotations

from typing import cast

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from jinja2.runtime import Macro

from countyfair.kernel.ids import uuid7
from countyfair.surfaces.ui.environment import drawn, say, url


def _macro(source: str) -> Macro:
    made = cast(Jinja2, engines["jinja2"]).env.from_string(source).module.__dict__["made"]
    assert isinstance(made, Macro)
    return made


def test_a_sentence_is_said_in_the_language_of_the_page() -> None:
    for _ in range(2):
        with override("zh-hans"):
            assert say("Skip to the content") != "Skip to the content"
        with override("en"):
            assert say("Skip to the content") == "Skip to the content"


def test_what_is_put_into_a_sentence_is_escaped_and_the_sentence_not() -> None:
    with override("en"):
        assert say("<b>%(name)s</b>", name="<script>") == "<b>&lt;script&gt;</b>"
        assert say("100 %%") == "100 %"


def test_a_drawing_is_made_anew_for_another_value_and_another_language() -> None:
    made = _macro("{% macro made(name) %}{{ name }}: {{ _('Skip to the content') }}{% endmacro %}")
    with override("en"):
        first = drawn(made, "<a>")
        assert first == "&lt;a&gt;: Skip to the content"
        assert drawn(made, "<a>") is first
        assert drawn(made, "b") != first
    with override("zh-hans"):
        assert drawn(made, "<a>") != first


def test_an_address_is_what_django_finds_whatever_the_id() -> None:
    order, token = uuid7(), "dG9rZW4_of-twenty-letters_and_more"
    cases: list[tuple[str, tuple[object, ...]]] = [
        ("shop:home", ()),
        ("shop:product", (order,)),
        ("shop:order_by_link", (order, token)),
        ("shop:checkout", ("450225",)),
        ("shop:stall", ("450225", "a-stall-with-a-long-name-of-its-own")),
    ]
    for _ in range(2):
        for name, args in cases:
            assert url(name, *args) == reverse(name, args=args or None)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        url("shop:product", "no id")
    with pytest.raises(NoReverseMatch):
        url("shop:stall", uuid7(), "with a space")
