"""Sealing of personal data: authenticated encryption per field, and keyed hashes to match it.

Keys come from `COUNTYFAIR_SEAL_KEYS`: the first seals, every one opens, so that keys can be
changed without re-sealing all at once. Each purpose has a key of its own derived by HKDF
(RFC 5869), so that a sealed phone number cannot be read as an identity number.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """The text was not sealed with any of our keys for this purpose."""


def seal(text: str, purpose: str) -> str:
    """Ciphertext of `text`; two calls give two different ciphertexts."""
    return _box(purpose, tuple(settings.COUNTYFAIR_SEAL_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text again.

    Raises:
        SealBroken: changed, or sealed for another purpose or with a key we do not hold.
    """
    try:
        return _box(purpose, tuple(settings.COUNTYFAIR_SEAL_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


def blind(text: str, purpose: str) -> str:
    """A keyed hash (HMAC-SHA-256, 64 hex digits) that finds equal texts without reading them."""
    key = _derived(settings.COUNTYFAIR_BLIND_KEY, f"blind:{purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def link_token(text: str, purpose: str) -> str:
    """An unguessable token for a link to `text` (22 URL-safe characters, 128 bits)."""
    key = _derived(settings.SECRET_KEY, f"link:{purpose}")
    return (
        base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()[:16])
        .decode()
        .rstrip("=")
    )


def token_matches(token: str, text: str, purpose: str) -> bool:
    """Whether `token` is the link token of `text`, compared in constant time."""
    return hmac.compare_digest(token.encode(), link_token(text, purpose).encode())


@functools.lru_cache(maxsize=64)
def _box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, f"seal:{purpose}"))) for key in keys])


@functools.lru_cache(maxsize=256)
def _derived(secret: str, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"countyfair", info=info.encode()).derive(secret.encode())
