"""How a text is cut: runs of Chinese, Latin words, and the words in a run of Chinese."""

from __future__ import annotations

import re
import unicodedata

import rjieba

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
LATIN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")

#: What a query may have at most, so that nobody makes the database work for a page of text.
LONGEST_QUERY = 60


def plain(text: str) -> str:
    """A text as it is compared: half-width, small letters, no apostrophes."""
    return unicodedata.normalize("NFKC", text).lower().replace("'", "")


def cut(run: str) -> list[str]:
    """A run of Chinese cut into words by a dictionary; a word of one character stands with its neighbour."""
    words: list[str] = []
    held = ""
    for piece in rjieba.cut(run):
        if len(piece) == 1 and not held:
            held = piece
            continue
        words.append(held + piece)
        held = ""
    if held and words:
        words[-1] += held
    elif held:
        words.append(held)
    return words


def words_within(run: str) -> list[str]:
    """All words of a run, those inside others too."""
    return list(rjieba.cut_for_search(run))


def singular(word: str) -> str:
    """Of an English plural its singular, else ""."""
    if len(word) < 4 or not word.isalpha() or not word.endswith("s") or word.endswith("ss"):
        return ""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("oes", "ches", "shes", "xes")) else word[:-1]
