"""Small files that become huge, and a disk that is full: a clear sentence, nothing kept, memory bounded."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image
from pytest_django import Settings

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.commands.load import command
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.tests.factories import a_product, a_shop

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MEGABYTE = 1024 * 1024
#: What a refused file may cost the process that looks at it.
ALLOWANCE = 400 * MEGABYTE
WORKSHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@contextmanager
def little_memory() -> Iterator[None]:
    """No more memory than there is now and a little: who asks for more gets MemoryError."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + ALLOWANCE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


# --- pictures ----------------------------------------------------------------------------------


def fifty_thousand_squared() -> bytes:
    """A whole and correct PNG of 50,000 by 50,000 pixels, of one bit each: 2,500 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    packed = zlib.compressobj(9)
    row = b"\0" * (1 + 50_000 // 8)
    body = b"".join(packed.compress(row * 100) for _ in range(500)) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PICTURES: dict[str, tuple[Callable[[], bytes], str, str, dict[str, str]]] = {
    "2,500 megapixels": (
        fifty_thousand_squared, "photo.png", "image/png",
        {"zh-hans": "图片超过 4000 万像素", "en": "more than 40 million pixels"},
    ),
    "a drawing with a script, called .jpg": (
        lambda: SVG, "photo.jpg", "image/jpeg",
        {"zh-hans": "不收矢量图", "en": "Drawings (SVG) are not taken"},
    ),
    "11 MB": (
        lambda: b"\xff\xd8\xff\xe0" + b"\0" * (11 * MEGABYTE), "photo.jpg", "image/jpeg",
        {"zh-hans": "图片超过 10 MB", "en": "larger than 10 MB"},
    ),
}  # fmt: skip


@pytest.fixture
def photos(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "photos"
    return tmp_path / "photos"


def upload(desk: Client, data: bytes, name: str = "photo.png", kind: str = "image/png") -> Any:
    form = {"once": str(uuid7()), "alt_zh": "样例", "photo": SimpleUploadedFile(name, data, kind)}
    return desk.post(f"/centre/{COUNTY}/products/{a_product()}/photos/new/", form)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("what", PICTURES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_picture_that_is_none_is_refused_in_the_language_of_the_page(
    what: str, language: str, photos: Path
) -> None:
    make, name, kind, sentences = PICTURES[what]
    desk, data = signed_in("centre_staff"), make()
    desk.cookies["lang"] = language

    with little_memory():
        answer = upload(desk, data, name, kind)

    assert answer.status_code == 422
    assert sentences[language] in answer.content.decode()
    assert kept(photos) == []
    assert scalar("SELECT count(*) FROM catalog_photo") == 0


# --- product sheets ----------------------------------------------------------------------------


def workbook(cells: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for place, text in cells.items():
        page[place] = text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(
    data: bytes, parts: dict[str, bytes], after: Callable[[zipfile.ZipFile], None] | None = None
) -> bytes:
    """A workbook with other parts in it; `after` may still lie in the archive's directory."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
        if after:
            after(new)
    return file.getvalue()


def sheet_xml(rows: bytes, before: bytes = b"") -> bytes:
    return (
        before + f'<worksheet xmlns="{NAMESPACE}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
    )


def much_inside() -> bytes:
    return changed(workbook({"A1": "品名"}), {"xl/media/image1.png": b"\0" * (300 * MEGABYTE)})


def lies_about_its_size() -> bytes:
    def small(archive: zipfile.ZipFile) -> None:
        archive.getinfo(WORKSHEET).file_size = 1000

    row = b"<row>" + b'<c t="inlineStr"><is><t>abcdefgh</t></is></c>' * 150 + b"</row>"
    return changed(workbook({"A1": "品名"}), {WORKSHEET: sheet_xml(row * 40_000)}, small)


def overlaps_itself() -> bytes:
    """Forty names in the directory, one and the same hundred megabytes behind them."""

    def again(archive: zipfile.ZipFile) -> None:
        first = archive.getinfo("xl/big.xml")
        for number in range(40):
            copy = zipfile.ZipInfo(f"xl/big{number}.xml")
            for field in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(copy, field, getattr(first, field))
            archive.filelist.append(copy)

    return changed(workbook({"A1": "品名"}), {"xl/big.xml": b"\0" * (100 * MEGABYTE)}, again)


def workbooks_in_a_workbook() -> bytes:
    inner = much_inside()
    for _depth in range(3):
        inner = changed(workbook({"A1": "品名"}), {"xl/embeddings/book.xlsx": inner})
    return inner


def two_corners() -> bytes:
    """Two cells, between which lie seventeen thousand million."""
    return workbook({"A1": "品名", "XFD1048576": "样例"})


