"""Sealing of personal data: authenticated encryption per field, and keyed hashes to match it.

AES-256 in Galois/counter mode with a random nonce (NIST SP 800-38D); what was sealed before, with
Fernet, still opens. Keys come from `COUNTYFAIR_SEAL_KEYS`: the first seals, every one opens, so that
keys can be changed without re-sealing all at once. Each purpose has a key of its own derived by
HKDF (RFC 5869), so that a sealed phone number cannot be read as an identity number.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Begins what is sealed now; Fernet's begins with its version byte.
_MARK = "2."
#: Bytes of a nonce.
_NONCE = 12


class SealBroken(Exception):
    """The text was not sealed with any of our keys for this purpose."""


def seal(text: str, purpose: str) -> str:
    """Ciphertext of `text`; two calls give two different ciphertexts."""
    return _MARK + base64.urlsafe_b64encode(seal_bytes(text.encode(), purpose)).decode()


def seal_bytes(data: bytes, purpose: str) -> bytes:
    """Ciphertext of a file, as bytes; two calls give two different ciphertexts."""
    nonce = os.urandom(_NONCE)
    box = _boxes(purpose, tuple(settings.COUNTYFAIR_SEAL_KEYS))[0]
    return nonce + box.encrypt(nonce, data, None)


def unseal(sealed: str, purpose: str) -> str:
    """The text again.

    Raises:
        SealBroken: changed, or sealed for another purpose or with a key we do not hold.
    """
    if not sealed.startswith(_MARK):
        return _unseal_older(sealed, purpose, tuple(settings.COUNTYFAIR_SEAL_KEYS))
    try:
        whole = base64.b64decode(sealed[len(_MARK) :], altchars=b"-_", validate=True)
    except ValueError as error:
        raise SealBroken(purpose) from error
    return unseal_bytes(whole, purpose).decode()


def unseal_bytes(sealed: bytes, purpose: str) -> bytes:
    """The file again.

    Raises:
        SealBroken: changed, or sealed for another purpose or with a key we do not hold.
    """
    for box in _boxes(purpose, tuple(settings.COUNTYFAIR_SEAL_KEYS)):
        with contextlib.suppress(InvalidTag, ValueError):
            return box.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    raise SealBroken(purpose)


def _unseal_older(sealed: str, purpose: str, keys: tuple[str, ...]) -> str:
    """The text of what was sealed with Fernet."""
    try:
        return _older_box(purpose, keys).decrypt(sealed.encode()).decode()
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
def _boxes(purpose: str, keys: tuple[str, ...]) -> tuple[AESGCM, ...]:
    return tuple(AESGCM(_derived(key, f"seal-gcm:{purpose}")) for key in keys)


@functools.lru_cache(maxsize=64)
def _older_box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, f"seal:{purpose}"))) for key in keys])


@functools.lru_cache(maxsize=256)
def _derived(secret: str, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"countyfair", info=info.encode()).derive(secret.encode())
