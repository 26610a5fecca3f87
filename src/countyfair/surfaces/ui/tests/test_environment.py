"""What templates can name: sentences and drawings that are made once a process."""

from __future__ import annotations

from typing import cast

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import override
from jinja2.runtime import Macro

from countyfair.surfaces.ui.environment import drawn, say


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
