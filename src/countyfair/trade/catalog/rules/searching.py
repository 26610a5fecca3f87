"""How a product is found: by Chinese characters, by pinyin, by initials, by English words, by code.

A product is kept as weighted lexemes: each Chinese character and each pair of neighbours, the
pinyin from every character on (`heinuomi`, `nuomi`, `mi`), the initials likewise (`hnm`, `nm`,
`m`), English words, and the code. A query's Chinese must match in pairs; its Latin words match
from their beginning. Lexemes are made here, never by the database's parser, which does not cut
Chinese.
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


def search_terms(*, name_zh: str, name_en: str, code: str, others: Iterable[str] = ()) -> str:
    """The text of a `tsvector`: names and code at weight A, `others` (category, places, shop) at B."""
    first = {*_characters(name_zh), *_sounds(name_zh), *_words(f"{name_zh} {name_en} {code}")}
    second = {term for text in others for term in (*_characters(text), *_sounds(text), *_words(text))}
    return " ".join(
        [f"'{term}':1A" for term in sorted(first)] + [f"'{term}':2B" for term in sorted(second - first)]
    )


def search_query(text: str) -> str:
    """The text of a `tsquery` for what somebody typed; "" when there is nothing to look for."""
    plain = _plain(text)[:LONGEST_QUERY]
    terms = [f"'{term}'" for run in _HAN.findall(plain) for term in _pairs(run)]
    terms += [f"'{word}':*" for word in _LATIN.findall(plain)]
    return " & ".join(dict.fromkeys(terms))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("'", "")


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def _characters(text: str) -> set[str]:
    return {term for run in _HAN.findall(_plain(text)) for term in (*run, *_pairs(run))}


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
