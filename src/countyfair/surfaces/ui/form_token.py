"""The token of a form: Django's own secret, masked anew for each page, at a sixth of the cost."""

from __future__ import annotations

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_COUNT = len(CSRF_ALLOWED_CHARS)
_AT = {letter: at for at, letter in enumerate(CSRF_ALLOWED_CHARS)}
#: Bytes that would make some letters likelier than others.
_UNEVEN = bytes(range(256 - 256 % _COUNT, 256))


def form_token(request: HttpRequest) -> str:
    """What a form of this page sends back to show that it is ours.

    Whoever has the cookie keeps it as it is; Django would send it again with every form.
    """
    secret = request.META.get("CSRF_COOKIE", "")
    if len(secret) == CSRF_SECRET_LENGTH:
        return masked(secret)
    secret = _text(_mask())
    #: What Django's guard reads when it answers: a new secret, and that its cookie is to be set.
    request.META |= {"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    return masked(secret)


def masked(secret: str) -> str:
    """Another text each time, of which Django makes the secret again: 64 letters, the mask and the sum.

    The same text on each page could be guessed letter by letter from how well pages pack (BREACH).
    """
    mask = _mask()
    total = "".join(
        [CSRF_ALLOWED_CHARS[(_AT[letter] + by) % _COUNT] for letter, by in zip(secret, mask, strict=True)]
    )
    return _text(mask) + total


def _text(letters: list[int]) -> str:
    return "".join([CSRF_ALLOWED_CHARS[at] for at in letters])


def _mask() -> list[int]:
    even = b""
    while len(even) < CSRF_SECRET_LENGTH:
        even += secrets.token_bytes(CSRF_SECRET_LENGTH + 8).translate(None, _UNEVEN)
    return [each % _COUNT for each in even[:CSRF_SECRET_LENGTH]]
