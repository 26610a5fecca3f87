"""The words of a catalogue, and which of them somebody meant who typed something that nothing has.

A name is cut into words by rjieba's dictionary; a word of one character stands with its neighbour.
Beside each word stand its sound and its neighbourhood: the word and the sound as they are and with
any one letter or character left out. Two spellings that differ by one letter too many, too few,
wrong or swapped share an entry of their neighbourhoods, so that an index finds one by the other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import lazy_pinyin

from countyfair.trade.catalog.rules.cutting import (
    HAN,
    LATIN,
    LONGEST_QUERY,
    cut,
    plain,
    singular,
    words_within,
)

#: Longer ones are no words; shorter Latin ones are too like each other to be mended.
LONGEST_WORD, SHORTEST_MENDED = 8, 4
#: From so many letters on, two may be wrong.
TWO_WRONG = 8
#: Of a shorter word the first letter is right.
BEGINS_ALIKE = 6

#: Letters of the longest piece of a run that is looked up.
_LONGEST_PIECE = 24

#: What each way of reading costs; the cheapest reading of all is taken.
_AS_TYPED, _TURNED, _SAME_SOUND, _MENDED, _LEFT_OUT = 0.2, 0.5, 1.0, 1.5, 2.0
#: Of the letters of a run so much may fit nowhere; beyond that it is not read at all.
_MOST_LEFT_OUT = 0.7

_NO_LETTER = re.compile(r"[^a-z]")
_TOKENS = re.compile(f"{HAN.pattern}|{LATIN.pattern}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the catalogue and how it sounds: pinyin without tones; a Latin word sounds as written."""

    word: str
    sound: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look up for a text: its pieces as words, their sounds, and neighbourhoods that may be meant."""

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Reading:
    cost: float
    words: tuple[str, ...] = field(compare=False)


def words_of(texts: Iterable[str]) -> set[str]:
    """Words by which a product may be asked for: single ones, neighbours together, and short names whole."""
    found: set[str] = set()
    for text in texts:
        for run in HAN.findall(plain(text)):
            words = cut(run)
            found |= {
                run,
                *words,
                *words_within(run),
                *(first + second for first, second in itertools.pairwise(words)),
            }
        latin = [word for word in LATIN.findall(plain(text)) if word.isalpha()]
        found |= {*latin, *map(singular, latin)}
    return {word for word in found if _is_word(word)}


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """Pinyin without tones; of a Latin word itself."""
    if not HAN.match(word):
        return word
    return _NO_LETTER.sub("", "".join(lazy_pinyin(word)))


def neighbourhood(word: str) -> set[str]:
    """The spellings by which a word is found although one letter or character is wrong."""
    return _neighbours(word, sound_of(word))


def _neighbours(word: str, sound: str) -> set[str]:
    by_sound = _shortened(sound) if len(sound) >= SHORTEST_MENDED else set()
    return by_sound | (_shortened(word) if HAN.match(word) and len(word) > 2 else set())


def asked_for(text: str) -> Asked:
    """What must be looked up to read a text."""
    words: set[str] = set()
    sounds: set[str] = set()
    near: set[str] = set()
    tokens = _tokens(text)
    for token in tokens:
        if HAN.match(token):
            pieces = _pieces(token, 2)
            whole = words_of([token])
            words |= pieces.union(*map(_turned, whole))
            sounds |= {sound_of(piece) for piece in pieces}
            near |= {one for piece in whole for one in neighbourhood(piece)}
        else:
            sounds |= _pieces(token, 2)
            near |= neighbourhood(token)
    if _all_letters(tokens):
        near |= neighbourhood("".join(tokens))
    return Asked(tuple(sorted(words)), tuple(sorted(sounds)), tuple(sorted(near)))


def read(text: str, known: Sequence[Word]) -> str:
    """What was meant, in words that are known; "" where that is what was typed, or nothing is like it."""
    tokens = _tokens(text)
    vocabulary = _Vocabulary(known)
    readings = [vocabulary.read(token) for token in tokens]
    if not all(readings) and _all_letters(tokens):
        joined = vocabulary.read("".join(tokens))
        readings = [joined] if joined else readings
    meant = " ".join(dict.fromkeys(word for words in readings for word in words))
    return "" if meant == " ".join(tokens) else meant


def distance(one: str, other: str) -> int:
    """Letters too many, too few, wrong, or swapped with their neighbour, at the least."""
    rows = [list(range(len(other) + 1))]
    for i, mine in enumerate(one, start=1):
        row = [i]
        for j, theirs in enumerate(other, start=1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


class _Vocabulary:
    """Known words by their characters, their sounds, and their neighbourhoods."""

    def __init__(self, known: Sequence[Word]) -> None:
        self.words = {one.word for one in known}
        self.by_sound: dict[str, list[str]] = {}
        self.near: dict[str, list[Word]] = {}
        for one in known:
            self.by_sound.setdefault(one.sound, []).append(one.word)
            for spelling in _neighbours(one.word, one.sound):
                self.near.setdefault(spelling, []).append(one)

    def read(self, token: str) -> tuple[str, ...]:
        return self._in_chinese(token) if HAN.match(token) else self._in_letters(token)

    def _in_chinese(self, run: str) -> tuple[str, ...]:
        """By characters as typed, turned round, by their sound, or with one wrong; what fits nowhere is left
        out."""
        may_be_mended = words_of([run])

        def way(piece: str) -> _Reading | None:
            if piece in self.words:
                return _Reading(_AS_TYPED, (piece,))
            if piece in may_be_mended and (turned := [one for one in _turned(piece) if one in self.words]):
                return _Reading(_TURNED, (turned[0],))
            if alike := self.by_sound.get(sound_of(piece)):
                least = min(distance(piece, one) for one in alike)
                return _Reading(_SAME_SOUND, (_one_of([w for w in alike if distance(piece, w) == least]),))
            return self._mended(piece) if piece in may_be_mended else None

        return _cheapest(run, way)

    def _in_letters(self, token: str) -> tuple[str, ...]:
        """Words run together, or one word with a letter wrong; what fits nowhere is left out."""

        def way(piece: str) -> _Reading | None:
            if alike := self.by_sound.get(piece):
                return _Reading(_AS_TYPED, (_one_of(alike),))
            return self._mended(piece) if piece == token else None

        return _cheapest(token, way)

    def _mended(self, typed: str) -> _Reading | None:
        """The known word that is least different from what was typed, if it is like it at all."""
        sound = sound_of(typed)
        found = {
            _Likeness(wrong, abs(len(sound) - len(one.sound)), one.sound, one.word)
            for spelling in _neighbours(typed, sound)
            for one in self.near.get(spelling, ())
            if (wrong := _wrong(typed, sound, one)) is not None
        }
        if not found:
            return None
        best = min(found)
        words = [one.word for one in found if (one.wrong, one.sound) == (best.wrong, best.sound)]
        return _Reading(_MENDED * best.wrong, (_one_of(words),))


@dataclass(frozen=True, slots=True, order=True)
class _Likeness:
    """How a known word differs from what was typed: in letters, in length; the least first."""

    wrong: int
    longer: int
    sound: str
    word: str


def _wrong(typed: str, sound: str, word: Word) -> int | None:
    """How many letters or characters are wrong; None where it is too unlike. A short word begins alike."""
    wrong = distance(sound, word.sound)
    if HAN.match(typed) and len(typed) > 2:
        wrong = min(wrong, distance(typed, word.word))
    if len(sound) < BEGINS_ALIKE and sound[0] != word.sound[0]:
        return None
    return wrong if wrong <= (2 if len(sound) >= TWO_WRONG else 1) else None


def _one_of(words: Sequence[str]) -> str:
    """The word; of several of one sound their sound, which finds them all."""
    return words[0] if len(set(words)) == 1 else sound_of(words[0])


def _cheapest(run: str, way: Callable[[str], _Reading | None]) -> tuple[str, ...]:
    """The cheapest way through a run, piece by piece; nothing where most of it would be left out."""
    best = [_Reading(0.0, ())]
    for end in range(1, len(run) + 1):
        ways = [_Reading(best[-1].cost + _LEFT_OUT, best[-1].words)]
        for start in range(max(0, end - _LONGEST_PIECE), end - 1):
            if found := way(run[start:end]):
                ways.append(_Reading(best[start].cost + found.cost, (*best[start].words, *found.words)))
        best.append(min(ways))
    return best[-1].words if best[-1].cost <= _LEFT_OUT * len(run) * _MOST_LEFT_OUT else ()


def _shortened(text: str) -> set[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _turned(word: str) -> list[str]:
    """A word of three characters or more begun at each of the others: 干香菇 as 香菇干. Of two, 蜂蜜 and 蜜蜂
    are different things."""
    if len(word) < 3 or not HAN.match(word):
        return []
    return [word[at:] + word[:at] for at in range(1, len(word))]


def _pieces(run: str, shortest: int) -> set[str]:
    return {
        run[start:end]
        for start in range(len(run))
        for end in range(start + shortest, min(len(run), start + _LONGEST_PIECE) + 1)
    }


def _tokens(text: str) -> list[str]:
    return _TOKENS.findall(plain(text)[:LONGEST_QUERY])


def _all_letters(tokens: Sequence[str]) -> bool:
    """Whether it may be one word in Latin letters that was written as several."""
    return len(tokens) > 1 and not any(HAN.match(token) for token in tokens)


def _is_word(word: str) -> bool:
    if HAN.match(word):
        return 2 <= len(word) <= LONGEST_WORD
    return len(word) > 2
