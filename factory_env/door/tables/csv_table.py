"""A table from a text file: delimiter, ``sep=`` line, lines above the header, quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from factory_env.door.tables.files import unreadable
from factory_env.door.tables.table import (
    HEAD_ROWS,
    MAX_ROWS,
    Table,
    drop_footer,
    find_header,
)
from factory_env.door.tables.text import decode
from factory_env.errors import Problem, wrong

MAX_CELLS: Final = 8_000_000  # ten years of quarter hours with 20 columns are 7 millions
MAX_LINE: Final = 100_000  # letters: 500 columns of 200
DELIMITERS: Final = (",", ";", "\t", "|")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)

_Rows = list[tuple[int, list[str]]]


def table_from_text(
    data: bytes,
    where: str,
    names: Collection[str],
    skip: int | None,
    max_rows: int = MAX_ROWS,
    *,
    has_remarks: bool = True,
) -> Table:
    """The table of a text file.

    Parameters
    ----------
    names
        Folded names of columns; the header is the first row that holds most of them.
    skip
        Lines above the header; None = found by ``names``.

    Raises
    ------
    InputError
        If there is no table to read.
    """
    text, problems = decode(data, where)
    first = 1
    delimiter = ""
    if said := _SEP.fullmatch(text[:20].partition("\n")[0].lstrip("\ufeff").rstrip("\r")):
        text, first, delimiter = text.partition("\n")[2], 2, said[1]
        if skip:
            skip -= 1
    begin = 0
    while skip and begin < len(text):
        begin = text.find("\n", begin) + 1 or len(text)
        first, skip = first + 1, skip - 1
    text = text[begin:]
    if not text.strip():
        raise unreadable(where, "must not be empty", f"{len(data)} bytes", "a header and one row")
    if (longest := max(map(len, StringIO(text)))) > MAX_LINE:
        rule = f"must have lines of at most {MAX_LINE:,} letters"
        raise unreadable(where, rule, f"{longest:,}", "one row a line")
    delimiter = delimiter or _choose_delimiter(text, names)
    rows = _read_rows(text, delimiter, where, problems, max_rows, first)
    position = 0 if skip is not None or not names else find_header([r for _, r in rows], names)[0]
    line, header = rows[position] if rows else (1, [])
    while header and not header[-1]:
        header.pop()
    body, footer = drop_footer(
        list(_trim_rows(rows[position + 1 :], header)), len(header) if has_remarks else 0
    )
    return Table(
        where=where,
        header=tuple(header),
        header_line=line,
        rows=tuple(body),
        delimiter=delimiter,
        problems=tuple(problems),
        notes=(*_note_head(rows[:position], line), *footer),
    )


def _choose_delimiter(text: str, names: Collection[str]) -> str:
    """The mark under which the header shows; without a header, the one of the first line."""
    head = list(islice(StringIO(text, newline=""), HEAD_ROWS * 2))
    first = next((line for line in head if line.strip()), "")

    def rank(mark: str) -> tuple[int, int, int]:
        reader = csv.reader(head, delimiter=mark)
        try:
            rows = [row for row in reader if any(row)]
        except csv.Error:
            rows = []
        widest = max((len(row) for row in rows), default=0)
        return (find_header(rows, names)[1] if names else 0, first.count(mark), widest)

    return max(DELIMITERS, key=rank)


def _read_rows(
    text: str, delimiter: str, where: str, problems: list[Problem], most: int, first: int
) -> _Rows:
    rows: _Rows = []
    count = 0
    for line, cells in _iterate(text, delimiter, where, problems, first):
        rows.append((line, [_unwrap(cell.strip()) for cell in cells]))
        count += len(cells)
        if len(rows) > most + HEAD_ROWS:
            rule = f"must have at most {most:,} rows"
            raise unreadable(where, rule, "more", "give the rows that are needed")
        if count > MAX_CELLS:
            rule = f"must have at most {MAX_CELLS:,} cells"
            raise unreadable(where, rule, "more", "give the columns that are needed")
    return rows


def _unwrap(cell: str) -> str:
    """A cell that an export has marked as text: ="0012", or with an apostrophe before it."""
    if cell[:2] == '="' and cell[-1] == '"' and len(cell) > 2:
        return cell[2:-1]
    return cell[1:] if cell[:1] == "'" and cell.count("'") == 1 else cell


def _iterate(
    text: str, delimiter: str, where: str, problems: list[Problem], first: int
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + first
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            right = "check the quotes of this row"
            problems.append(
                wrong(f"{where}:{line}", "row", "must be well-formed CSV", error, right)
            )
            return
        if any(cell.strip() for cell in fields):
            yield line, fields


def _trim_rows(rows: _Rows, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows without empty cells behind the header's last, and without the header's repetitions."""
    width = len(header)
    for line, cells in rows:
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if cells != list(header):
            yield line, cells


def _note_head(rows: _Rows, line: int) -> Iterator[str]:
    if rows:
        shown = " ".join(cell for cell in rows[0][1] if cell)[:60]
        yield f"the header is line {line}; above it stands {shown!r}, which is not read"
