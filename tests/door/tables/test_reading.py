"""A user's file as a table: what it may be, how large, where its header is."""

from __future__ import annotations

import gzip
import os
import time
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from factory_env.door.tables.reading import read_table, split_sheet
from factory_env.door.tables.table import TypedNumber, fold_name, match_columns, name_unit
from factory_env.errors import InputError

NAMES = ("order", "style", "pieces", "due")


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read_table(path, **options)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_and_encodings(tmp_path: Path, mark: str, encoding: str) -> None:
    text = mark.join(NAMES) + "\r\n" + mark.join(["A", "tee", "5", "Süd"]) + "\r\n"
    table = read_table(write(tmp_path / "t.csv", text.encode(encoding)))
    assert table.header == NAMES
    assert table.rows == ((2, ["A", "tee", "5", "Süd"]),)
    assert table.delimiter == mark


def test_a_sep_line_names_the_mark(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", "sep=;\norder;style\nA, B;tee\n"))
    assert (table.header, table.header_line) == (("order", "style"), 2)
    assert table.rows == ((3, ["A, B", "tee"]),)


TITLED = "Open orders, plant 2\nprinted 1 March 2026\n\norder;style;pieces;due\nA;tee;5;1\n"


def test_a_header_below_titles_is_found_and_told(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", TITLED), names=NAMES)
    assert (table.header, table.header_line) == (NAMES, 4)
    assert "line 4" in table.notes[0]
    assert "Open orders" in table.notes[0]


def test_lines_above_the_header_can_be_named(tmp_path: Path) -> None:
    assert read_table(write(tmp_path / "t.csv", TITLED), skip=3).header == NAMES


def test_pages_of_an_export_repeat_the_header_and_trail_empty_cells(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", "order,style,,\nA,tee,,\norder,style\nB,polo\n"))
    assert table.header == ("order", "style")
    assert table.rows == ((2, ["A", "tee"]), (4, ["B", "polo"]))


def test_remarks_below_a_table_are_left_out_and_a_row_cut_short_is_not(tmp_path: Path) -> None:
    text = ",".join(NAMES) + "\nA,tee,5,1\nB,tee,5,1\n"
    for remark in ("Printed by Anna on 1 March\n", "Generated today,,,\nPage 1 of 1\n"):
        table = read_table(write(tmp_path / "t.csv", text + remark))
        assert [line for line, _ in table.rows] == [2, 3]
        assert "below the table, from line 4" in table.notes[0]
    cut = read_table(write(tmp_path / "t.csv", text + "PO-20"))
    assert cut.rows[-1] == (4, ["PO-20"])


def test_cells_that_are_marked_as_text_are_what_they_say(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", "order,style,pieces\n=\"0012\",'tee,'1000\n"))
    assert table.rows == ((2, ["0012", "tee", "1000"]),)


def test_what_is_no_table_is_refused_before_it_is_read(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    begin = time.perf_counter()
    assert "a device" in refusal(Path("/dev/zero"))
    assert "a pipe" in refusal(fifo)
    assert "a folder" in refusal(tmp_path)
    assert "No such file" in refusal(tmp_path / "nowhere.csv")
    assert "gzip" in refusal(write(tmp_path / "o.csv", gzip.compress(b"0" * 10_000_000)))
    assert "zero bytes" in refusal(write(tmp_path / "z.csv", b"order,style\nA\x00,tee\n"))
    assert time.perf_counter() - begin < 2.0


def test_a_large_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)  # a hole: ten gigabytes that take no room
    assert "at most 64 MB" in refusal(path)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + "1,2\n" * 2000)
    assert "at most 1,000 rows" in refusal(path, max_rows=1000)


@pytest.mark.slow
def test_too_many_cells_and_endless_lines_are_refused(tmp_path: Path) -> None:
    wide = write(tmp_path / "w.csv", b"," * 30_000_000)
    assert "lines of at most 100,000 letters" in refusal(wide)
    deep = write(tmp_path / "d.csv", (b"a" + b"," * 90_000 + b"\n") * 100)
    assert "at most 8,000,000 cells" in refusal(deep)


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ROWS: list[list[object]] = [["order", "style", "pieces", "due"], ["A", "tee", 1.125, None]]


def test_a_workbook_is_read_with_the_types_of_its_cells(tmp_path: Path) -> None:
    rows = [*ROWS, ["B", "polo", 1000, datetime(2026, 3, 2)], [None, None], ["C", True, "1.000"]]
    table = read_table(workbook(tmp_path / "t.xlsx", Orders=rows), names=NAMES)
    assert table.header == NAMES
    assert table.rows[0] == (2, ["A", "tee", "1.125", ""])
    assert isinstance(table.rows[0][1][2], TypedNumber)
    assert table.rows[1] == (3, ["B", "polo", "1000", "2026-03-02 00:00:00"])
    assert table.rows[2] == (5, ["C", "true", "1.000", ""])
    assert not isinstance(table.rows[2][1][2], TypedNumber)
    assert table.where.endswith("t.xlsx#Orders")


def test_the_sheet_with_the_columns_is_read_or_the_one_that_is_named(tmp_path: Path) -> None:
    titled = [["Orders of plant 2"], [], *ROWS]
    path = workbook(tmp_path / "t.xlsx", Notes=[["read me"]], Plan=titled, Old=[["order"], ["Z"]])
    table = read_table(path, names=NAMES)
    assert (table.header, table.header_line) == (NAMES, 3)
    assert any("'Plan' is read" in note for note in table.notes)
    assert read_table(f"{path}#old", names=NAMES).rows == ((2, ["Z"]),)
    assert "sheets: 'Notes', 'Plan', 'Old'" in refusal(Path(f"{path}#Missing"))


def test_a_file_is_a_file_whatever_its_name(tmp_path: Path) -> None:
    odd = tmp_path / "a.xlsx#b"
    odd.write_text("x")
    assert split_sheet(odd) == (odd, "")
    assert split_sheet(Path("x/a.xlsx#b c")) == (Path("x/a.xlsx"), "b c")
    assert split_sheet(Path("Größe #2 İ.XLSX#b")) == (Path("Größe #2 İ.XLSX"), "b")


def test_formulas_without_values_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Orders=[*ROWS, ["B", "tee", "=1+1", "=2+2"]])
    (problem,) = read_table(path, names=NAMES).problems
    assert "2 formulas without, the first in C3" in str(problem)


