"""Components: what they write, and that they escape what they are given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import Environment, UndefinedError

from countyfair.surfaces.ui import environment
from countyfair.surfaces.ui.assets import Assets
from countyfair.surfaces.ui.page import Page

HOSTILE = "\"><script>alert(1)</script>'"


@pytest.fixture
def env() -> Environment:
    engine: Any = engines["jinja2"]
    found: Environment = engine.env
    return found


def write(env: Environment, source: str, **context: object) -> str:
    page = Page(RequestFactory().post("/form/"), "shop")
    with translation.override("en"):
        return env.from_string(source).render(page=page, **context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.button(x, 'main', name=x, value=x, busy=x) }}",
        "{{ ui.link_button(x, x) }}",
        "{{ ui.field('name', x, x, hint=x, error=x, unit=x, attrs={'data-x': x}) }}",
        "{{ ui.textarea('name', x, x) }}",
        "{{ ui.select('name', x, [(x, x)], x, empty=x) }}",
        "{{ ui.radios('name', x, [(x, x, x)], x, error=x) }}",
        "{{ ui.stepper('name', x, 1, error=x) }}",
        "{{ ui.search('/', x, x, keep={x: x}) }}",
        "{{ ui.stall(x, x, 100, x, x, tag_html=x) }}",
        "{{ ui.tag('done', x) }}{{ ui.notice('done', x, x) }}{{ ui.toast('done', x) }}",
        "{{ ui.table(x, [(x, x)], rows=[[x]], foot=[x]) }}",
        "{{ ui.steps([('done', x, x)], x) }}{{ ui.progress([x], 1, x) }}",
        "{{ ui.tabs([(x, x, 3)], x, x) }}{{ ui.crumbs([(x, x), (x, '')]) }}",
        "{{ ui.photo(x, x, 1, 1, x, x) }}{{ ui.tile(x, x, 'pear', x, 3, x) }}",
        "{{ ui.errors([('name', x), ('', x)]) }}{{ ui.facts([(x, x)]) }}{{ ui.stat(x, x, x, x) }}",
        "{% call ui.form(page, x, once=x) %}{{ x }}{% endcall %}",
        "{% call ui.state('empty', x, x) %}{{ x }}{% endcall %}",
    ],
)
def test_what_people_wrote_never_becomes_markup(env: Environment, source: str) -> None:
    written = write(env, source, x=HOSTILE)
    assert "<script>" not in written
    assert "&lt;script&gt;" in written


def test_a_form_carries_its_token_and_an_id_of_its_own(env: Environment) -> None:
    source = "{% call ui.form(page, '/') %}{% endcall %}"
    ids = {re.search(r'name="once" value="([0-9a-f-]{36})"', write(env, source)) for _time in range(2)}
    assert None not in ids
    assert len({found[1] for found in ids if found}) == 2
    assert "csrfmiddlewaretoken" in write(env, source)
    assert "csrfmiddlewaretoken" not in write(env, "{% call ui.form(page, '/', method='get') %}{% endcall %}")


def test_a_form_shown_again_keeps_its_id(env: Environment) -> None:
    written = write(env, "{% call ui.form(page, '/', once='the-first') %}{% endcall %}")
    assert 'name="once" value="the-first"' in written


def test_an_error_stands_at_its_field_and_is_tied_to_it(env: Environment) -> None:
    written = write(env, "{{ ui.field('phone', 'Phone', '1', hint='Eleven digits.', error='Too short.') }}")
    assert 'aria-invalid="true"' in written
    described = re.search(r'aria-describedby="([^"]+)"', written)
    assert described
    assert all(f'id="{name}"' in written for name in described[1].split())


class SampleForm(forms.Form):
    phone = forms.CharField(label="Phone", help_text="Eleven digits.")
    grade = forms.ChoiceField(label="Grade", choices=[("1", "First"), ("2", "Second")])
    agree = forms.BooleanField(label="Agreed")
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput, required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


def test_a_django_form_is_dressed_in_the_same_components(env: Environment) -> None:
    form = SampleForm({"grade": "2", "secret": "not shown again", "note": "kept"})
    source = "{{ ui.form_errors(form) }}{% for item in form %}{{ ui.bound(item) }}{% endfor %}"
    written = write(env, source, form=form)
    assert 'href="#f-phone"' in written
    assert '<option value="2" selected>' in written
    assert ">kept</textarea>" in written
    assert "not shown again" not in written


def test_a_component_that_does_not_exist_says_where_to_look(env: Environment) -> None:
    with pytest.raises((AttributeError, UndefinedError), match=r"README|knob"):
        write(env, "{{ ui.knob('x') }}")


def test_every_component_is_in_the_readme(env: Environment) -> None:
    readme = (Path(environment.__file__).parent / "README.md").read_text("utf-8")
    written = {name for file in environment.KIT for name in re.findall(r"{% macro (\w+)", text_of(file))}
    inner = {"framed_field", "described", "choices", "table_row", "toasts", "toast", "place_options"}
    layouts = {"brand", "language_switch", "theme_switch"}
    assert {name for name in written if f"ui.{name}" not in readme} <= inner | layouts


def text_of(template: str) -> str:
    return (Path(environment.__file__).parent / "jinja2" / template).read_text("utf-8")


def test_tags_of_an_entry_point_bring_its_styles_first() -> None:
    built = Assets(
        {
            "src/shop.ts": {"file": "a/shop-1.js", "css": ["a/shop-1.css"], "imports": ["_once.js"]},
            "_once.js": {"file": "a/once-1.js"},
        },
        "/static/",
    )
    assert built.head("shop").split("\n") == [
        '<link rel="stylesheet" href="/static/a/shop-1.css">',
        '<link rel="modulepreload" href="/static/a/once-1.js">',
        '<script type="module" src="/static/a/shop-1.js"></script>',
    ]


def test_pages_are_written_without_a_front_end_too() -> None:
    unbuilt = Assets({}, "/static/")
    assert unbuilt.head("shop") == ""
    assert unbuilt.url("food/pear.svg") == "/static/food/pear.svg"