def one_text_in_every_cell() -> bytes:
    """A text of 30,000 letters, once in the file and in 800,000 cells."""
    texts = f'<sst xmlns="{NAMESPACE}"><si><t>{"a" * 30_000}</t></si></sst>'.encode()
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 160 + b"</row>"
    return changed(
        workbook({"A1": "品名"}), {"xl/sharedStrings.xml": texts, WORKSHEET: sheet_xml(row * 5000)}
    )


def laughs() -> bytes:
    """An entity made of ten of the one before, nine times."""
    entities = b'<!ENTITY a0 "haha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 10)
    )
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    return changed(
        workbook({"A1": "品名"}),
        {WORKSHEET: sheet_xml(row, b'<?xml version="1.0"?><!DOCTYPE worksheet [' + entities + b"]>")},
    )


def half_a_workbook() -> bytes:
    return workbook({"A1": "品名"})[:1500]


TOO_MUCH = {
    "zh-hans": "这个工作簿解开后远大于一张商品表",
    "en": "unpacks to far more than a product sheet holds",
}
BROKEN = {"zh-hans": "这个工作簿打不开", "en": "This workbook cannot be opened"}
SHEETS: dict[Callable[[], bytes], tuple[dict[str, str], ...]] = {
    much_inside: (TOO_MUCH,),
    lies_about_its_size: (TOO_MUCH, BROKEN),
    overlaps_itself: (TOO_MUCH, BROKEN),
    two_corners: (TOO_MUCH,),
    one_text_in_every_cell: (TOO_MUCH,),
    half_a_workbook: (BROKEN,),
}


def load(data: bytes, folder: Path) -> BaseException | None:
    """What `countyfair load catalogue` ends with: the one door for product sheets."""
    a_shop()
    file = folder / "goods.xlsx"
    file.write_bytes(data)
    shop = queries.shops(county=COUNTY)[0].slug
    with little_memory():
        return (
            CliRunner()
            .invoke(command, ["catalogue", str(file), "--county", COUNTY, "--shop", shop, "--yes"])
            .exception
        )


def nothing_is_kept() -> bool:
    return scalar("SELECT (SELECT count(*) FROM catalog_product) + (SELECT count(*) FROM catalog_offer)") == 0


@pytest.mark.parametrize("bomb", SHEETS, ids=lambda one: one.__name__)
def test_a_workbook_that_would_fill_the_memory_is_refused_in_a_sentence(
    bomb: Callable[[], bytes], tmp_path: Path
) -> None:
    refusal = load(bomb(), tmp_path)

    assert isinstance(refusal, Invalid), refusal
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert any(sentence[language] in str(refusal) for sentence in SHEETS[bomb])
    assert nothing_is_kept()


@pytest.mark.parametrize("harmless", [workbooks_in_a_workbook, laughs], ids=lambda one: one.__name__)
def test_what_lies_inside_a_workbook_and_is_no_cell_is_never_unpacked(
    harmless: Callable[[], bytes], tmp_path: Path
) -> None:
    refusal = load(harmless(), tmp_path)

    assert isinstance(refusal, Invalid), refusal
    assert nothing_is_kept()


def test_of_a_file_that_is_too_large_only_the_beginning_is_read(tmp_path: Path) -> None:
    with (tmp_path / "goods.xlsx").open("wb") as file:
        file.truncate(2**40)  # a terabyte of nothing, which takes no room on the disk
    a_shop()
    shop = queries.shops(county=COUNTY)[0].slug
    given = ["catalogue", str(tmp_path / "goods.xlsx"), "--county", COUNTY, "--shop", shop, "--yes"]

    with little_memory():
        refusal = CliRunner().invoke(command, given).exception

    with translation.override("en"):
        assert "larger than 20 MB" in str(refusal)


# --- a full disk -------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A disk of one megabyte for the pictures."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("No small disk can be mounted here: that takes root, and a kernel that lets it.")
    settings.MEDIA_ROOT = folder
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def noise(width: int, height: int) -> bytes:
    """A picture that no encoder makes small."""
    drawn = io.BytesIO()
    Image.effect_noise((width, height), 120).convert("RGB").save(drawn, "JPEG", quality=90)
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "服务器磁盘已满。什么都没有改动"), ("en", "disk is full. Nothing was changed")],
)
def test_a_full_disk_is_told_and_nothing_is_half_done(language: str, sentence: str, small_disk: Path) -> None:
    desk = signed_in("centre_staff")
    desk.cookies["lang"] = language
    assert upload(desk, noise(320, 240)).status_code == 302
    before = kept(small_disk)

    answer = upload(desk, noise(2400, 1800))

    assert answer.status_code == 400
    assert sentence in answer.content.decode().replace("&#39;", "'")
    assert 'type="file"' in answer.content.decode(), "the form is there again"
    assert kept(small_disk) == before
    assert scalar("SELECT count(*) FROM catalog_photo") == 1
    assert upload(desk, noise(330, 240)).status_code == 302
