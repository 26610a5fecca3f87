"""The shipped reference files, and copies of them to spoil."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

from django.conf import settings

from countyfair.kernel.actor import Actor

SHIPPED: Path = settings.ROOT / "data" / "places"
SAMPLE = ("450225", "621227")
LOADER = Actor.system("tests")


def copied_to(folder: Path) -> Path:
    """The shipped files in a folder of the test's own."""
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in one file, packed or not."""
    packed = path.suffix == ".xz"
    data = path.read_bytes()
    text = (lzma.decompress(data) if packed else data).decode()
    assert old in text
    changed = text.replace(old, new, 1).encode()
    path.write_bytes(lzma.compress(changed, preset=0) if packed else changed)
