"""A question about one's own plant and book: files as in every other command."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from experiments.futures.asking.options import WhatifOptions, ask_question
from experiments.futures.planting.content import make_content
from experiments.futures.planting.options import NewPlantOptions
from experiments.futures.planting.workbook import write_workbook
from factory_env.door.order_format import BookFormat
from factory_env.errors import InputError
from factory_env.presets import load_scenario

WHAT = {
    "title": "Overtime",
    "variants": [{"name": "more", "set": {"scenario.flow.lot_pieces": 100}}],
}
BOOK = "Nr;Was;Wieviel;Stoff;Cargo ready\n4711;POLO RED;1.200;01.06.2026;25.06.2026\n"


def test_a_question_reads_a_book_with_the_planners_own_columns(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(BOOK + BOOK.splitlines()[1].replace("4711", "4712") + "\n")
    own = {"order_id": "Nr", "style": "Was", "quantity": "Wieviel", "release": "Stoff"}
    how = BookFormat(decimal="comma", dates="dmy", columns={**own, "due": "Cargo ready"})
    options = WhatifOptions(what=WHAT, orders=str(tmp_path / "book.csv"), orders_format=how)
    orders = ask_question(options).question.variants[0].orders
    assert [order.quantity for order in orders] == [1200, 1200]


def test_a_question_reads_a_plant_of_a_workbook_and_names_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "my.xlsx"
    options = NewPlantOptions(first_day=date(2026, 3, 2))
    write_workbook(path, make_content(load_scenario("small"), options))
    asked = ask_question(WhatifOptions(what=WHAT, plant=str(path), orders=str(path)))
    assert asked.question.variants[0].scenario.plant.name == "small"
    book = openpyxl.load_workbook(path)
    book["lines"]["B4"] = "denim"
    book["lines"]["D5"] = "many"
    book.save(path)
    with pytest.raises(InputError) as caught:
        ask_question(WhatifOptions(what=WHAT, plant=str(path)))
    assert {p.where for p in caught.value.problems} >= {f"{path}#lines!B4", f"{path}#lines!D5"}
