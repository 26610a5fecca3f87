"""How we and Alipay sign: RSA2, SHA-256 over sorted `name=value` pairs, or over an answer's text.

Source: opendocs.alipay.com, the rules of signatures and of verifying answers and notices.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key


def content(params: Mapping[str, str]) -> str:
    """What is signed of a request: all pairs that say something, by name."""
    return "&".join(f"{name}={value}" for name, value in sorted(params.items()) if value)


def signature(text: str, *, key_file: str) -> str:
    """Our signature, base64.

    Raises:
        OSError, ValueError: the file cannot be read, or holds no RSA key.
    """
    path = Path(key_file)
    return signed_with(_private(key_file, path.stat().st_mtime_ns), text)


def signed_with(key: RSAPrivateKey, text: str) -> str:
    """A key's signature of a text, base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def holds(text: bytes, signature: str, *, key_file: str) -> bool:
    """Whether whoever has the other half of this key signed the text."""
    path = Path(key_file)
    try:
        known = base64.b64decode(signature, validate=True)
        _public(key_file, path.stat().st_mtime_ns).verify(known, text, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def signed_part(body: str, name: str) -> str | None:
    """The text under `name` in an answer, as it stands there: that, not what it means, is signed.

    Braces within quotes do not count; None where there is no such part, or it does not end.
    """
    begin = body.find(f'"{name}"')
    begin = body.find("{", begin) if begin >= 0 else -1
    if begin < 0:
        return None
    depth, quoted, escaped = 0, False, False
    for place in range(begin, len(body)):
        letter = body[place]
        if quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "{}":
            depth += 1 if letter == "{" else -1
            if not depth:
                return body[begin : place + 1]
    return None


@lru_cache(maxsize=4)
def _private(path: str, changed: int) -> RSAPrivateKey:
    key = load_pem_private_key(_pem(path, "PRIVATE KEY"), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("an RSA key is needed")
    return key


@lru_cache(maxsize=4)
def _public(path: str, changed: int) -> RSAPublicKey:
    key = load_pem_public_key(_pem(path, "PUBLIC KEY"))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("an RSA key is needed")
    return key


def _pem(path: str, kind: str) -> bytes:
    """The file as PEM; Alipay's own tool gives the base64 alone."""
    text = Path(path).read_text().strip()
    bare = f"-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n"
    return (text if text.startswith("-----") else bare).encode()
