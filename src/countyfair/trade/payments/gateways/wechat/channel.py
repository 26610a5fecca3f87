"""How we and WeChat Pay's API v3 sign what we send each other.

We sign with our merchant key, WeChat with a platform certificate or, for merchants of 2025 and
later, with one public key of its own. Certificates are fetched when a serial is met that is not
known; those that the provider lists are all believed until they end, so that old and new ones
hold side by side while one follows the other.
Source: pay.weixin.qq.com, API v3, "signature generation", "signature verification", "certificates".
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from wechatpayv3 import utils as v3

from countyfair.trade.payments.gateways.shape import Forged, Unreachable

#: Seconds that a request of ours, or a job, waits for the provider.
PATIENCE = 5.0
#: How far the clocks of both sides may part.
WINDOW_SECONDS = 300
#: Unknown serials make us fetch certificates at most this often.
FETCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Platform:
    """One key of WeChat's, and from when to when it holds; for ever where no times are given."""

    key: RSAPublicKey
    begins: datetime | None = None
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return (self.begins is None or self.begins <= moment) and (self.ends is None or moment < self.ends)


@dataclass
class Trusted:
    """The platform keys that are known, by serial, for one merchant at one address."""

    platforms: dict[str, Platform] = field(default_factory=dict)
    fetched_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


_TRUSTED: dict[tuple[str, str], Trusted] = {}


def configured() -> bool:
    """Whether all is set that it takes to speak with WeChat."""
    needed = (
        settings.COUNTYFAIR_WECHAT_MCHID, settings.COUNTYFAIR_WECHAT_APPID, settings.COUNTYFAIR_WECHAT_SERIAL,
        settings.COUNTYFAIR_WECHAT_KEY_FILE, settings.COUNTYFAIR_WECHAT_APIV3_KEY,
    )  # fmt: skip
    return all(needed)


