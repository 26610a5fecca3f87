"""Every address of the deployment, as its URL patterns list them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[str]:
    """The full name of every route (`centre:orders`); its pattern where it has no name."""
    return sorted(_walk(get_resolver().url_patterns, ()))


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _walk(one.url_patterns, inner)
        else:
            yield ":".join((*spaces, one.name)) if one.name else str(one.pattern)
