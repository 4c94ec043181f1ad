"""Reads a plant from a workbook: what a plant file of ``conf/plant`` holds, and the cell of each.

Whatever can be told from the cells alone is told here, all at once: sheets and columns that lack,
unknown settings, times, days. What a plant must fulfil is left to the rules of every plant;
`place_problem` says in which cell a key of the plant stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from factory_env.door.gather import Gather
from factory_env.door.places import dotted, line_of
from factory_env.door.plants import layout
from factory_env.door.plants.cells import PlantSheet, as_number, read_plant_sheet
from factory_env.door.plants.hours import HOLIDAY_COLUMNS, Cells, read_holidays, read_hours
from factory_env.door.plants.settings import TITLES, Setting, read_settings
from factory_env.door.tables.files import read_bytes
from factory_env.door.tables.table import fold_name
from factory_env.door.tables.workbook import read_sheet_names
from factory_env.errors import Problem, wrong
from factory_env.library import machine_codes

ENDINGS: Final = (".xlsx", ".xlsm")
_NAME: Final = "name"


@dataclass(slots=True)
class PlantBook:
    """A plant as plain values, and the cell of every key."""

    plain: dict[str, Any] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def is_plant_book(name: str) -> bool:
    """Is this the name of a workbook?"""
    return name.casefold().endswith(ENDINGS)


def place_problem(problem: Problem, path: Path, cells: Mapping[str, str]) -> Problem:
    """The same problem with the cell that it comes from; as it is where no cell holds its key."""
    key = dotted(problem.field).removeprefix("plant.")
    places = {name: i for i, name in enumerate(cells)}
    place = line_of(key, places)
    if place is None or not problem.where.startswith("config"):
        return problem
    right = problem.right.replace("see conf/ for an example", "see the comment on the column")
    where = f"{path}#{list(cells.values())[place]}"
    return replace(problem, where=where, right=right)


def read_book(path: Path) -> PlantBook:
    """The workbook as far as it can be read; what is wrong with its cells is in ``problems``.

    Raises
    ------
    InputError
        If it is no workbook.
    """
    book = PlantBook()
    there = {n.casefold(): n for n in read_sheet_names(read_bytes(path), str(path))}
    for name in layout.NEEDED:
        if name not in there:
            right = f"sheets: {', '.join(layout.NEEDED)}; new_plant.py writes such a workbook"
            got = ", ".join(there.values())
            book.problems.append(wrong(f"{path}", "sheet", f"must have a sheet {name}", got, right))
    gather = Gather()
    titles: dict[str, tuple[str, ...]] = {
        layout.LINES: tuple(entry.title for entry in layout.LINE_COLUMNS),
        layout.SKILLS: ("line",),
        layout.MACHINES: ("line",),
        layout.HOLIDAYS: HOLIDAY_COLUMNS,
    }
    sheets: dict[str, PlantSheet] = {
        str(name): sheet
        for name in (*layout.NEEDED, *layout.OTHERS)
        if name in there
        and (sheet := gather(read_plant_sheet, path, name, titles.get(name, TITLES))) is not None
    }
    _fill(book, sheets)
    if layout.BULLETINS in there:
        book.plain["bulletins"] = f"{path.resolve()}#{there[layout.BULLETINS]}"
    book.problems += [*gather.problems, *(p for s in sheets.values() for p in s.problems)]
    return book


def _fill(book: PlantBook, sheets: Mapping[str, PlantSheet]) -> None:
    plain, cells = book.plain, book.cells
    if layout.PLANT in sheets:
        _read_rooms(sheets[layout.PLANT], plain, cells)
    if layout.LINES in sheets:
        lines = _read_lines(sheets[layout.LINES], cells)
        plain["lines"] = list(lines.values())
        for name in (layout.SKILLS, layout.MACHINES):
            if name in sheets:
                _read_matrix(sheets[name], name, lines, cells)
    if layout.CALENDAR in sheets:
        plain["calendar"] = read_hours(sheets[layout.CALENDAR], cells)
    if layout.HOLIDAYS in sheets and (days := read_holidays(sheets[layout.HOLIDAYS])):
        plain.setdefault("calendar", {})["closed_dates"] = days
    if layout.PEOPLE in sheets:
        _read_people(sheets[layout.PEOPLE], plain, cells)


def _read_rooms(sheet: PlantSheet, plain: dict[str, Any], cells: Cells) -> None:
    """Name, rooms and stations."""
    settings = read_settings(sheet, [_NAME, *(entry.title for entry in layout.ROOMS)])
    rooms: dict[str, Any] = {}
    cells["rooms"] = sheet.place(sheet.table.header_line, 0)
    by_title = {fold_name(entry.title): entry.key for entry in layout.ROOMS}
    for title, setting in settings.items():
        place = sheet.place(setting.line, setting.column)
        if title == _NAME:
            plain[_NAME], cells[_NAME] = setting.text, place
        elif title in by_title:
            rooms[by_title[title]] = as_number(setting.text) if setting.text else None
            cells[f"rooms.{by_title[title]}"] = place
        else:
            room, _, key = (fold_name(part) for part in setting.title.partition(":"))
            plain.setdefault("stations", {}).setdefault(room, {})[key] = as_number(setting.text)
            cells[f"stations.{room}.{key}"] = place
    plain["rooms"] = {key: value for key, value in rooms.items() if value is not None}


def _read_lines(sheet: PlantSheet, cells: Cells) -> dict[str, dict[str, Any]]:
    """Name -> line, in the order of the sheet."""
    at = sheet.find([entry.title for entry in layout.LINE_COLUMNS])
    lines: dict[str, dict[str, Any]] = {}
    cells["lines"] = sheet.place(sheet.table.header_line, 0)
    if "line" not in at:
        return lines
    for row, texts in sheet.table.rows:
        name = texts[at["line"]]
        if not name or name in lines:
            rule, right = "must be a name of its own", "e.g. line-1"
            sheet.say(row, at["line"], rule, f"{name!r} again" if name else "nothing", right)
            continue
        line: dict[str, Any] = {"skills": {}, "machines": {}}
        cells[f"lines.{len(lines)}"] = sheet.place(row, at["line"])
        for entry in layout.LINE_COLUMNS:
            if entry.title not in at:
                continue
            text = texts[at[entry.title]]
            cells[f"lines.{len(lines)}.{entry.key}"] = sheet.place(row, at[entry.title])
            if entry.key == "home":
                line["home"] = [word for part in re.split(r"[,;/]", text) if (word := part.strip())]
            elif entry.unit:
                line |= {entry.key: as_number(text)} if text else {}
            else:
                line[entry.key] = text
        lines[name] = line
    return lines


def _read_matrix(
    sheet: PlantSheet, key: str, lines: Mapping[str, dict[str, Any]], cells: Cells
) -> None:
    """Numbers of a line in each column; a blank cell = none."""
    at = sheet.find(["line"])
    if not at:
        return
    strange = _strange_machines(sheet) if key == layout.MACHINES else set()
    order = list(lines)
    seen: set[str] = set()
    for row, texts in sheet.table.rows:
        name = texts[at["line"]]
        if name not in lines or name in seen:
            rule = "must be a line of the sheet lines, once"
            sheet.say(row, at["line"], rule, repr(name), f"one of {', '.join(order)}")
            continue
        seen.add(name)
        for i, header in enumerate(sheet.table.header):
            title = header.partition("[")[0].strip()
            if i == at["line"] or not title or i in strange:
                continue
            cells[f"lines.{order.index(name)}.{key}.{title}"] = sheet.place(row, i)
            if texts[i]:
                lines[name][key][title] = as_number(texts[i])
        cells[f"lines.{order.index(name)}.{key}"] = sheet.place(row, at["line"])


def _strange_machines(sheet: PlantSheet) -> set[int]:
    """Columns that are no type of machine; reported."""
    known = machine_codes()
    strange = set()
    for i, header in enumerate(sheet.table.header):
        code = header.partition("[")[0].strip()
        if code and fold_name(code) != "line" and code not in known:
            rule = "must be a known type of machine"
            sheet.say(sheet.table.header_line, i, rule, repr(code), ", ".join(known))
            strange.add(i)
    return strange


def _read_people(sheet: PlantSheet, plain: dict[str, Any], cells: Cells) -> None:
    """Calibrated people: dotted keys, lists with semicolons."""
    settings: dict[str, Setting] = read_settings(sheet, ["people"], prefix="people")
    for setting in settings.values():
        keys = setting.title.casefold().strip().split(".")
        cells[".".join(keys)] = sheet.place(setting.line, setting.column)
        if not setting.text:
            continue
        inside = plain
        for key in keys[:-1]:
            inside = inside.setdefault(key, {})
        values = [as_number(part.strip()) for part in setting.text.split(";")]
        is_text = keys[-1] == "source"
        is_list = ";" in setting.text
        inside[keys[-1]] = setting.text if is_text else values if is_list else values[0]


def with_cell(problem: Problem, path: Path) -> Problem:
    """A problem with a key of the workbook's plant, placed at its cell."""
    placed = place_problem(replace(problem, where="config"), path, read_book(path).cells)
    return placed if placed.where != "config" else replace(problem, where=str(path))
