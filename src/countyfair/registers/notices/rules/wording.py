"""Filling words with values, and what a county's own words must hold to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.registers.notices.rules.kinds import Kind, Words

_NAMED = re.compile(r"\{([a-z_]*)\}")
#: Signs of one SMS: 70 in Chinese (UCS-2), 160 in English (GSM 7-bit).
LONGEST = {"zh-hans": 70, "en": 160}
#: Signs that a value is counted with when the length of an SMS is judged.
VALUE = 12


def of_language(kind: Kind, language: str) -> Words:
    """The table's words for a language; Chinese where it has none."""
    return kind.en if language.startswith("en") else kind.zh


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its values put in; one that is not there is left out."""
    return _NAMED.sub(lambda found: values.get(found[1], ""), text)


def checked(kind: Kind, language: str, words: Words) -> Words:
    """A county's own words, tidied.

    Raises:
        Invalid: an empty or too long text, a value that this kind has not, or a secret one on a page.
    """
    tidy = Words(words.title.strip(), words.short.strip(), words.long.strip())
    for field, text, known, most in (
        ("title", tidy.title, kind.values, 60),
        ("short", tidy.short, (*kind.values, *kind.secret), LONGEST[language]),
        ("long", tidy.long, kind.values, 600),
    ):
        if not text:
            raise Invalid(_("Write a text, or leave all three empty for the house's own."), field=field)
        foreign = sorted(set(_NAMED.findall(text)) - set(known))
        if foreign:
            raise Invalid(
                _("This news does not know %(names)s. It knows: %(known)s.")
                % {"names": ", ".join(foreign), "known": ", ".join(f"{{{name}}}" for name in known)},
                field=field,
            )
        length = len(_NAMED.sub("x" * VALUE, text))
        if length > most:
            raise Invalid(
                _("With its values filled in this is %(length)d characters; at most %(most)d fit.")
                % {"length": length, "most": most},
                field=field,
            )
    return tidy
