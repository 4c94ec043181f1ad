"""Reads a user's operation bulletins: a file, or a folder with one file each.

Columns: operation, machine, smv_min (or seconds), and if they are there grade, machine_code and
bulletin (or style, or product: which bulletin a row belongs to; without one the file's name is
the bulletin's). Rows stand in the order of sewing. A machine is a code of ``data/machines.csv``
or a word of ``data/machine_words.csv``; ``machine_code`` says it otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from factory_env.domain.product import FABRIC_GROUPS, Bulletin, Operation
from factory_env.door.gather import Gather
from factory_env.door.styles.columns import Sheet, Unit, read_sheet
from factory_env.door.styles.machine_words import find_machine
from factory_env.door.styles.product_words import clean_text, fold_text
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import load_library, machine_codes

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "operation": (
        "operation_name",
        "operation_description",
        "operations",
        "description",
        "process",
        "process_name",
        "element",
        "task",
        "op",
    ),
    "machine_code": ("code",),
    "machine": (
        "machine_class",
        "machine_type",
        "type_of_machine",
        "machine_name",
        "mc_type",
        "m_c_type",
        "m_c",
        "mc",
        "equipment",
    ),
    "smv_min": (
        "smv",
        "sam",
        "standard_minutes",
        "standard_minute_value",
        "std_min",
        "smv_minutes",
        "minutes",
        "min",
        "time_min",
    ),
    "seconds": ("smv_s", "smv_sec", "time_s", "time_sec", "sec", "standard_seconds"),
    "time": ("standard_time", "std_time", "cycle_time", "basic_time"),  # its name tells the unit
    "grade": ("skill_grade", "skill"),
    "bulletin": ("style", "style_id", "style_no", "product", "garment", "article"),
}
MINUTES: Final = Unit(
    0.0,
    20.0,
    {
        **dict.fromkeys(("", "min", "mins", "minutes"), 1.0),
        **dict.fromkeys(("s", "sec", "secs", "seconds"), 1 / 60),
    },
    "0.45",
    hint="minutes of one operation on one piece; a column in seconds is called seconds",
)
SECONDS: Final = Unit(0.0, 20.0, {"": 1 / 60, "s": 1 / 60, "sec": 1 / 60, "seconds": 1 / 60}, "27")
MAX_TOTAL_MIN: Final = 300.0  # a lined suit takes half of it
MAX_OPERATIONS: Final = 400
MAX_FILES: Final = 1000
GRADES: Final = ("A", "B", "C", "D", "E")  # of operations, the most skilled first
ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_TOTAL: Final = re.compile(r"(grand\s*)?(sub\s*)?(total|sum|summe|gesamt)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletins:
    """Bulletins as read, and what their reader had to settle."""

    bulletins: tuple[Bulletin, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What grows while file after file is read."""

    bulletins: dict[str, Bulletin] = field(default_factory=dict)  # by folded name
    words: dict[str, Mapping[str, str]] = field(default_factory=dict)  # word -> machine by group
    strange: dict[str, list[str]] = field(default_factory=dict)  # word -> places
    graded: int = 0  # operations whose grade was settled here
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_bulletins(path: str | Path) -> Bulletins:
    """Read and check a file of bulletins, or every such file of a folder.

    Raises
    ------
    InputError
        With the problems of all files.
    """
    gather, reading = Gather(), _Reading()
    for file in _list_files(Path(path).expanduser()):
        sheet = gather(read_sheet, file, COLUMNS)
        if sheet is not None:
            _read_file(sheet, clean_text(Path(str(file).partition("#")[0]).stem), reading)
            gather.add(sheet.problems)
    gather.add(reading.problems)
    gather.add(_strange_machines(reading))
    gather.done()
    return Bulletins(
        bulletins=tuple(reading.bulletins.values()), notes=(*_notes(reading), *reading.notes)
    )


