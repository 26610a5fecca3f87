"""How a product is found: by Chinese characters, by pinyin, by initials, by English words, by code.

A product is kept as lexemes: its Chinese characters, pairs and threes of neighbours, the pinyin
from every character on (`heinuomi`, `nuomi`, `mi`), the initials likewise (`hnm`, `nm`, `m`),
English words, and the code. What is not of its own names and code (category, places, shop) is
marked `~`, so that an index tells names from the rest; it has no threes. A query's Chinese must
match in threes, or in pairs beside the names; its Latin words match from their beginning. The
beginnings of Latin lexemes are lexemes of their own, marked `^`: what begins with one letter is one
entry of the index, not thousands. They are longer in names, which are asked for most. Lexemes are
made here, never by the database's parser, which does not cut Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")

#: What a query may have at most, so that nobody makes the database work for a page of text.
LONGEST_QUERY = 60

#: Marks a lexeme that is not of the product's own names and code.
_BESIDE = "~"
#: Beginnings up to so many letters are lexemes of their own, by mark.
_BEGINNING = {"": 8, _BESIDE: 3}


def search_terms(*, name_zh: str, name_en: str, code: str, others: Iterable[str] = ()) -> str:
    """The text of a `tsvector`: of names and code, and marked, of `others` (category, places, shop)."""
    own = {*_characters(name_zh, 3), *_sounds(name_zh), *_words(f"{name_zh} {name_en} {code}")}
    beside = {term for text in others for term in (*_characters(text, 2), *_sounds(text), *_words(text))}
    terms = (
        own | _beginnings(own, "") | {f"{_BESIDE}{term}" for term in beside | _beginnings(beside, _BESIDE)}
    )
    return " ".join(f"'{term}'" for term in sorted(terms))


def search_query(text: str) -> str:
    """The text of a `tsquery` for what somebody typed; "" when there is nothing to look for."""
    return " & ".join(
        f"({_all(in_names)} | {_all(beside)})"
        for in_names, beside in zip(_asked(text, 3), _asked(text, 2, _BESIDE), strict=True)
    )


def search_names(text: str) -> str:
    """Like `search_query`, but in names and codes alone."""
    return " & ".join(_all(terms) for terms in _asked(text, 3))


def _asked(text: str, length: int, mark: str = "") -> list[list[str]]:
    """For each run of Chinese and each Latin word the lexemes that must match."""
    plain = _plain(text)[:LONGEST_QUERY]
    runs = [[f"'{mark}{term}'" for term in _pieces(run, length)] for run in _HAN.findall(plain)]
    return runs + [[_beginning(word, mark)] for word in _LATIN.findall(plain)]


def _all(terms: list[str]) -> str:
    return " & ".join(dict.fromkeys(terms))


def _beginning(word: str, mark: str) -> str:
    return f"'{mark}{word}':*" if len(word) > _BEGINNING[mark] else f"'{mark}^{word}'"


def _beginnings(terms: set[str], mark: str) -> set[str]:
    return {
        f"^{term[:length]}"
        for term in terms
        if _LATIN.match(term)
        for length in range(1, min(_BEGINNING[mark], len(term)) + 1)
    }


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("'", "")


def _pieces(run: str, length: int) -> list[str]:
    """Neighbours in a run, so many together; the run itself where it is shorter."""
    return [run[i : i + length] for i in range(max(1, len(run) - length + 1))]


def _characters(text: str, longest: int) -> set[str]:
    return {
        piece
        for run in _HAN.findall(_plain(text))
        for length in range(1, longest + 1)
        for piece in _pieces(run, length)
    }


def _sounds(text: str) -> set[str]:
    """Pinyin and initials from each character to the end of its run, at most 12 characters."""
    found: set[str] = set()
    for run in _HAN.findall(_plain(text)):
        syllables = [re.sub(r"[^a-z]", "", syllable) for syllable in lazy_pinyin(run)]
        for start in range(len(syllables)):
            tail = [syllable for syllable in syllables[start : start + 12] if syllable]
            found |= {"".join(tail), "".join(syllable[0] for syllable in tail)}
    return found - {""}


def _words(text: str) -> set[str]:
    return set(_LATIN.findall(_plain(text)))
