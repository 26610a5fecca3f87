"""Windows of a platform's API that are read one after the other, and what a shop's owner granted as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms.shape import Credentials, TheirOrder

#: A window begins so long before the end of the last: what a platform books late is in it.
OVERLAP = timedelta(minutes=10)
#: A token is renewed so long before its end; Douyin answers the same token again before the last hour.
AHEAD = timedelta(minutes=45)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_MOMENTS = ("token_until", "refresh_until")
_NEEDED = ("app_key", "app_secret", "shop", "token")


def windows(
    read_until: datetime | None, begun_at: datetime, moment: datetime, longest: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    """What is still to be read up to now, in windows no longer than the platform allows, each overlapping
    the one before. The first begins when the shop was connected: what was ordered before comes by file."""
    since = begun_at if read_until is None else max(begun_at, read_until - OVERLAP)
    while since < moment:
        until = min(since + longest, moment)
        yield since, until
        if until == moment:
            return
        since = until - OVERLAP


def last_told(orders: Iterable[TheirOrder]) -> list[TheirOrder]:
    """Each order once, as the platform changed it last, wherever in the window it was told."""
    last: dict[str, TheirOrder] = {}
    for order in orders:
        before = last.get(order.number)
        if before is None or (before.changed_at or _EARLIEST) <= (order.changed_at or _EARLIEST):
            last[order.number] = order
    return list(last.values())


def to_renew(credentials: Credentials, moment: datetime) -> bool:
    """Whether its access token ends soon, or has ended, and can be renewed."""
    until = credentials.token_until
    return bool(credentials.refresh) and until is not None and until - AHEAD <= moment


def text_of(credentials: Credentials) -> str:
    """What was granted, as text that is sealed."""
    return json.dumps(asdict(credentials), default=str)


def credentials_of(text: str) -> Credentials:
    """What was granted, from text: JSON with `app_key`, `app_secret`, `shop`, `token`, and what is known of
    `token_until`, `refresh`, `refresh_until`.

    Raises:
        Invalid: no such text; it is not repeated.
    """
    try:
        told = json.loads(text)
        moments = {name: _moment(told.get(name)) for name in _MOMENTS}
        words = {name: told.get(name) or "" for name in (*_NEEDED, "refresh")}
    except (ValueError, AttributeError, RecursionError):
        raise Invalid(_("This is not what a platform grants.")) from None
    if not all(isinstance(word, str) for word in words.values()) or not all(words[one] for one in _NEEDED):
        raise Invalid(_("This is not what a platform grants."))
    return Credentials(
        words["app_key"], words["app_secret"], words["shop"], words["token"], moments["token_until"],
        words["refresh"], moments["refresh_until"],
    )  # fmt: skip


def _moment(told: Any) -> datetime | None:
    if not told:
        return None
    found = datetime.fromisoformat(str(told))
    if found.tzinfo is None:
        raise ValueError(told)
    return found
