"""The old name of `factory_env.door.tables.reading`: a user's table as text rows."""

from __future__ import annotations

from pathlib import Path

from factory_env.door.tables.reading import read_table
from factory_env.door.tables.table import Table as CsvText

__all__ = ["CsvText", "read_csv"]


def read_csv(path: Path) -> CsvText:
    """The table of a file; see `read_table`."""
    return read_table(path)
