"""How much a token and an address may ask in a minute, counted over all processes together.

A process takes a small lease from the shared count and serves requests from it without asking the
database again; what it does not use by the end of the window is lost. So a limit is never passed, and
a request costs a fraction of a statement.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Refusal
from countyfair.registers.access import actions

#: Requests a minute.
PER_TOKEN = 600
PER_ADDRESS = 1200
#: What a wrong token counts for, against guessing.
WRONG_TOKEN = 20
WINDOW_SECONDS = 60
#: A lease is this part of the limit.
LEASES = 20
#: The most subjects that a process remembers.
_MOST = 10_000


class TooMany(Refusal):
    """The window's requests are used up; `standing` says when it ends."""

    status = 429
    code = "too_many_requests"

    def __init__(self, standing: Standing) -> None:
        super().__init__(_("Too many requests. Wait until the window is over."))
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in the window: the limit, what is left at least, and seconds to its end."""

    most: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
        }


@dataclass(slots=True)
class _Lease:
    begins: int
    left: int
    granted: int


_leases: dict[str, _Lease] = {}
_lock = Lock()


def count(subject: str, most: int, amount: int = 1) -> Standing:
    """Count `amount` requests of a subject.

    Raises:
        TooMany: the window's are used up.
    """
    second = int(now().timestamp())
    begins = second - second % WINDOW_SECONDS
    rest = begins + WINDOW_SECONDS - second
    key = hashlib.sha256(subject.encode()).hexdigest()
    with _lock:
        lease = _current(key, begins)
        if lease.left < amount and lease.granted >= 0:
            _extend(key, lease, most, amount)
        if lease.left < amount:
            raise TooMany(Standing(most, 0, rest))
        lease.left -= amount
        return Standing(most, lease.left, rest)


def forget() -> None:
    """Forget this process's leases (tests)."""
    _leases.clear()


def _current(key: str, begins: int) -> _Lease:
    lease = _leases.get(key)
    if lease is None or lease.begins != begins:
        if len(_leases) >= _MOST:
            _leases.clear()
        lease = _leases[key] = _Lease(begins, 0, 0)
    return lease


def _extend(key: str, lease: _Lease, most: int, amount: int) -> None:
    wanted = max(amount, most // LEASES)
    granted = actions.take(
        subject=key, begins=datetime.fromtimestamp(lease.begins, UTC), amount=wanted, most=most
    )
    lease.left += granted
    lease.granted = lease.granted + granted if granted == wanted else -1
