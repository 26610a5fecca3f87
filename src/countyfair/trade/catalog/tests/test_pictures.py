"""What is taken as a photo and what is not, from the bytes alone."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules import pictures
from countyfair.trade.catalog.rules.pictures import file_name, read_picture, widths_of


def a_photo(
    size: tuple[int, int] = (400, 300), kind: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    """A picture whose left half is red, so that turning it shows."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def a_huge_png() -> bytes:
    """A few bytes that say they are 50,000 × 50,000 pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def an_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGB"),
    ],
)
def test_photos_of_every_kind_are_drawn_anew_in_two_formats(kind: str, mode: str) -> None:
    image = a_photo(kind=kind, mode=mode) if mode != "I;16" else a_deep_png()

    picture = read_picture(image)

    assert (picture.width, picture.height) == (400, 300)
    assert [(one.width, one.extension) for one in picture.renditions] == [(320, "avif"), (320, "webp")]
    for one in picture.renditions:
        with Image.open(io.BytesIO(one.data)) as drawn:
            assert (drawn.format, drawn.size) == (one.extension.upper(), (320, 240))


def a_deep_png() -> bytes:
    file = io.BytesIO()
    Image.new("I;16", (400, 300), 40_000).save(file, "PNG")
    return file.getvalue()


def test_place_camera_and_owner_stay_with_the_sender() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[2] = (25.0, 4.0, 3.0)
    data = a_photo(exif=exif, comment=b"SECRETNOTE")
    assert b"SECRETCAMERA" in data

    for one in read_picture(data).renditions:
        assert b"SECRET" not in one.data
        with Image.open(io.BytesIO(one.data)) as drawn:
            assert not drawn.getexif()
            assert "exif" not in drawn.info
            assert "xmp" not in drawn.info


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it upright

    picture = read_picture(a_photo(exif=exif))

    assert (picture.width, picture.height) == (300, 400)
    with Image.open(io.BytesIO(picture.renditions[1].data)) as drawn:
        top, bottom = (drawn.convert("RGB").getpixel((drawn.width // 2, y)) for y in (5, drawn.height - 5))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 80 < 200 < bottom[1], "the red half is above"


def test_no_picture_is_blown_up() -> None:
    assert widths_of(5000) == (320, 640, 1280)
    assert widths_of(1279) == (320, 640)
    assert widths_of(100) == (320,)
    assert file_name("ab" * 32, 640, "avif") == f"ab/{'ab' * 32}-640.avif"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xff\xd8" + b"\0" * (10 * 1024 * 1024), "10 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
        (a_photo(size=(20, 20)), "too small"),
        (a_photo(kind="GIF"), "no picture"),
        (a_photo(kind="TIFF"), "no picture"),
        (a_photo()[:2000], "no picture"),
        (a_photo(kind="PNG")[:200], "no picture"),
        (b"hello", "no picture"),
        (an_archive(), "hidden"),
        (a_photo() + an_archive(), "hidden"),
        (a_photo() + b"<SCRIPT>alert(1)</SCRIPT>", "hidden"),
        (a_photo(comment=b"<?php system($_GET['c']); ?>"), "hidden"),
        (a_photo() + b"%PDF-1.7", "hidden"),
        (a_huge_png(), "million pixels"),
    ],
    ids=[
        "empty",
        "too many bytes",
        "svg",
        "marked svg",
        "heic",
        "tiny",
        "gif",
        "tiff",
        "cut jpeg",
        "cut png",
        "text",
        "zip",
        "jpeg and zip",
        "jpeg and script",
        "jpeg and php",
        "jpeg and pdf",
        "bomb",
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        read_picture(data)

    assert refused.value.field == "photo"


def test_a_photo_is_refused_by_its_pixels_before_they_are_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = a_photo(size=(1000, 1000))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 999_999)
    monkeypatch.setattr(Image.Image, "load", lambda _image: pytest.fail("it was unpacked"))

    with pytest.raises(Invalid, match="million pixels"):
        read_picture(data)


STARTS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]


@given(st.binary(max_size=200), st.sampled_from(STARTS))
def test_no_bytes_whatever_make_it_fall_over(data: bytes, start: bytes) -> None:
    with pytest.raises(Invalid):
        read_picture(start + data)
