"""Damaged books and records: read with values of sense, or refused in plain lines, never a crash.

The seeds are fixed; ten thousand more mutations were tried when this was written.
"""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import numpy as np
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.daily_records import read_daily_records
from factory_env.door.order_book import read_order_book
from factory_env.errors import InputError
from factory_env.presets import load_scenario

BOOK = (
    "order_id;style;quantity;release;due;price;priority;customer\r\n"
    "A;tee-03;1.000;02.03.2026;10.03.2026;2,60;1;Haus Nord\r\n"
    "B;tee-04;500;02.03.2026;14.03.2026;2,60;1;Haus Süd\r\n"
    "C;polo-02;12.000;03.03.2026 00:00;12.03.2026;4,00;2;\r\n"
)
RECORDS = "Date,Line,SMV,Operators,Hours,Output,Target\n" + "".join(
    f"2026-03-{day:02d},Line {line},30,40,10,640,700\n"
    for day in range(1, 25)
    for line in range(1, 4)
)
WORDS = [
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "-0",
    "0",
    "",
    "\x00",
    '"',
    "9.9e99",
    "1.000",
    "1,000",
    "1.000,00",
    "31/31/2026",
    "99.99.9999",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "12/31/9999 11:59 PM",
    "24:00Z",
    "46000",
    "79999.999",
    "-1",
    "1_0",
    "0x1",
    "\r",
    "\n",
    ";",
    ",",
    "\t",
    "sep=,\n",
    "\ufeff",
    "=1+1",
    "#REF!",
    "Total",
    "%",
    "1e400",
    "١٢",
    "(5",
    "--5",
    "1 000",
    "29.02.2025",
    "\x1b[31m",
    "😀",
]


def damage(text: str, rng: random.Random) -> bytes:
    """The text with a few random faults."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, kind = rng.randrange(len(text) or 1), rng.randrange(5)
        if kind == 0:
            text = text[:at] + rng.choice(WORDS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.choice((1, 3, 40)) :]
        elif kind == 2:
            text = text.replace(*rng.choice(((",", ";"), (";", ","), (".", ","), ("-", "/"))))
        elif kind == 3:
            lines = text.splitlines(keepends=True)
            rng.shuffle(lines)
            text = "".join(lines)
        else:
            text = text[:at]
    return text.encode(rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp437")), "replace")


@pytest.fixture(scope="module")
def plant() -> tuple[Scenario, tuple[Style, ...]]:
    scenario = load_scenario("mid")
    return scenario, Catalogue().collection(scenario.library.products, np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_book_is_read_with_sense_or_refused(tmp_path: Path, plant, seed: int) -> None:
    rng, path = random.Random(seed), tmp_path / "book.csv"
    refusals: list[str] = []
    for _ in range(40):
        path.write_bytes(damage(BOOK, rng))
        try:
            with warnings.catch_warnings(action="error"):
                book = read_order_book(path, *plant)
        except InputError as error:
            refusals.append(str(error))
            continue
        for order in book.orders:
            assert 1 <= order.quantity <= 1_000_000
            assert 0.0 <= order.release_min < order.due_min < 3e6
            assert 0.0 < order.price_usd <= 10_000.0
            assert order.order_id
    assert all(text.replace("\n", "").isprintable() for text in refusals)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_records_are_read_with_sense_or_refused(tmp_path: Path, seed: int) -> None:
    rng, path = random.Random(seed), tmp_path / "records.csv"
    refusals: list[str] = []
    for _ in range(20):
        path.write_bytes(damage(RECORDS, rng))
        try:
            with warnings.catch_warnings(action="error"):
                rows = read_daily_records(path, shift_min=480.0).sewing
        except InputError as error:
            refusals.append(str(error))
            continue
        for values in (rows.productivity, rows.smv_min, rows.workers, rows.overtime_min):
            assert np.isfinite(values).all()
        assert rows.day.min() > 0
    assert all(text.replace("\n", "").isprintable() for text in refusals)
