"""The page on platforms' files names every column that is read, and no needed one is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from countyfair.outreach.channels.platforms import PLATFORMS

PAGE = (Path(__file__).parents[5] / "docs" / "channels-files.md").read_text(encoding="utf-8")
NAMED = set(re.split(r"[\s,|*;:()（）]+", PAGE)) | set(re.split(r"[\s,|*;]+", PAGE))


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_column_is_on_the_page(platform: str) -> None:
    assert {name for name in PLATFORMS[platform].columns if name not in NAMED} == set()


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_needed_column_is_bold(platform: str) -> None:
    known = PLATFORMS[platform]
    marks = [known.order_marks[0], known.charge_marks[0], *known.detail_marks]
    if platform in {"douyin", "kuaishou"}:  # lists of freight insurance
        marks.append(known.charge_marks[-1])
    assert {name for mark in marks for name in mark if f"**{name}**" not in PAGE} == set()
