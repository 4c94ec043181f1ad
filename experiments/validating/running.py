"""Chooses the checks, runs them behind a progress bar, and sums up what they found."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from experiments.command.run_folder import ROOT
from experiments.validating import checks
from experiments.validating.check import Check, CheckResult, Context, Figure, not_run
from factory_env.catalogue import load_plug, plug_names
from factory_env.door.text_file import user_path
from factory_env.errors import InputError, Problem, wrong

DATA = "../shared/data"  # beside the project
Results = Mapping[str, tuple[Check, CheckResult]]  # by name of the check, in order of the page


def chosen(only: str | Sequence[str] | None) -> tuple[str, ...]:
    """Names of the checks to run, in order of the page; all if ``only`` is None.

    Raises
    ------
    InputError
        Naming every word that is no check.
    """
    known = plug_names(checks)
    if only is None:
        names = set(known)
    else:
        words = [only] if isinstance(only, str) else only
        problems = [p for word in words for p in _unknown(word)]
        if not words:
            problems.append(
                wrong("command line", "only", "must name a check", "nothing", ", ".join(known))
            )
        if problems:
            raise InputError(problems)
        names = set(words)
    return tuple(sorted(names, key=lambda name: load_plug(checks, name).place))


def data_folder(given: str | None) -> Path | None:
    """The folder of public data; None if none was given and there is none beside the project.

    Raises
    ------
    InputError
        If a folder was given that is none, or holds no public data.
    """
    if given is None:
        beside = ROOT / DATA
        return beside if beside.is_dir() else None
    folder = user_path(given)
    right = "a folder that holds scheduling/ and garment_productivity/"
    if not folder.is_dir():
        raise InputError.of("command line", "data_dir", "must be a folder", str(given), right)
    missing = [n for n in ("scheduling", "garment_productivity") if not (folder / n).is_dir()]
    if missing:
        got = f"{given} without {' and '.join(missing)}"
        raise InputError.of("command line", "data_dir", "must hold the public data", got, right)
    return folder


def run_checks(names: Sequence[str], data_dir: Path | None, pictures: Path) -> Results:
    """Run checks one after the other; a check that lacks its data says so."""
    plugs: dict[str, Check] = {name: load_plug(checks, name)() for name in names}
    pictures.mkdir(parents=True, exist_ok=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    results: dict[str, tuple[Check, CheckResult]] = {}
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task("", total=sum(check.seconds for check in plugs.values()))
        before = 0.0
        for name, check in plugs.items():
            bar.update(task, description=check.title, completed=before)

            def progress(share: float, start: float = before, long: float = check.seconds) -> None:
                bar.update(task, completed=start + share * long)

            if check.needs_data and data_dir is None:
                result = not_run(check.keys, f"no data at {DATA} beside the project")
            else:
                context = Context(pictures=pictures, data_dir=data_dir, progress=progress)
                result = check.run(context)
            results[name] = check, result
            before += check.seconds
            bar.update(task, completed=before)
    return results


def grouped(results: Results) -> list[tuple[Figure, list[Figure]]]:
    """Figures in order of the page; those that one key asks for together follow it."""
    rows: list[tuple[Figure, list[Figure]]] = []
    groups: dict[str, list[Figure]] = {}
    for _, result in results.values():
        for figure in result.figures:
            if not figure.part_of:
                rows.append((figure, []))
                continue
            if figure.part_of not in groups:
                groups[figure.part_of] = []
                rows.append((figure, groups[figure.part_of]))
            groups[figure.part_of].append(figure)
    return [(_whole(key, parts), parts) if parts else (key, parts) for key, parts in rows]


def summary(results: Results) -> dict[str, Any]:
    """Every key with its value, and whether all targets were met."""
    found: dict[str, Any] = {}
    for figure, parts in grouped(results):
        for each in (figure, *parts):
            found[each.key] = each.value
    judged = [f.met for _, r in results.values() for f in r.figures if f.met is not None]
    return {
        **found,
        "targets_met": sum(judged),
        "targets": len(judged),
        "missed": [f.key for _, r in results.values() for f in r.figures if f.met is False],
        "not_run": [name for name, (_, r) in results.items() if r.not_run],
    }


def _whole(first: Figure, parts: Sequence[Figure]) -> Figure:
    """The key behind figures that belong together."""
    met = [bool(f.met) for f in parts]
    return Figure(
        key=first.part_of,
        what="all figures marked ↳",
        target="all inside the stated spread",
        measured=f"{sum(met)} of {len(met)}",
        value=all(met),
        met=all(met),
    )


def _unknown(word: str) -> Sequence[Problem]:
    try:
        load_plug(checks, word)
    except InputError as error:
        return [wrong("command line", "only", p.rule, p.got, p.right) for p in error.problems]
    return []
