"""Sentences in the reader's language, each looked up once a process and language.

Django asks each application's catalogue in turn, some twenty of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from types import TracebackType

from django.utils import translation

from countyfair.kernel.refusal import Sentence

_language: ContextVar[str] = ContextVar("language", default="")


class Speaking(translation.override):
    """Django's `override`, whose language `spoken` finds without Django's long way to it.

    Surfaces change the language by this alone, so that the two never differ.
    """

    def __enter__(self) -> None:
        super().__enter__()
        self._before = _language.set(self.language or "")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _language.reset(self._before)
        super().__exit__(kind, error, trace)


def spoken() -> str:
    """The language that is spoken: a code of the settings, "" for none. A page asks a hundred times."""
    return _language.get() or translation.get_language() or ""


class Words(Mapping[str, str]):
    """Names of the states and kinds of things in the language that is spoken, each looked up once."""

    def __init__(self, words: Mapping[str, Sentence]) -> None:
        self._words = words
        self._spoken: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> str:
        language = spoken()
        known = self._spoken.get(language)
        if known is None:
            known = self._spoken[language] = {key: str(word) for key, word in self._words.items()}
        return known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def gettext(message: str) -> str:
    """What `message` is in the language of this request."""
    return _known(spoken(), message)


@lru_cache(maxsize=8192)
def _known(language: str, message: str) -> str:
    return translation.gettext(message)
