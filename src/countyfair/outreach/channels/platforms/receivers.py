"""Whom a parcel goes to, as far as a platform shows it: what it masks stays masked."""

from __future__ import annotations

from countyfair.outreach.channels.platforms.cells import LONGEST_ADDRESS, seen
from countyfair.outreach.channels.platforms.shape import Receiver

#: Before a text that is sealed by the platform: it says nothing to us, and is not kept.
_SEALED = ("##", "$", "~", "#$")


def receiver(
    *,
    name: str,
    phone: str,
    address: str,
    province: str = "",
    city: str = "",
    county: str = "",
    town: str = "",
) -> Receiver | None:
    """A receiver, or None where a file shows nothing of one.

    `masked` where any part has stars or is sealed; sealed parts are left out.
    """
    parts = (name, phone, province, city, county, town, address)
    if not any(parts):
        return None
    masked = any("*" in part or part.startswith(_SEALED) for part in parts)
    kept = [("" if part.startswith(_SEALED) else seen(part)[:LONGEST_ADDRESS]) for part in parts]
    return Receiver(kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], kept[6], masked)


def split_address(text: str) -> tuple[str, str, str, str, str]:
    """An address in its parts, where blanks part it; what is in one piece is the address."""
    parts = seen(text).split(" ")
    if len(parts) < 4 or not parts[0].endswith(("省", "市", "区")):
        return "", "", "", "", text
    province, city, county, *rest = parts
    town = rest.pop(0) if len(rest) > 1 and rest[0].endswith(("镇", "乡", "街道")) else ""
    return province, city, county, town, " ".join(rest)