def ask(method: str, path: str, payload: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    """Status and content of a signed answer to a signed request; {} where an answer has no body.

    Raises:
        Unreachable: no answer, one that is not signed by WeChat, or none that can be read.
    """
    answer = _send(method, path, payload)
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unreachable(f"status {answer.status_code}")
    try:
        verify(answer.headers, answer.content, moment=_present())
        said = json.loads(answer.content) if answer.content else {}
    except Forged as forgery:
        raise Unreachable(f"{forgery}, status {answer.status_code}") from forgery
    except ValueError as error:
        raise Unreachable(f"an answer without sense, status {answer.status_code}") from error
    if not isinstance(said, dict):
        raise Unreachable(f"an answer without sense, status {answer.status_code}")
    return answer.status_code, said


def verify(headers: Mapping[str, str], body: bytes, *, moment: datetime) -> None:
    """Prove that WeChat signed this within five minutes of `moment`.

    Raises:
        Forged: it did not, or with a certificate that does not hold then.
    """
    by_name = {name.lower(): value for name, value in headers.items()}
    stamp, nonce, signature, serial = (
        by_name.get(f"wechatpay-{name}", "") for name in ("timestamp", "nonce", "signature", "serial")
    )
    if not stamp.isdecimal() or abs(moment.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise Forged("the signature is too old or not yet valid")
    platform = _platform(serial)
    if platform is None:
        raise Forged("signed with a certificate that WeChat does not list")
    if not platform.holds(moment):
        raise Forged("signed with a certificate that has ended or not begun")
    if not _signed(platform, stamp, nonce, body, signature):
        raise Forged("the signature does not fit")


def opened(resource: Mapping[str, Any]) -> bytes:
    """The content of what WeChat encrypted with our API v3 key (AES-256-GCM).

    Raises:
        Forged: it is not encrypted with our key, or was changed.
    """
    if resource.get("algorithm") != "AEAD_AES_256_GCM":
        raise Forged("encrypted in a way we do not know")
    try:
        text = v3.aes_decrypt(
            str(resource["nonce"]),
            str(resource["ciphertext"]),
            str(resource.get("associated_data") or ""),
            settings.COUNTYFAIR_WECHAT_APIV3_KEY,
        )
    except (KeyError, ValueError) as error:
        raise Forged("the encrypted part cannot be read") from error
    if text is None:
        raise Forged("encrypted with a key that is not ours")
    return str(text).encode()


def signature(*lines: str) -> str:
    """Our signature over lines, each ended by a line feed."""
    text = "".join(f"{one}\n" for one in lines)
    path = Path(settings.COUNTYFAIR_WECHAT_KEY_FILE)
    return str(v3.rsa_sign(_merchant_key(str(path), path.stat().st_mtime_ns), text))


def fetch(address: str) -> bytes:
    """A file that WeChat points to: its answer is not signed, its hash was told before.

    Raises:
        Unreachable: no usable answer.
    """
    base = httpx.URL(settings.COUNTYFAIR_WECHAT_URL)
    there = httpx.URL(address)
    if (there.scheme, there.host) != (base.scheme, base.host):
        raise Unreachable("the file is said to lie at a stranger's")
    answer = _send("GET", there.raw_path.decode(), None)
    if answer.status_code != httpx.codes.OK:
        raise Unreachable(f"status {answer.status_code}")
    return answer.content


def _send(method: str, path: str, payload: Mapping[str, Any] | None) -> httpx.Response:
    body = json.dumps(payload, ensure_ascii=False) if payload is not None else ""
    key = Path(settings.COUNTYFAIR_WECHAT_KEY_FILE)
    try:
        authorization = v3.build_authorization(
            path,
            method,
            settings.COUNTYFAIR_WECHAT_MCHID,
            settings.COUNTYFAIR_WECHAT_SERIAL,
            _merchant_key(str(key), key.stat().st_mtime_ns),
            body,
        )
        return httpx.request(
            method,
            settings.COUNTYFAIR_WECHAT_URL + path,
            content=body.encode(),
            headers={
                "Authorization": authorization,
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": "CountyFair",
            },
            timeout=PATIENCE,
            verify=_authorities(),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error
    except OSError as error:
        raise Unreachable("our merchant key cannot be read") from error


def _platform(serial: str) -> Platform | None:
    """The key of this serial; certificates are fetched, not too often, where it is unknown."""
    if serial and serial == settings.COUNTYFAIR_WECHAT_PUBLIC_KEY_ID:
        path = Path(settings.COUNTYFAIR_WECHAT_PUBLIC_KEY_FILE)
        return Platform(_public_key(str(path), path.stat().st_mtime_ns))
    trusted = _TRUSTED.setdefault(
        (settings.COUNTYFAIR_WECHAT_URL, settings.COUNTYFAIR_WECHAT_MCHID), Trusted()
    )
    with trusted.lock:
        if serial not in trusted.platforms and time.monotonic() - trusted.fetched_at >= FETCH_SECONDS:
            trusted.fetched_at = time.monotonic()
            try:
                trusted.platforms = _certificates()
            except Unreachable:
                return trusted.platforms.get(serial)
        return trusted.platforms.get(serial)


def _certificates() -> dict[str, Platform]:
    """The platform certificates as WeChat lists them, proved twice: only WeChat and we can have encrypted
    them, and the list is signed with one of them."""
    answer = _send("GET", "/v3/certificates", None)
    if answer.status_code != httpx.codes.OK:
        raise Unreachable(f"no certificates, status {answer.status_code}")
    found: dict[str, Platform] = {}
    try:
        for row in json.loads(answer.content)["data"]:
            certificate = load_pem_x509_certificate(opened(row["encrypt_certificate"]))
            key = certificate.public_key()
            if isinstance(key, RSAPublicKey) and f"{certificate.serial_number:X}" == row["serial_no"].upper():
                found[row["serial_no"]] = Platform(
                    key, certificate.not_valid_before_utc, certificate.not_valid_after_utc
                )
    except (Forged, KeyError, TypeError, ValueError) as error:
        raise Unreachable("certificates that cannot be read") from error
    headers = answer.headers
    signer = found.get(headers.get("Wechatpay-Serial", ""))
    stamp, nonce = headers.get("Wechatpay-Timestamp", ""), headers.get("Wechatpay-Nonce", "")
    if signer is None or not _signed(
        signer, stamp, nonce, answer.content, headers.get("Wechatpay-Signature", "")
    ):
        raise Unreachable("certificates that WeChat did not sign")
    return found


def _signed(platform: Platform, stamp: str, nonce: str, body: bytes, signature: str) -> bool:
    try:
        return bool(v3.rsa_verify(stamp, nonce, body.decode(), signature, platform.key))
    except ValueError:
        return False


@lru_cache(maxsize=4)
def _merchant_key(path: str, changed: int) -> Any:
    return v3.load_private_key(Path(path).read_text())


@lru_cache(maxsize=4)
def _public_key(path: str, changed: int) -> Any:
    return v3.load_public_key(Path(path).read_text())


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


def _present() -> datetime:
    """The wire's clock, even where the house's own is moved."""
    return datetime.fromtimestamp(time.time(), UTC)
