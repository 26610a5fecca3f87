"""Photographs in the widths that were kept, and food pictures that stand in until there is one."""

from __future__ import annotations

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from countyfair.surfaces.shop.categories import row_of
from countyfair.surfaces.ui.assets import assets
from countyfair.trade.catalog.rules.pictures import file_name, widths_of


def food_of(icon: str, category: str) -> str:
    """The name of a food picture that the front end was built with: the product's own, else its row's."""
    if icon and f"food/{icon}.svg" in assets().manifest:
        return icon
    return row_of(category).food


def photo(digest: str, width: int, height: int, alt: str, *, sizes: str, eager: bool = False) -> SafeString:
    """A photograph as <picture>: AVIF first, WebP for the rest, each in every width that was kept."""
    widths = widths_of(width)
    return format_html(
        '<figure class="photo"><picture><source type="image/avif" srcset="{}" sizes="{}">'
        '<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" {}></picture></figure>',
        _srcset(digest, widths, "avif"),
        sizes,
        address(digest, widths[0], "webp"),
        _srcset(digest, widths, "webp"),
        sizes,
        alt,
        width,
        height,
        format_html("{}", "fetchpriority=high" if eager else "loading=lazy"),
    )


def address(digest: str, width: int, extension: str) -> str:
    """Where a kept file of a photograph is served."""
    return f"{settings.MEDIA_URL}{file_name(digest, width, extension)}"


def _srcset(digest: str, widths: tuple[int, ...], extension: str) -> str:
    return ", ".join(f"{address(digest, one, extension)} {one}w" for one in widths)
