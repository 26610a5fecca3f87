"""Catalogues of text: each app keeps its own under `locale`, and what Django reads is compiled from it.

Compiled files are made here and never kept in the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGE = "zh_Hans"


def catalogues(source: Path) -> Iterator[Path]:
    """Every catalogue under the folder `source`, in a stable order."""
    yield from sorted(source.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def compile_stale(source: Path) -> int:
    """Compile the catalogues that are newer than what was compiled from them; how many there were."""
    stale = [path for path in catalogues(source) if _is_stale(path)]
    for path in stale:
        with path.open("rb") as text:
            catalogue = read_po(text, locale=LANGUAGE)
        compiled = path.with_suffix(".mo")
        fresh = compiled.with_suffix(".mo.new")
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(compiled)
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime
