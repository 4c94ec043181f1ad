"""Reads a file of styles row by row: texts and numbers checked, products not yet built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory_env.door.styles.columns import Sheet, read_sheet
from factory_env.door.styles.product_words import fold_text
from factory_env.door.styles.style_columns import FABRICS, NUMBERS, OF_PRODUCT, SYNONYMS
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import load_library


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRow:
    """A row; "" and None = not said."""

    line: int
    style: str
    product: str
    name: str
    bulletin: str
    fabric_group: str
    learning_class: str
    like: str
    numbers: Mapping[str, float]  # those that are given, by `NUMBERS`

    @property
    def of_product(self) -> dict[str, float]:
        """What it says of the product around sewing."""
        return {key: value for key, value in self.numbers.items() if key in OF_PRODUCT}


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRows:
    """A file's rows, and where they stand."""

    where: str
    rows: tuple[StyleRow, ...]
    notes: tuple[str, ...]
    has_popularity: bool

    def wrong(self, row: StyleRow, field: str, rule: str, got: str, right: str) -> Problem:
        """The problem of a row."""
        return wrong(f"{self.where}:{row.line}", field, rule, got, right)


def read_style_rows(path: str | Path) -> StyleRows:
    """Read a file of styles; see `SYNONYMS` for its columns.

    Raises
    ------
    InputError
        With every problem of its cells.
    """
    sheet = read_sheet(Path(path).expanduser(), SYNONYMS)
    sheet.require("style", "columns: style, product, smv_min or smv_factor, bulletin, ...")
    numbers = {name: sheet.numbers(name, unit) for name, (unit, _) in NUMBERS.items()}
    texts = {name: sheet.texts(name) for name in SYNONYMS if name not in NUMBERS}
    rows = []
    seen: dict[str, int] = {}
    for i, line in enumerate(sheet.lines):
        row = StyleRow(
            line=line,
            numbers={n: v for n, column in numbers.items() if (v := column[i]) is not None},
            **{name: column[i] for name, column in texts.items()},
        )
        rows.append(row)
        if sheet.has("style"):
            _check_row(sheet, i, row, seen)
    if not rows and not sheet.problems:
        right = "a row for each style"
        raise InputError.of(sheet.table.where, "file", "must hold styles", "a header only", right)
    if sheet.problems:
        raise InputError(sheet.problems)
    notes = [*sheet.table.notes]
    if sheet.columns.unused:
        notes.append(
            f"{sheet.table.where}: columns not used: {', '.join(map(repr, sheet.columns.unused))}"
        )
    return StyleRows(
        where=sheet.table.where,
        rows=tuple(rows),
        notes=tuple(notes),
        has_popularity=any("popularity" in row.numbers for row in rows),
    )


def _check_row(sheet: Sheet, i: int, row: StyleRow, seen: dict[str, int]) -> None:
    if not row.style:
        sheet.say(i, "style", "must be given", "nothing", "a name of its own")
    elif (first := seen.setdefault(fold_text(row.style), row.line)) != row.line:
        got = f"{row.style!r}, also in line {first}"
        sheet.say(i, "style", "must be there once", got, "one row for each style")
    if "smv_min" in row.numbers and "smv_factor" in row.numbers:
        got = f"{row.numbers['smv_min']:g} and {row.numbers['smv_factor']:g}"
        rule = "must not stand beside smv_min: they say the same"
        sheet.say(i, "smv_factor", rule, got, "leave one of them blank")
    if row.fabric_group and row.fabric_group.casefold() not in FABRICS:
        sheet.say(i, "fabric_group", "must be knit or woven", repr(row.fabric_group), "e.g. knit")
    classes = [c.name for c in load_library().learning_classes]
    if row.learning_class and row.learning_class.casefold() not in classes:
        right = f"one of {', '.join(classes)}"
        got = repr(row.learning_class)
        sheet.say(i, "learning_class", "must be a known class", got, right)