def test_a_damaged_workbook_and_an_archive_of_something_else_are_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "t.xlsx", Orders=ROWS).read_bytes()
    assert "a workbook that opens" in refusal(write(tmp_path / "cut.xlsx", good[:2000]))
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "another kind of archive" in refusal(tmp_path / "other.xlsx")


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (300 * 2**20))
    assert "must unpack to at most 256 MB" in refusal(path)


def test_names_of_columns_are_compared_without_marks_and_units() -> None:
    assert fold_name(" PO No. ") == "po_no"
    assert fold_name("Unit-Price [USD]") == "unit_price"
    assert [name_unit(n) for n in ("Price [USD]", "Efficiency %", "Qty")] == ["USD", "%", ""]


def test_own_names_go_before_synonyms_and_given_ones_before_both() -> None:
    synonyms = {"due": ("due_date", "ship_date", "delivery_date"), "pieces": ("qty",)}
    columns = match_columns(["Delivery Date", "Ship date", "Qty"], synonyms)
    assert dict(columns.at) == {"due": 1, "pieces": 2}
    assert columns.rivals == {"due": ("Delivery Date",)}
    given = match_columns(["Delivery Date", "due"], synonyms, {"due": "delivery date"})
    assert dict(given.at) == {"due": 0}


def test_a_cell_of_brackets_without_end_is_no_name_and_takes_no_time() -> None:
    assert fold_name("{" * 100_000) == ""
    assert name_unit("(" * 100_000) == ""


def test_a_workbook_with_macros_is_refused_whatever_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Orders=ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00")
    assert "must hold no programs" in refusal(path, names=NAMES)
    assert "without macros" in refusal(path, names=NAMES)


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    assert "no password" in refusal(write(tmp_path / "locked.xlsx", content))


def test_a_workbook_of_fifty_megabytes_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    content = workbook(tmp_path / "t.xlsx", Orders=ROWS).read_bytes() + bytes(50 * 10**6)
    began = time.perf_counter()
    assert "a workbook must have at most 32 MB" in refusal(write(tmp_path / "big.xlsx", content))
    assert time.perf_counter() - began < 2.0


def test_empty_rows_of_a_workbook_are_skipped_and_told(tmp_path: Path) -> None:
    rows = [["Open orders of plant 2"], [], ROWS[0], ROWS[1], [], [], ROWS[1]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx", names=NAMES)
    assert [line for line, _ in table.rows] == [4, 7]
    assert "empty rows are skipped: 5, 6" in table.notes
    assert any("the header is row 3" in note for note in table.notes)


def test_formulas_count_with_the_values_that_the_workbook_holds(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, NAMES)
    sheet.write_row(1, 0, ["A", "tee"])
    sheet.write_formula("C2", "=600+600", None, 1200)
    sheet.write_row(1, 3, ["12"])
    book.close()
    table = read_table(tmp_path / "t.xlsx", names=NAMES)
    assert (table.rows, table.problems) == (((2, ["A", "tee", "1200", "12"]),), ())