def _list_files(path: Path) -> list[Path]:
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):  # no name of a file: said where it is read
        is_folder = False
    if not is_folder:
        return [path]
    files = sorted(f for f in path.iterdir() if f.suffix.casefold() in ENDINGS)
    files = [f for f in files if not f.name.startswith(("~$", "."))]  # open in a spreadsheet
    if not files or len(files) > MAX_FILES:
        raise InputError.of(
            str(path),
            "bulletins",
            f"must hold 1 to {MAX_FILES} files of bulletins",
            f"{len(files)} files that end in {', '.join(ENDINGS)}",
            "one file for each bulletin: operation, machine, smv_min",
        )
    return files


def _read_file(sheet: Sheet, stem: str, reading: _Reading) -> None:
    right = "columns: operation, machine, smv_min (or seconds)"
    sheet.require("operation", right)
    if not sheet.has("machine_code"):
        sheet.require("machine", right)
    minutes = _read_minutes(sheet, right)
    has_machines = sheet.has("machine") or sheet.has("machine_code")
    if not sheet.has("operation") or not has_machines or len(minutes) < len(sheet.lines):
        return
    names, machines = sheet.texts("operation"), sheet.texts("machine")
    codes, grades = sheet.texts("machine_code"), sheet.texts("grade")
    owners = sheet.texts("bulletin") if sheet.has("bulletin") else [stem] * len(names)
    rows: dict[str, list[dict[str, Operation]]] = {}
    titles: dict[str, str] = {}
    for i, name in enumerate(names):
        if not machines[i] and not codes[i] and (_TOTAL.match(name) or not name):
            reading.notes.append(f"{sheet.table.where}:{sheet.lines[i]}: a total, not an operation")
            continue
        _check_row(sheet, i, name, minutes[i], owners[i])
        machine = _find_row_machine(sheet, i, codes[i], machines[i], reading)
        grade = grades[i].upper()
        if grade and grade not in GRADES:
            sheet.say(i, "grade", "must be a grade", repr(grades[i]), ", ".join(GRADES))
        if machine is None or minutes[i] is None or not owners[i]:
            continue
        reading.graded += not grade
        key = fold_text(owners[i])
        titles.setdefault(key, owners[i])
        rows.setdefault(key, []).append(_operation(name, machine, minutes[i] or 0.0, grade))
    _close_file(sheet, rows, titles, reading)


def _close_file(
    sheet: Sheet,
    rows: Mapping[str, list[dict[str, Operation]]],
    titles: Mapping[str, str],
    reading: _Reading,
) -> None:
    """The bulletins of a file, if their totals make sense."""
    where = sheet.table.where
    if not rows and not sheet.problems and not reading.strange:
        sheet.problems.append(wrong(where, "file", "must hold operations", "none", "a row each"))
    for key, operations in rows.items():
        total = sum(row[FABRIC_GROUPS[0]].smv_min for row in operations)
        if total > MAX_TOTAL_MIN or len(operations) > MAX_OPERATIONS:
            rule = f"must be at most {MAX_TOTAL_MIN:g} min in {MAX_OPERATIONS} operations a piece"
            got = f"{total:,.0f} min in {len(operations)} operations ({titles[key]})"
            right = "name the column seconds if it holds seconds"
            sheet.problems.append(wrong(where, "smv_min", rule, got, right))
        elif key in reading.bulletins:
            right = "another name for one of them"
            sheet.problems.append(
                wrong(where, "bulletin", "must be there once", repr(titles[key]), right)
            )
        else:
            by_group = {g: tuple(row[g] for row in operations) for g in FABRIC_GROUPS}
            reading.bulletins[key] = Bulletin(name=titles[key], operations=by_group)


