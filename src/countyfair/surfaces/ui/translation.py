"""Sentences in the reader's language, each looked up once a process and language.

Django asks each application's catalogue in turn, some twenty of them.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation


def gettext(message: str) -> str:
    """What `message` is in the language of this request."""
    return _known(translation.get_language() or "", message)


@lru_cache(maxsize=8192)
def _known(language: str, message: str) -> str:
    return translation.gettext(message)
