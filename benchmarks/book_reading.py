"""How long a planner waits for a large order book to be read and checked, as CSV and as workbook.

``python benchmarks/book_reading.py [rows=5000]`` draws a book as an export has it (titles, other
names of columns, dates, prices, a colour and remarks), reads it three times each way in one process
and prints the shortest time [s]. ``book_5000_s`` is the longer of the two kinds, with 5,000 rows.
The figures are written to ``summary.json`` of a folder in ``runs/book_reading``.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.keeping import keep  # noqa: E402
from factory_env.designs.catalogue import Catalogue  # noqa: E402
from factory_env.door.order_book import read_order_book  # noqa: E402
from factory_env.presets import load_scenario  # noqa: E402

ROWS = 5000
REPEATS = 3
FIRST = date(2026, 3, 2)
HEADER = (
    *("PO No.", "Buyer", "Article", "Order Qty", "Fabric in-house", "Ex-factory", "FOB Price"),
    *("Colour", "Season", "Remarks"),
)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1].removeprefix("rows=")) if len(sys.argv) > 1 else ROWS
    if count < 1:
        raise SystemExit("book_reading: rows: must be at least 1")
    scenario = load_scenario("mid")
    styles = Catalogue().collection(scenario.library.products, np.random.default_rng(0))
    rows = _draw_rows(count, random.Random(0))
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("csv", _write_csv), ("xlsx", _write_workbook)):
            path = Path(folder) / f"book.{kind}"
            write(path, rows)
            times = []
            for _ in range(REPEATS):
                start = time.perf_counter()
                book = read_order_book(path, scenario, styles)
                times.append(time.perf_counter() - start)
            assert len(book.orders) == count
            figures[f"{kind}_s"] = round(min(times), 2)
    name = f"book_{count}_s"
    figures = {name: max(figures.values()), **figures, "rows": count}
    figures["load_before"] = round(os.getloadavg()[0], 1)
    keep("book_reading", figures)
    print(json.dumps(figures))


def _draw_rows(count: int, luck: random.Random) -> list[list[Any]]:
    rows = []
    for i in range(count):
        release = FIRST + timedelta(luck.randrange(300))
        due = release + timedelta(luck.randrange(10, 50))
        named = [f"PO-{i:06d}", f"Buyer {luck.randrange(40)}", f"POLO {luck.randrange(60):02d}"]
        pieces = luck.randrange(100, 6000)
        rows.append([*named, pieces, release, due, 4.2, "navy", "SS27", "ship in one lot"])
    return rows


def _write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def _write_workbook(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    for row in (["Open orders of plant 2"], [], HEADER, *rows):
        sheet.append(row)
    book.save(path)


if __name__ == "__main__":
    main()
