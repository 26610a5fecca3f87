"""Which picture stands for goods, and where the files of photographs and recordings are served."""

from __future__ import annotations

from django.conf import settings

from countyfair.surfaces.ui.assets import assets
from countyfair.trade.catalog.rules import CATEGORIES, voices
from countyfair.trade.catalog.rules.pictures import file_name, widths_of


def smallest(digest: str, width: int) -> str:
    """Where the smallest file of a photo is served; `width` is the photo's own."""
    return f"{settings.MEDIA_URL}{file_name(digest, widths_of(width)[0], 'webp')}"


def largest(digest: str, width: int) -> str:
    """Where the largest file of a photo is served; `width` is the photo's own."""
    return f"{settings.MEDIA_URL}{file_name(digest, widths_of(width)[-1], 'webp')}"


def recording(digest: str) -> str:
    """Where the file of a recording is served."""
    return f"{settings.MEDIA_URL}{voices.file_name(digest)}"


def food_of(icon: str, category: str) -> str:
    """The name of a picture that the front end was built with: the product's own, else its category's."""
    if icon and f"food/{icon}.svg" in assets().manifest:
        return icon
    known = CATEGORIES.get(category)
    return known.icon if known else "basket"