def _read_minutes(sheet: Sheet, right: str) -> list[float | None]:
    if sheet.has("smv_min"):
        return sheet.numbers("smv_min", MINUTES)
    if sheet.has("seconds"):
        return sheet.numbers("seconds", SECONDS)
    if sheet.has("time"):  # a bare time is neither
        known = {unit: scale for unit, scale in MINUTES.scales.items() if unit}
        header = sheet.table.header[sheet.columns.at["time"]]
        if any(word in header.casefold() for word in known):
            return sheet.numbers("time", MINUTES)
        right = f"rename {header!r} to smv_min (minutes) or seconds"
    sheet.require("smv_min", right)
    return []


def _check_row(sheet: Sheet, i: int, name: str, minutes: float | None, owner: str) -> None:
    if not name:
        sheet.say(i, "operation", "must be given", "nothing", "what is sewn")
    if not owner:
        sheet.say(i, "bulletin", "must be given", "nothing", "the bulletin that the row belongs to")
    at = f"{sheet.table.where}:{sheet.lines[i]}"
    if minutes is None and not any(p.where == at and "min" in p.rule for p in sheet.problems):
        field_name = next(n for n in ("smv_min", "seconds", "time") if sheet.has(n))
        cell = sheet.texts(field_name)[i]
        if not cell:
            sheet.say(i, field_name, "must be given", "nothing", "e.g. 0.45 minutes")


def _find_row_machine(
    sheet: Sheet, i: int, code: str, word: str, reading: _Reading
) -> Mapping[str, str] | None:
    given = code or word
    if not given:
        sheet.say(i, "machine", "must be given", "nothing", "e.g. SNLS, or manual")
        return None
    machine = find_machine(given)
    if machine is None:
        reading.strange.setdefault(given, []).append(f"{sheet.table.where}:{sheet.lines[i]}")
    elif given.upper() not in machine_codes():
        reading.words[given] = machine
    return machine


def _operation(
    name: str, machine: Mapping[str, str], smv_min: float, grade: str
) -> dict[str, Operation]:
    """The row by fabric group."""
    return {
        group: Operation(
            name=name,
            machine=code,
            smv_min=smv_min,
            grade=grade or usual_grades()[group, code],
            mark="user",
        )
        for group, code in machine.items()
    }


@cache
def usual_grades() -> Mapping[tuple[str, str], str]:
    """(fabric group, machine) -> the grade of most of the house's operations there, else C."""
    grades: dict[tuple[str, str], Counter[str]] = {}
    for product in load_library().products:
        for operation in product.operations:
            key = (product.fabric_group, operation.machine)
            grades.setdefault(key, Counter())[operation.grade] += 1
    known = {key: max(sorted(c), key=c.__getitem__) for key, c in grades.items()}
    every = [(group, code) for group in FABRIC_GROUPS for code in machine_codes()]
    return {key: known.get(key, "C") for key in every}


def _strange_machines(reading: _Reading) -> Iterator[Problem]:
    """One problem for all words that are no machine."""
    if not reading.strange:
        return
    places = [f"{word!r} ({places[0]})" for word, places in reading.strange.items()]
    yield wrong(
        next(iter(reading.strange.values()))[0],
        "machine",
        "must be a known machine",
        ", ".join(places[:8]) + (", ..." if len(places) > 8 else ""),
        f"codes: {', '.join(machine_codes())}; or say them in a column machine_code",
    )


def _notes(reading: _Reading) -> Iterator[str]:
    if reading.words:
        pairs = ", ".join(f"{word} {_codes(codes)}" for word, codes in reading.words.items())
        yield f"machines of the bulletins: {pairs}; a column machine_code says it otherwise"
    if reading.graded:
        yield (
            f"{reading.graded} operations without a skill grade have the one that is usual on "
            "their machine; a column grade (A to E) says it otherwise"
        )


def _codes(by_group: Mapping[str, str]) -> str:
    codes = sorted(set(by_group.values()))
    if len(codes) == 1:
        return codes[0]
    return " and ".join(f"{code} on {group}s" for group, code in sorted(by_group.items()))
