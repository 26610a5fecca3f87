"""Tables are read as people drop them: any encoding, heads under titles, broken files told in a sentence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from django.utils.translation import override

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms.shape import Cells, RowError
from countyfair.outreach.channels.rules import tables
from countyfair.outreach.channels.rules.tables import open_table, workbook
from countyfair.outreach.channels.rules.tables.xml import Counted

KNOWN = frozenset({"订单号", "邮费(元)", "商品", "status"})
PLAIN = "订单号,邮费（元）,商品,备注\nA1,1.50,香菇,好\nA2,-,木耳,\n"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path: Path) -> tuple[list[Cells], list[RowError]]:
    wrong: list[RowError] = []
    with open_table(path, known=KNOWN) as table:
        return [cells for cells in table.rows(wrong.append) if cells.by_name], wrong


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as told:
        read(path)
    assert told.value.field == "file"
    return str(told.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_file_says_the_same_in_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = written(tmp_path / "a.csv", PLAIN.replace(",", delimiter), encoding)
    rows, wrong = read(path)
    assert wrong == []
    assert [(cells.row, dict(cells.by_name)) for cells in rows] == [
        (1, {"订单号": "A1", "邮费(元)": "1.50", "商品": "香菇"}),
        (2, {"订单号": "A2", "邮费(元)": "", "商品": "木耳"}),
    ]


def test_an_encoding_is_told_by_the_first_text_that_is_not_ascii(tmp_path: Path) -> None:
    filler = "".join(f"A{at},paid,x\n" for at in range(300_000))
    path = written(tmp_path / "a.csv", "订单号,status,商品\n".replace("订单号,", "status2,") + filler, "gbk")
    with open_table(path, known=KNOWN) as table:
        assert table.encoding == "gb18030"
    late = ("id,status,name\n" + filler + "B,paid,香菇\n").encode("gbk")
    with open_table(written(tmp_path / "b.csv", late), known=frozenset({"id", "status", "name"})) as table:
        assert table.encoding == "gb18030"
        *_rest, last = table.rows(lambda _error: None)
    assert last.get("name") == "香菇"


def test_heads_are_found_under_titles_and_however_they_are_written(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "店铺:融水,,,\n#导出时间 2026-11-01,,,\n"
        '"\t*订单号 ",邮费 （元）,"商　品",\n"\t61",2,="007",\n合计,2,,\n',
    )
    rows, wrong = read(path)
    assert wrong == []
    assert dict(rows[0].by_name) == {"订单号": "61", "邮费(元)": "2", "商品": "007"}


def test_tabs_before_every_cell_are_no_delimiters(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", '订单号,商品,备注\n"\t1","\t香菇","\t"\n'))
    assert (wrong, dict(rows[0].by_name)) == ([], {"订单号": "1", "商品": "香菇"})


def test_comment_rows_and_empty_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", "订单号,邮费(元),商品\n\n#note\nA,1,x\n合计,1\n"))
    assert (wrong, [cells.row for cells in rows]) == ([], [3])


def test_a_column_named_twice_is_refused_where_it_matters(tmp_path: Path) -> None:
    assert "订单号" in refusal(written(tmp_path / "a.csv", "订单号,订单 号,商品\n1,2,3\n"))
    rows, _wrong = read(written(tmp_path / "b.csv", "订单号,备注,商品,备注\n1,a,3,b\n"))
    assert rows[0].get("商品") == "3"


def test_a_file_that_breaks_off_in_a_row_says_so_and_keeps_the_rest(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN + "A3,1"))
    assert len(rows) == 2
    assert [(error.row, "breaks off" in error.sentence) for error in wrong] == [(3, True)]


def test_a_short_row_that_ends_properly_is_filled_up(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN + "A3,1\nA4,2,x,\n"))
    assert (wrong, rows[2].get("订单号"), rows[2].get("商品")) == ([], "A3", "")


def test_a_row_with_too_many_cells_is_told_not_shifted(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN + "A3,1,a,b,c\nA4,1,a,b,,\n"))
    assert [cells.get("订单号") for cells in rows] == ["A1", "A2", "A4"]
    assert [error.row for error in wrong] == [3]


def test_a_cell_of_ten_megabytes_costs_its_row_only(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN + f"A3,1,{'x' * 10_000_000},\nA4,2,y,\n"))
    assert [cells.get("订单号") for cells in rows] == ["A1", "A2", "A4"]
    assert len(wrong) == 1


def test_an_open_quotation_mark_is_told(tmp_path: Path) -> None:
    swallowed = "".join(f"A{at},1,x,\n" for at in range(20))
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN + 'A3,1,"x,\n' + swallowed))
    assert len(rows) == 2
    assert ["quotation mark" in error.sentence for error in wrong] == [True]


def test_nul_bytes_are_left_out(tmp_path: Path) -> None:
    rows, wrong = read(written(tmp_path / "a.csv", PLAIN.replace("香菇", "香\0菇")))
    assert (wrong, rows[0].get("商品")) == ([], "香菇")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "nothing"),
        (b"%PDF-1.7", "not a table"),
        (b"<!DOCTYPE html><html>sign in</html>", "web page"),
        (b"\xef\xbb\xbf\n <html>", "web page"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\xd0\xcf\x11\xe0 not really", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in refusal(written(tmp_path / "a.csv", content))


def sheet(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("订单")
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def held(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """With shared texts, a hidden sheet before it, and dates as days with a format."""
    book = openpyxl.Workbook()
    hidden = book.worksheets[0]
    hidden.append(["订单号", "商品"])
    page = book.create_sheet("订单")
    hidden.sheet_state = "hidden"
    book.active = 1
    for row in rows:
        page.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("write", [sheet, held])
def test_a_workbook_says_what_its_cells_show(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = write(
        tmp_path / "a.xlsx",
        [
            ["融水的店"],
            ["订单号", "邮费（元）", "商品", "status"],
            ["0061", 12.3, "香菇 & <木耳>", dt.datetime.fromisoformat("2026-11-01T08:05:09")],
            [None, None, None, None],
            [693162745589500001, 0.1 + 0.2, None, dt.datetime.fromisoformat("2026-11-02")],
        ],
    )
    rows, wrong = read(path)
    assert wrong == []
    assert [(cells.row, tuple(cells.by_name.values())) for cells in rows] == [
        (1, ("0061", "12.3", "香菇 & <木耳>", "2026-11-01 08:05:09")),
        (3, ("6.931627455895e+17", "0.3", "", "2026-11-02 00:00:00")),
    ]


def test_the_sheet_that_names_most_columns_is_read_and_else_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook(write_only=True)
    for name, rows in (
        ("说明", [["订单号", "怎么填"]]),
        ("月账单", [["t"], ["订单号", "商品"], ["1", "香菇"]]),
    ):
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    told, wrong = read(path)
    assert (wrong, [cells.get("商品") for cells in told]) == ([], ["香菇"])
    with open_table(path, known=frozenset({"没有"})) as table:
        assert table.heads == ("订单号", "怎么填")


def test_a_file_with_heads_alone_has_no_rows(tmp_path: Path) -> None:
    for path in (
        written(tmp_path / "a.csv", "订单号,商品"),
        sheet(tmp_path / "a.xlsx", [["订单号", "商品"]]),
    ):
        assert read(path) == ([], [])


def test_a_workbook_is_the_same_through_another_reader(tmp_path: Path) -> None:
    rows: list[list[object]] = [["订单号", "商品", "status"]]
    rows += [[f"{at}", f"山货{at % 7}" if at % 3 else None, at / 100] for at in range(1, 3000)]
    path = held(tmp_path / "a.xlsx", rows)
    ours, _wrong = read(path)
    theirs = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("订单").to_python()[1:]
    assert [(cells.get("订单号"), cells.get("商品"), float(cells.get("status"))) for cells in ours] == [
        tuple(row) for row in theirs
    ]


def test_a_workbook_whose_tags_have_prefixes_is_read(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "a.xlsx", [["订单号", "商品"], ["1", "香菇"]])
    prefixed = tmp_path / "b.xlsx"
    page = (
        "<x:worksheet xmlns:x='m'><x:sheetData>"
        "<x:row r='1'><x:c t='inlineStr'><x:is><x:t>订单号</x:t></x:is></x:c>"
        "<x:c t='str'><x:v>商品</x:v></x:c></x:row>"
        "<x:row r='4'><x:c r='B4' t='str'><x:v>香菇</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(prefixed, "w") as new:
        for name in old.namelist():
            new.writestr(name, page if name.endswith("sheet1.xml") else old.read(name))
    rows, wrong = read(prefixed)
    assert (wrong, [(cells.row, cells.get("商品")) for cells in rows]) == ([], [(3, "香菇")])


def test_a_bomb_of_a_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet(tmp_path / "a.xlsx", [["订单号", "商品"], *[["1", "x" * 30_000] for _ in range(100)]])
    monkeypatch.setattr(workbook, "LARGEST_SHEET", 1_000_000)
    assert "unpacks to more" in refusal(path)


def test_a_workbook_that_lies_about_its_size_is_stopped_while_it_is_read(tmp_path: Path) -> None:
    counted = Counted(io.BytesIO(b"x" * 100), 50)
    counted.read(40)
    with pytest.raises(Invalid):
        counted.read(40)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "boom">]><worksheet/>'),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r='A1'><v>1</v>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r='??'><v>1</v></c></row></sheetData>"),
        ("xl/workbook.xml", b"not xml"),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str, content: bytes) -> None:
    whole = sheet(tmp_path / "a.xlsx", [["订单号", "商品"], ["1", "2"]])
    broken = tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    assert "damaged" in refusal(broken)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bill.csv", "x")
    assert "archive" in refusal(path)


def test_half_a_workbook_is_refused(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "a.xlsx", [["订单号", "商品"], *[["1", "2"] for _ in range(1000)]]).read_bytes()
    assert "damaged" in refusal(written(tmp_path / "b.xlsx", whole[: len(whole) // 2]))


def test_a_file_over_a_gigabyte_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    assert "larger" in refusal(written(tmp_path / "a.csv", PLAIN))


def test_how_far_a_file_is_read_goes_from_nothing_to_all(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", PLAIN + "".join(f"B{at},1,x,\n" for at in range(200_000)))
    with open_table(path, known=KNOWN) as table:
        shares = [table.share for cells in table.rows(lambda _error: None) if cells.row % 20_000 == 0]
    assert shares == sorted(shares)
    assert shares[0] < 0.3 < 0.9 < shares[-1] <= 1
