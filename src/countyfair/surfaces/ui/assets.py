"""What the front end's build left: which hashed file stands for which name.

Vite writes `manifest.json`; it is read once a process. Without a build, pages still work, unstyled:
names then stand for themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest, the keys that are read here."""

    file: str
    css: list[str]
    imports: list[str]


class Assets:
    """Addresses of built files under `prefix` (`/static/`)."""

    def __init__(self, manifest: Mapping[str, Chunk], prefix: str) -> None:
        self.manifest = manifest
        self.prefix = prefix
        self._heads: dict[str, SafeString] = {}

    @property
    def built(self) -> bool:
        return bool(self.manifest)

    def url(self, name: str) -> str:
        """Address of the file that was built from `name`, for example `food/pear.svg`."""
        chunk = self.manifest.get(name)
        return self.prefix + (chunk["file"] if chunk else name)

    def head(self, surface: str) -> SafeString:
        """The link and script elements of a surface's entry point."""
        if surface not in self._heads:
            tags = self._tags(f"src/{surface}.ts")
            self._heads[surface] = format_html_join("\n", "{}", ((tag,) for tag in tags))
        return self._heads[surface]

    def _tags(self, entry: str) -> Iterator[SafeString]:
        if entry not in self.manifest:
            return
        reached = list(self._reach(entry, set()))
        for name in reached:
            for sheet in self.manifest[name].get("css", ()):
                yield format_html('<link rel="stylesheet" href="{}">', self.prefix + sheet)
        for name in reached[:-1]:
            yield format_html('<link rel="modulepreload" href="{}">', self.url(name))
        yield format_html('<script type="module" src="{}"></script>', self.url(entry))

    def _reach(self, name: str, seen: set[str]) -> Iterator[str]:
        """What `name` imports, deepest first, then itself."""
        if name in seen:
            return
        seen.add(name)
        for imported in self.manifest[name].get("imports", ()):
            yield from self._reach(imported, seen)
        yield name


@lru_cache(maxsize=1)
def assets() -> Assets:
    """The build that this process serves."""
    path = Path(settings.COUNTYFAIR_FRONTEND) / "manifest.json"
    manifest: Mapping[str, Chunk] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return Assets(manifest, settings.STATIC_URL)
