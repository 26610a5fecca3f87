"""Templates compiled for a language: the same page as without, with less to do."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import cast

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import Client
from django.utils.translation import override
from jinja2 import DictLoader, Environment

from countyfair.surfaces.ui import page
from countyfair.surfaces.ui.environment import in_language, sign
from countyfair.surfaces.ui.wording import text_of

LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}
#: What is another at every rendering: ids of forms, tokens against forged ones.
NEW_EACH_TIME = re.compile(r'value="[0-9a-f-]{36}"|value="[A-Za-z0-9]{64}"')


def _base() -> Environment:
    return cast(Jinja2, engines["jinja2"]).env


def _made(environment: Environment, source: str, **values: object) -> str:
    return environment.from_string(source).render(**values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", ["", "goods/", "forms/", "station/", "centre/", "account/"])
def test_every_component_is_drawn_as_without(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, look: str
) -> None:
    def body() -> str:
        answer = client.get(f"/design/{look}", headers={"accept-language": LANGUAGES[language]})
        assert answer.status_code == 200
        return NEW_EACH_TIME.sub("value", answer.content.decode())

    worded = body()
    monkeypatch.setattr(page, "_environment", lambda language: _base())
    assert worded == body()


def test_sentences_addresses_and_components_of_constants_are_text_of_the_code() -> None:
    source = '{{ ui.button(_("Search"), "main") }}{{ url("shop:home") }}{{ page.lang }}{{ _("100 %%") }}'
    environment = in_language(_base(), "en")
    code = environment.compile(source, raw=True)
    assert "components" not in code
    assert "known" not in code
    with override("en"):
        assert _made(environment, source) == _made(_base(), source.replace("page.lang", '"en"'))


def test_values_are_put_into_a_sentence_when_they_are_known_and_escaped() -> None:
    source = '{{ _("Of %(price)s the household that grew it gets %(share)s.", price=price, share="<b>") }}'
    for language in LANGUAGES:
        with override(language):
            made = _made(in_language(_base(), language), source, price="<i>&")
            assert made == _made(_base(), source, price="<i>&")
            assert "&lt;i&gt;&amp;" in made
            assert "&lt;b&gt;" in made


def test_a_form_has_an_id_of_its_own_each_time() -> None:
    environment = in_language(_base(), "en")
    source = "{% call ui.form(page) %}x{% endcall %}{{ new_id() }}"
    shown = [_made(environment, source, page=SimpleNamespace(path="/", csrf="-")) for _ in range(2)]
    assert shown[0] != shown[1]


def test_text_is_escaped_unless_it_is_markup() -> None:
    assert text_of("<b>") == "&lt;b&gt;"
    assert text_of('"') == "&#34;"
    assert text_of("plain 中文") == "plain 中文"
    assert text_of(sign("basket")).startswith("<svg")
    assert text_of(7) == "7"
    assert text_of(None) == "None"


def test_a_component_refuses_what_it_does_not_take() -> None:
    with pytest.raises(TypeError, match="wihde"):
        _made(in_language(_base(), "en"), "{{ ui.picture(food, wihde=true) }}", food="tea")


def test_pieces_of_blocks_and_layouts_come_in_their_order() -> None:
    inner = "{% block two %}{% block three %}d{% endblock %}{% endblock %}"
    layout = "a{% block one %}b{{ x }}{% endblock %}c" + inner + "e"
    blocks = "{% block one %}[{{ super() }}]{% endblock %}{% block three %}{{ x }}{% endblock %}"
    child = "{% extends 'layout' %}" + blocks
    environment = in_language(_base(), "en")
    environment.loader = DictLoader({"layout": layout, "child": child})
    assert environment.get_template("child").render(x="<") == "a[b&lt;]c&lt;e"
