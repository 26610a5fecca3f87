"""Limits begin anew for each test."""

from __future__ import annotations

import pytest

from countyfair.surfaces.api import limits


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.forget()
