"""Pictures of shared addresses, 1200 by 630: the middle of a photo, or an awning in the colour of its row.

A photo's card is made once and kept beside the photo's own files; its name says what it shows.
"""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageOps

from countyfair.surfaces.shop.categories import row_of
from countyfair.trade.catalog.rules.pictures import WIDTHS, file_name

SIZE = (1200, 630)
_INK, _RICE, _BOARD = (43, 33, 24), (252, 247, 235), (222, 198, 152)
#: The cloths of `frontend`'s stalls, as they are by day.
_CLOTHS = {
    "grain": (201, 152, 46), "mushroom": (139, 99, 71), "tea": (74, 124, 89), "meat": (158, 59, 50),
    "honey": (214, 158, 46), "fruit": (214, 93, 44), "craft": (92, 83, 140), "service": (52, 116, 140),
}  # fmt: skip


def of_photo(digest: str) -> bytes | None:
    """The card of a photo that is kept, as JPEG; None where there is no such photo."""
    kept = Path(settings.MEDIA_ROOT) / digest[:2] / f"{digest}-card.jpg"
    if kept.is_file():
        return kept.read_bytes()
    source = _largest(digest)
    if source is None:
        return None
    with Image.open(source) as photo:
        card = ImageOps.fit(photo.convert("RGB"), SIZE)
    data = _jpeg(card)
    _keep(kept, data)
    return data


@lru_cache(maxsize=32)
def drawn(category: str) -> bytes:
    """An awning over a counter in the colour of a row's cloth, as JPEG."""
    cloth = _CLOTHS.get(row_of(category).cloth, _CLOTHS["fruit"])
    card = Image.new("RGB", SIZE, _RICE)
    brush = ImageDraw.Draw(card)
    stripe, fall = SIZE[0] // 12, 260
    for number in range(12):
        colour = cloth if number % 2 == 0 else _RICE
        left = number * stripe
        brush.rectangle((left, 0, left + stripe, fall), fill=colour)
        brush.pieslice((left, fall - stripe // 2, left + stripe, fall + stripe // 2), 0, 180, fill=colour)
    brush.rectangle((60, fall, 84, SIZE[1]), fill=_INK)
    brush.rectangle((SIZE[0] - 84, fall, SIZE[0] - 60, SIZE[1]), fill=_INK)
    brush.rectangle((60, 470, SIZE[0] - 60, SIZE[1]), fill=_BOARD)
    brush.rectangle((40, 450, SIZE[0] - 40, 486), fill=cloth)
    for number in range(7):
        centre = 180 + number * 140
        brush.ellipse((centre - 55, 345, centre + 55, 455), fill=cloth, outline=_INK, width=4)
    return _jpeg(card)


def _largest(digest: str) -> Path | None:
    files = (Path(settings.MEDIA_ROOT) / file_name(digest, width, "webp") for width in reversed(WIDTHS))
    return next((path for path in files if path.is_file()), None)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _keep(path: Path, data: bytes) -> None:
    """Written whole or not at all; another process that makes the same at once writes the same."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as made:
        made.write(data)
    whole = Path(made.name)
    whole.chmod(0o644)
    whole.replace(path)
