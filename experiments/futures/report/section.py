"""What a page is made of: sections of figures and tables, nothing of HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Plot = Mapping[str, Any]
Tone = Literal["", "better", "worse", "unsure", "quiet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure as plotly.js takes it.

    Attributes
    ----------
    plot
        ``data`` and ``layout``. Points whose ``customdata`` begins with ``order:`` can be clicked:
        what carries the same text in ``ids`` of any chart that ``is_lit`` is lit.
    says
        What is seen, for those who do not see it.
    is_lit
        A click on an order lights its bars here and fades the rest.
    """

    plot: Plot
    height_px: int
    says: str
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table as it is read, and how it is meant."""

    text: str
    under: str = ""  # a second, smaller line
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; its first column names the row and stays in sight."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def turn_grid(grid: Grid) -> Grid:
    """Rows as columns and columns as rows."""
    heads = [grid.heads[0], *(row[0].text for row in grid.rows)]
    columns = zip(grid.heads[1:], *(row[1:] for row in grid.rows), strict=True)
    return Grid(heads=heads, rows=[(Cell(head), *cells) for head, *cells in columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, how to read what follows, then charts and tables."""

    key: str
    title: str
    lead: str = ""
    parts: Sequence[Chart | Grid] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Title, what it comes to in a few sentences, and the sections."""

    title: str
    under: str = ""
    sentences: Sequence[str] = ()
    sections: Sequence[Section] = ()
    facts: Mapping[str, str] = field(default_factory=dict)  # order -> what a click on it tells
