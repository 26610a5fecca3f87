"""From where a request comes: asked here by whoever counts tries, and nowhere else."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

#: Whoever has one address of IPv6 has all that share so many bits with it.
HOUSEHOLD_BITS = 64


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, "" when none is known.

    Without a proxy it is the connection's, whatever a visitor says in headers. With
    COUNTYFAIR_BEHIND_PROXY the connection is the last proxy's; each of the COUNTYFAIR_PROXIES
    proxies adds to X-Forwarded-For the address that it was reached from, so that the visitor's stands so many
    from the right, and all to the left of it is what the visitor made up. A header that is
    shorter, or names no address there, is not believed at all.
    """
    connected = str(request.META.get("REMOTE_ADDR", ""))
    connected = _address(connected) or connected
    if not settings.COUNTYFAIR_BEHIND_PROXY:
        return connected
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 1 <= settings.COUNTYFAIR_PROXIES <= len(said):
        return connected
    return _address(said[-settings.COUNTYFAIR_PROXIES]) or connected


def client_network(request: HttpRequest) -> str:
    """What tries are counted by: the client's address, of IPv6 the network that one household has."""
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{found}/{HOUSEHOLD_BITS}", strict=False).network_address)


def _address(text: str) -> str:
    """An entry as an address in its one form, "" when it is none; some proxies write the port behind it."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
