"""A user's CSV file as text rows: encodings, delimiters and other ways of spreadsheets."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from factory_env.errors import InputError, Problem, wrong

DELIMITERS = (",", ";", "\t")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASK_UTF8 = "save the file as 'CSV UTF-8 (comma delimited)'"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvText:
    """A CSV file as it was typed."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]  # line number and fields; blank lines left out
    delimiter: str
    problems: tuple[Problem, ...]  # found while reading; the rows are readable all the same


def read_csv(path: Path) -> CsvText:
    """Read a CSV file: UTF-8 (or UTF-16 with a byte order mark); comma, semicolon or tab.

    Raises
    ------
    InputError
        If there is no table to read: no such file, a workbook, no rows.
    """
    where = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unreadable(where, "must be a readable file", reason, "check the path") from None
    if data.startswith(b"PK\x03\x04"):
        raise _unreadable(where, "must be a CSV file", "a workbook or zip archive", _ASK_UTF8)
    text, problems = _decode(data, where)
    if not text.strip():
        raise _unreadable(where, "must not be empty", f"{len(data)} bytes", "a header and one row")
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(DELIMITERS, key=first.count)
    rows = list(_rows(text, delimiter, where, problems))
    header = tuple(cell.strip() for cell in rows[0][1]) if rows else ()
    return CsvText(
        header=header, rows=tuple(rows[1:]), delimiter=delimiter, problems=tuple(problems)
    )


def _decode(data: bytes, where: str) -> tuple[str, list[Problem]]:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data[:4096]:
        raise _unreadable(where, "must be text in UTF-8", "zero bytes (UTF-16?)", _ASK_UTF8)
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        got = f"byte 0x{data[error.start]:02X}"
        if encoding != "utf-8":
            raise _unreadable(where, f"must be valid {encoding}", got, _ASK_UTF8) from None
        odd = data[error.start : error.start + 1].decode("cp1252", errors="replace")
        problem = wrong(
            f"{where}:{line}",
            "encoding",
            "must be UTF-8",
            f"{got} ({odd!r} in Windows-1252)",
            _ASK_UTF8,
        )
        return data.decode("cp1252", errors="replace"), [problem]


def _rows(
    text: str, delimiter: str, where: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(
                wrong(
                    f"{where}:{line}",
                    "row",
                    "must be well-formed CSV",
                    error,
                    "check the quotes of this row",
                )
            )
            return
        if any(fields) and any(cell.strip() for cell in fields):
            yield line, fields


def _unreadable(where: str, rule: str, got: str, right: str) -> InputError:
    return InputError.of(where, "file", rule, got, right)
