"""How a platform's open API is asked: one signed POST, one JSON answer, whatever lies between.

A read is tried again after a pause; what changes something there is asked once, since an answer that was lost
says nothing of what was done. Redirects are not followed: they would carry a shop's tokens elsewhere.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import httpx

from countyfair.outreach.channels.platforms.shape import Throttled, Unreachable

Found = TypeVar("Found")

#: Seconds that one answer may be silent, and take in all; between tries of a read; waited at most where a
#: platform throttles.
PATIENCE = 10.0
LONGEST = 30.0
PAUSES: tuple[float, ...] = (0.3, 1.0)
LONGEST_WAIT = 2.0
#: Where a platform throttles and does not say for how long: seconds.
THROTTLED = 1.0
#: Bytes of an answer: a page of a hundred orders is far below a tenth of it.
MOST_BYTES = 16 << 20


def posted(
    url: str, *, params: Mapping[str, str] | None = None, content: bytes = b"", kind: str
) -> dict[str, Any]:
    """The JSON object that answers a POST.

    Args:
        kind: the content type of `content`.

    Raises:
        Unreachable: late, broken off, too large, an error page, or not an object.
        Throttled: status 429; the seconds of `Retry-After`, where it tells them.
    """
    try:
        with httpx.stream(
            "POST", url, params=params, content=content, timeout=PATIENCE, verify=_authorities(),
            headers={"Content-Type": kind, "Accept": "application/json", "User-Agent": "CountyFair"},
        ) as answer:  # fmt: skip
            body = _whole(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from None
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Throttled(_seconds(answer.headers.get("Retry-After", "")))
    if answer.status_code != httpx.codes.OK:
        raise Unreachable(f"status {answer.status_code}")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreachable("an answer that is no JSON") from None
    if not isinstance(said, dict):
        raise Unreachable("an answer that is no object")
    return said


def patiently(ask: Callable[[], Found]) -> Found:
    """What a read answers, tried anew after each of `PAUSES` where nothing usable came.

    Raises:
        Unreachable, Throttled: as the last try did; or the platform wants a longer wait than `LONGEST_WAIT`.
    """
    for pause in PAUSES:
        try:
            return ask()
        except Throttled as throttled:
            if throttled.after_s > LONGEST_WAIT:
                raise
            time.sleep(throttled.after_s)
        except Unreachable:
            time.sleep(pause)
    return ask()


def throttled() -> Throttled:
    """What to raise where a platform says that it is asked too often, and not for how long."""
    return Throttled(THROTTLED)


def wire_seconds() -> int:
    """Unix seconds of the wire's clock, even where the house's own is moved."""
    return int(time.time())


def sentence(text: object, *secrets: str) -> str:
    """What a platform says of a refusal: one line, short, without our secrets should it repeat them."""
    said = " ".join(str(text or "").split())
    for secret in secrets:
        if secret:
            said = said.replace(secret, "…")
    return said[:200]


def _whole(answer: httpx.Response) -> bytes:
    parts, size, ends = [], 0, time.monotonic() + LONGEST
    for part in answer.iter_bytes():
        size += len(part)
        if time.monotonic() > ends:
            raise Unreachable("an answer without end")
        if size > MOST_BYTES:
            raise Unreachable("an answer too large")
        parts.append(part)
    return b"".join(parts)


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() and len(text) < 7 else THROTTLED


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
