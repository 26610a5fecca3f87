"""Hostile files, a full disk, and cells that would be formulas: a sentence each, and nothing half done."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from PIL import Image
from pytest_django import Settings

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.centre.sheets import sheet
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.catalog.tests.factories import a_product, facts
from countyfair.trade.settlement.rules import BankRow, bank_csv
from countyfair.trade.stock.tests.factories import a_lot

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_picture(kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((640, 480), 90).convert("RGB").save(drawn, kind)
    return drawn.getvalue()


def huge() -> bytes:
    """A PNG of some hundred bytes that says it is 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 8000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def photos(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "photos"
    return tmp_path / "photos"


def upload(desk: Client, data: bytes, name: str = "photo.png") -> Any:
    form = {"once": str(uuid7()), "alt_zh": "样例", "photo": SimpleUploadedFile(name, data, "image/png")}
    return desk.post(f"/centre/{COUNTY}/products/{a_product()}/photos/new/", form)


def kept(photos: Path) -> list[Path]:
    return [path for path in photos.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "data",
    [SVG, huge(), b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", b"%PDF-1.7 " + a_picture(),
     a_picture()[:900], b"", a_picture("JPEG") + b"<script>alert(1)</script>"],
    ids=["a drawing with a script", "a huge picture", "a script that looks like a picture",
         "a document before a picture", "half a picture", "nothing", "a script behind a picture"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_a_sentence_and_leaves_nothing(data: bytes, photos: Path) -> None:
    answer = upload(signed_in("centre_staff"), data)

    assert answer.status_code == 422
    assert kept(photos) == []
    assert scalar("SELECT count(*) FROM catalog_photo") == 0


def test_what_hides_behind_a_picture_is_not_kept_with_it(photos: Path) -> None:
    assert upload(signed_in("centre_staff"), a_picture("JPEG") + b"where we live").status_code == 302

    assert kept(photos) != []
    assert all(b"where we live" not in path.read_bytes() for path in kept(photos))


@contextmanager
def a_full_disk() -> Iterator[None]:
    """No file of this process may grow beyond a few bytes, as when the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing_half_done(photos: Path) -> None:
    desk, data = signed_in("centre_staff"), a_picture()
    with a_full_disk():
        answer = upload(desk, data)

    assert answer.status_code == 400
    assert "磁盘无法写入" in answer.content.decode()
    assert 'type="file"' in answer.content.decode(), "the form is there again"
    assert kept(photos) == []
    assert scalar("SELECT count(*) FROM catalog_photo") == 0
    assert upload(desk, data).status_code == 302


def test_no_cell_of_a_downloaded_workbook_is_a_formula_and_every_text_survives() -> None:
    """A merchant may call goods what a spreadsheet would run; the centre's list of lots holds that name."""
    name = '=HYPERLINK("http://x","样例")'
    a_lot(product=a_product(said=facts(name_zh=name, name_en="@SUM(1)")))
    answer: Any = signed_in("centre_staff").get(f"/centre/{COUNTY}/lots.xlsx")

    page = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]

    cells = [cell for row in page.iter_rows() for cell in row]
    assert not {cell.data_type for cell in cells} & {"f", "e"}
    assert name in [cell.value for cell in cells]


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_download_is_a_formula(word: str) -> None:
    answer: Any = sheet("csv", "x", ["a"], [[word]])
    cell = b"".join(answer.streaming_content).decode("utf-8-sig").split("\n", 1)[1].lstrip('"')
    paid = bank_csv([BankRow("1", word, word, word, 100, "CNY")], batch=word).decode("gb18030")

    assert cell.startswith("'")
    for line in paid.splitlines()[1:]:
        assert not any(part.lstrip('"').startswith(("=", "+", "-", "@", "\t")) for part in line.split(","))
