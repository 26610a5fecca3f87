"""A refusal that changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from countyfair.kernel.refusal import Refusal
from countyfair.kernel.rows import scalar

TABLES = (
    "user",
    "roleheld",
    "organisation",
    "household",
    "householdidentity",
    "consent",
    "householdread",
    "signin",
)


def everything() -> list[Any]:
    """All rows of the room, to show that a refusal left them alone."""
    return [
        scalar(f"SELECT coalesce(jsonb_agg(t ORDER BY t::text), '[]')::text FROM people_{name} t")
        for name in TABLES
    ]


def refused(kind: type[Refusal], act: Callable[[], object]) -> Refusal:
    before = everything()
    with pytest.raises(kind) as caught:
        act()
    assert everything() == before
    return caught.value
