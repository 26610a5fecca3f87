"""Which addresses may be called: named by https, and outside of everybody's own networks.

A sender that calls any address is a hole into the network it stands in (OWASP: server-side request
forgery). So an address is judged when it is entered, and every number that its name stands for is
judged again when it is called.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

Number = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 400
#: Numbers of version 6 that stand for one of version 4 which a gateway would call (RFC 6052, 8215).
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def is_public(number: Number) -> bool:
    """Whether it may be called: no private, shared, loopback, link-local, reserved or group number."""
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            return is_public(number.ipv4_mapped)
        if number.sixtofour is not None or number.teredo is not None:
            return False
        if any(number in network for network in _TRANSLATED) or number.is_site_local:
            return False
    return number.is_global and not number.is_multicast and not number.is_reserved


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called: schemes of addresses, and numbers. Anything but PUBLIC is for tests only."""

    schemes: frozenset[str]
    allows: Callable[[Number], bool]


PUBLIC = Reach(frozenset({"https"}), is_public)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, reach: Reach = PUBLIC) -> Target:
    """An address taken apart.

    Raises:
        Invalid: it is none that may be called, as far as its text tells.
    """
    refused = Invalid(
        _("Enter the address of a program on the internet, beginning with https:// and without a password."),
        field="url",
    )
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise refused
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in reach.schemes or not host or "@" in parts.netloc or parts.fragment or port == 0:
        raise refused
    number = number_of(host)
    if number is not None and not reach.allows(number):
        raise refused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def number_of(host: str) -> Number | None:
    """The number that a host is written as; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
