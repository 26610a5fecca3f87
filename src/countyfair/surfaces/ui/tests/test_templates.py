"""Templates of all surfaces: every word can be translated, every picture is on the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

import countyfair

SOURCE = Path(countyfair.__file__).parent
ICONS = SOURCE.parent.parent / "frontend" / "icons.txt"
HOLE = "\x00"
#: Attributes that are read out or shown.
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-busy|data-again)\s*=\s*"([^"]*)"')
WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
#: Words that are the same in every language, and what the catalogue of components makes up.
UNTRANSLATED = {"中文", "English", "kbd", "RS"}
LEXER = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lexer
MADE_UP = SOURCE / "surfaces" / "ui" / "jinja2" / "ui" / "design"


def templates() -> list[Path]:
    return sorted(path for folder in SOURCE.glob("**/jinja2") for path in folder.rglob("*.html"))


def bare(source: str) -> Iterator[tuple[int, str]]:
    """Words between tags, or in attributes that are read out, which no gettext call holds."""
    flat = _without_code(source)
    flat = re.sub(r"<!--.*?-->", _blank, flat, flags=re.DOTALL)
    for match in SPOKEN.finditer(flat):
        if WORD.search(match[1]):
            yield flat.count("\n", 0, match.start()) + 1, match[1]
    shown = re.sub(r"<(script|style)\b.*?</\1>", _blank, flat, flags=re.DOTALL)
    shown = re.sub(r"<[^<>]*>", _blank, shown)
    shown = re.sub(r"&\w+;", " ", shown)
    for number, line in enumerate(shown.split("\n"), 1):
        if WORD.search(line) and not UNTRANSLATED & set(re.findall(r"\w+", line)):
            yield number, line.strip(f" {HOLE}")


def _without_code(source: str) -> str:
    """The template with every tag, expression, comment and translated passage blanked out, line by line."""
    kept, translated = [], False
    for _line, kind, text in LEXER.tokeniter(source, None):
        if kind == "name" and text in {"trans", "endtrans"}:
            translated = text == "trans"
        plain = kind == "data" and not translated
        kept.append(text if plain else HOLE + "\n" * text.count("\n"))
    return "".join(kept)


def _blank(match: re.Match[str]) -> str:
    return " " + "\n" * match[0].count("\n")


def test_no_word_is_left_bare() -> None:
    found = []
    for path in templates():
        if MADE_UP in path.parents:
            continue
        found += [
            f"{path.relative_to(SOURCE)}:{line}: {text}" for line, text in bare(path.read_text("utf-8"))
        ]
    assert found == [], "put it into {{ _(…) }}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ("<p>\n{{ x }} 你好</p>", ["你好"]),
        ('<img alt="A pear">', ["A pear"]),
        ('<a title="{{ _("All") }}">{{ _("All") }}</a>', []),
        ("{% trans %}Hello {{ x }}{% endtrans %}<b>¥ 3</b>", []),
        ("{# Only a note #}<p>&nbsp;{{ money(3) }} · —</p>", []),
    ],
)
def test_the_search_for_bare_words_finds_them(source: str, words: list[str]) -> None:
    assert [text for _line, text in bare(source)] == words


def test_every_picture_and_sign_is_on_the_list() -> None:
    lines = [line.split() for line in ICONS.read_text("utf-8").splitlines() if line and line[0] != "#"]
    listed = {(kind, name) for kind, name in lines}
    assert len(listed) == len(lines), "a name stands twice"
    missing = []
    for path in templates():
        text = path.read_text("utf-8")
        used = [("food", name) for name in re.findall(r'\bfood(?:_name)?[(=]\s*"([\w-]+)"', text)]
        used += [("sign", name) for name in re.findall(r'\bsign(?:_name)?[(=]\s*"([\w-]+)"', text)]
        missing += [
            f"{path.relative_to(SOURCE)}: {kind} {name}" for kind, name in used if (kind, name) not in listed
        ]
    assert missing == []


def test_a_text_has_one_translation_in_the_whole_house() -> None:
    """Django lays all catalogues over each other: of two translations one would vanish."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    clashes = []
    for path in sorted(SOURCE.glob("**/locale/zh_Hans/LC_MESSAGES/django.po")):
        owner = str(path.relative_to(SOURCE).parents[3])
        with path.open("rb") as text:
            for message in read_po(text, locale="zh_Hans"):
                if not message.id or not message.string:
                    continue  # the header; what is not translated yet is for `countyfair messages --check`
                key = (message.context or "", str(message.id))
                first = seen.setdefault(key, (owner, str(message.string)))
                if first[1] != str(message.string):
                    clashes.append(f"{key[1]!r}: {first[1]!r} in {first[0]}, {message.string!r} in {owner}")
    assert clashes == [], "use one translation, or pgettext where the meanings differ"


def test_no_template_carries_a_script_or_a_style() -> None:
    found = []
    for path in templates():
        text = path.read_text("utf-8")
        if re.search(r"<script\b(?![^>]*\bsrc=)|<style\b|\sstyle=|\son\w+=\"", text):
            found.append(str(path.relative_to(SOURCE)))
    assert found == []
