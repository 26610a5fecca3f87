"""Pictures: what is accepted as one, and how it is shown.

A file is what its bytes decode to, never what it is called. What is kept is drawn anew from the
pixels, upright, in sRGB, without metadata: place, camera and owner stay with the sender.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from countyfair.kernel.refusal import Invalid

LARGEST_FILE = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
SMALLEST_SIDE = 64
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
WIDTHS = (320, 640, 1280)

#: How each file is written: format, quality by eye at about half of JPEG's size, speed against size.
ENCODINGS: dict[str, tuple[str, dict[str, int]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 8}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
}

#: Other kinds of file inside a picture: scripts, documents, archives at the end. A picture has none of these.
_STOWAWAYS = (b"<script", b"<?php", b"<svg", b"<!doctype html", b"%pdf-")
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL = 66_000

#: Whether Pillow fills up a cut file with grey is a setting of the whole process, and WeasyPrint sets it.
_LENIENCY = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture. `width` is its nominal one, in its name."""

    width: int
    extension: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded: its digest (of what was sent), its upright size, its files."""

    digest: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]


def widths_of(width: int) -> tuple[int, ...]:
    """The widths that a picture of this width is kept in: none larger than itself, at least one."""
    return tuple(one for one in WIDTHS if one <= width) or WIDTHS[:1]


def file_name(digest: str, width: int, extension: str) -> str:
    """Where a file lies under the folder of pictures, e.g. `3f/3f…-640.avif`."""
    return f"{digest[:2]}/{digest}-{width}.{extension}"


def read_picture(data: bytes) -> Picture:
    """Decode what somebody sent and draw it in every width and format.

    Raises:
        Invalid: it is too large, no picture, broken, or something else besides; field `photo`.
    """
    _refuse_size(data)
    _refuse_kind(data)
    image = _decoded(data)
    width, height = image.size
    return Picture(
        hashlib.sha256(data).hexdigest(),
        width,
        height,
        tuple(
            Rendition(one, extension, _encoded(_scaled(image, one), extension))
            for one in widths_of(width)
            for extension in ENCODINGS
        ),
    )


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture drawn anew in one file, WebP: the digest of what was sent, and its size as it was kept."""

    digest: str
    width: int
    height: int
    data: bytes


def redrawn(data: bytes, *, width: int = WIDTHS[-1]) -> Redrawn:
    """Decode what somebody sent under the same rules, and draw it once, at most `width` wide.

    Raises:
        Invalid: as `read_picture`.
    """
    _refuse_size(data)
    _refuse_kind(data)
    image = _scaled(_decoded(data), width)
    return Redrawn(hashlib.sha256(data).hexdigest(), image.width, image.height, _encoded(image, "webp"))


def _refuse_size(data: bytes) -> None:
    if not data:
        raise Invalid(_("The file is empty. Choose a picture."), field="photo")
    if len(data) > LARGEST_FILE:
        raise Invalid(_("The picture is larger than 10 MB. Send a smaller one."), field="photo")


def _refuse_kind(data: bytes) -> None:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise Invalid(_("Drawings (SVG) are not taken. Send a photo as JPEG or PNG."), field="photo")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"):
        raise Invalid(_("HEIC pictures are not taken. Save it as JPEG and send that."), field="photo")
    lower = data.lower()
    if any(one in lower for one in _STOWAWAYS) or _ARCHIVE_END in data[-_ARCHIVE_TAIL:]:
        raise Invalid(
            _("Something else is hidden in this picture. Take it anew and send that."), field="photo"
        )


def _decoded(data: bytes) -> Image.Image:
    """The pixels, upright, in sRGB. The size is checked before anything is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                if min(opened.size) < SMALLEST_SIDE:
                    raise Invalid(_("The picture is too small. It needs 64 pixels a side."), field="photo")
                _load_whole(opened)
                return _plain(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(
            _("The picture has more than 40 million pixels. Make it smaller."), field="photo"
        ) from error
    except Invalid:
        raise
    except Exception as error:  # decoders of hostile bytes raise nearly anything
        raise Invalid(_("This is no picture, or a broken one. Send a JPEG or PNG."), field="photo") from error


def _load_whole(opened: Image.Image) -> None:
    """Decode all of it. A cut file is an error here, whatever another library has set for the process."""
    with _LENIENCY:
        usual, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            opened.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = usual


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something is transparent; colours in sRGB; no metadata."""
    profile = image.info.get("icc_profile")
    transparent = "A" in image.getbands() or "transparency" in image.info
    if image.mode.startswith("I;16"):  # a plain conversion would clip sixteen bits to white
        image = image.point(lambda value: value / 257).convert("L")
    plain = image.convert("RGBA" if transparent else "RGB")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        plain = _in_srgb(image, profile, plain)
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes, plain: Image.Image) -> Image.Image:
    """The colours of `image` by its own profile, or `plain` when the profile is broken."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else plain.mode
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain
    return turned or plain


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, extension: str) -> bytes:
    kind, options = ENCODINGS[extension]
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
