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
from collections.abc import Iterable

from pypinyin import lazy_pinyin

from countyfair.trade.catalog.rules.cutting import HAN, LATIN, LONGEST_QUERY, plain, singular

#: Marks a lexeme that is not of the product's own names and code.
_BESIDE = "~"
#: Beginnings up to so many letters are lexemes of their own, by mark.
_BEGINNING = {"": 8, _BESIDE: 3}


def search_terms(
    *,
    name_zh: str,
    name_en: str,
    code: str,
    variety_zh: str = "",
    variety_en: str = "",
    others: Iterable[str] = (),
) -> str:
    """The text of a `tsvector`: of names, variety, code, and marked, of `others`: category, places, shop."""
    named = (name_zh, variety_zh)
    own = {term for text in named for term in (*_characters(text, 3), *_sounds(text))}
    own |= _words(" ".join((*named, name_en, variety_en, code)))
    beside = {term for text in others for term in (*_characters(text, 2), *_sounds(text), *_words(text))}
    terms = (
        own | _beginnings(own, "") | {f"{_BESIDE}{term}" for term in beside | _beginnings(beside, _BESIDE)}
    )
    return " ".join(f"'{term}'" for term in sorted(terms))


def search_query(text: str) -> str:
    """The text of a `tsquery` for what somebody typed; "" when there is nothing to look for.

    Each run of Chinese must stand in a name as it is, or beside it; each Latin word must begin something in
    either, or be the plural of something.
    """
    runs, words = _tokens(text)
    return " & ".join(
        [f"({_all(run, 3)} | {_all(run, 2, _BESIDE)})" for run in runs]
        + [f"({_latin(word)} | {_latin(word, _BESIDE)})" for word in words]
    )


def search_names(text: str) -> str:
    """Like `search_query`, but in names, varieties and codes alone, and each run as it is."""
    runs, words = _tokens(text)
    return " & ".join([_all(run, 3) for run in runs] + [f"({_latin(word)})" for word in words])


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """Runs of Chinese, and Latin words."""
    asked = plain(text)[:LONGEST_QUERY]
    return HAN.findall(asked), LATIN.findall(asked)


def _all(run: str, length: int, mark: str = "") -> str:
    """All pieces of a run, which then mostly stand together."""
    return " & ".join(dict.fromkeys(f"'{mark}{piece}'" for piece in _pieces(run, length)))


def _latin(word: str, mark: str = "") -> str:
    """What begins with the word, or is its singular."""
    one = singular(word)
    return f"{_beginning(word, mark)} | '{mark}{one}'" if one else _beginning(word, mark)


def _beginning(word: str, mark: str) -> str:
    return f"'{mark}{word}':*" if len(word) > _BEGINNING[mark] else f"'{mark}^{word}'"


def _beginnings(terms: set[str], mark: str) -> set[str]:
    return {
        f"^{term[:length]}"
        for term in terms
        if LATIN.match(term)
        for length in range(1, min(_BEGINNING[mark], len(term)) + 1)
    }


def _pieces(run: str, length: int) -> list[str]:
    """Neighbours in a run, so many together; the run itself where it is shorter."""
    return [run[i : i + length] for i in range(max(1, len(run) - length + 1))]


def _characters(text: str, longest: int) -> set[str]:
    return {
        piece
        for run in HAN.findall(plain(text))
        for length in range(1, longest + 1)
        for piece in _pieces(run, length)
    }


def _sounds(text: str) -> set[str]:
    """Pinyin and initials from each character to the end of its run, at most 12 characters."""
    found: set[str] = set()
    for run in HAN.findall(plain(text)):
        syllables = [re.sub(r"[^a-z]", "", syllable) for syllable in lazy_pinyin(run)]
        for start in range(len(syllables)):
            tail = [syllable for syllable in syllables[start : start + 12] if syllable]
            found |= {"".join(tail), "".join(syllable[0] for syllable in tail)}
    return found - {""}


def _words(text: str) -> set[str]:
    return set(LATIN.findall(plain(text)))
