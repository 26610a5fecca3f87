"""Sentences are compared in English, the language they are written in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(scope="module", autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield
