"""Everything that a study found as one plain mapping: ``results.json``, and its CSV files."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.command.run_folder import write_json, write_text
from experiments.studying.board import Board
from experiments.studying.cells import Played
from experiments.studying.curves import read_curves
from experiments.studying.options import RatioAsked
from experiments.studying.statistics.aggregates import estimate_ratio
from experiments.studying.tables import TABLES, make_resampler, tabulate_times

FILE: Final = "results.json"
TIMES, CURVES, CELLS = "times", "curves", "cells"
Results = Mapping[str, Any]


def gather_results(board: Board) -> dict[str, Any]:
    """All tables and figures; ``times`` and ``curves`` stand apart, as clocks never agree."""
    study, seeds = board.study, board.study.seeds.numbers
    times = tabulate_times(board)
    played = sum(isinstance(board.outcomes.get(cell), Played) for cell in board.cells())
    return {
        "study": study.name,
        "title": study.title,
        "env": study.env,
        "cost": study.cost_key,
        "baseline": study.baseline,
        "evaluation_seeds": [seeds[0], seeds[-1]],
        "training_seeds": {p: s for p, s in board.training_seeds.items() if s != [None]},
        "policies": {name: _shorten(said) for name, said in study.policies.items()},
        "scenarios": {name: _say_scene(scene) for name, scene in study.scenarios.items()},
        "cells": len(board.cells()),
        "cells_played": played,
        "tables": {name: tabulate(board) for name, tabulate in TABLES.items()},
        "figures": collect_ratios(board),
        "failed": [
            {
                "policy": cell.policy,
                "training_seed": cell.training_seed,
                "scenario": cell.scene,
                "seed": cell.seed,
                "kind": failure.kind,
                "reason": failure.reason,
                "trace": failure.trace,
            }
            for cell, failure in board.failures()
        ],
        TIMES: times,
        "time_figures": collect_times(board, times),
        CURVES: read_curves(board),
    }


def _shorten(said: Any) -> Any:
    """Words of a policy; run folders by their last part, which says as much to others."""
    if isinstance(said, Mapping):
        return {key: _shorten(value) for key, value in said.items() if value is not None}
    if isinstance(said, list | tuple):
        return [_shorten(value) for value in said]
    return Path(said).name if isinstance(said, str) and Path(said).is_absolute() else said


def _say_scene(scene: Any) -> dict[str, Any]:
    said = dataclasses.asdict(scene)
    return {key: _shorten(value) for key, value in said.items() if value not in (None, {})}


def collect_ratios(board: Board) -> dict[str, float]:
    """The ratios that the study asks for by name, each with its interval; not played: left out."""
    figures: dict[str, float] = {}
    for key, asked in board.study.ratios.items():
        figures |= _collect_ratio(board, key, asked)
    return figures


def _collect_ratio(board: Board, key: str, asked: RatioAsked) -> dict[str, float]:
    scenes = list(board.study.scenarios) if asked.scenario is None else [asked.scenario]
    cost = asked.cost or board.study.cost_key
    runs, base = board.runs(asked.of, scenes, cost), board.base_runs(asked.to, scenes, cost)
    if runs is None or base is None:
        return {}
    return estimate_ratio(runs, base, make_resampler(board, len(scenes))).figures(key)


def collect_times(board: Board, times: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Milliseconds of one core per decision that the study asks for by name: slowest scene."""
    figures = {}
    for key, policy in board.study.milliseconds.items():
        values = [row["cpu_ms_per_decision"] for row in times if row["policy"] == policy]
        if values:
            figures[key] = max(values)
    return figures


def write_results(results: Results, board: Board, folder: Path) -> None:
    """``results.json``, and every table as a CSV file."""
    write_json(folder / FILE, results)
    tables = {**results["tables"], TIMES: results[TIMES], CURVES: results[CURVES]}
    for name, rows in tables.items():
        write_rows(folder / f"{name}.csv", rows)
    write_rows(folder / f"{CELLS}.csv", _list_cells(board))


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A table as CSV; one without rows is an empty file."""
    text = io.StringIO()
    names = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(text, names, lineterminator="\n")
    if names:
        writer.writeheader()
        writer.writerows(rows)
    write_text(path, text.getvalue())


def _list_cells(board: Board) -> list[dict[str, Any]]:
    rows = []
    for cell in board.cells():
        outcome = board.outcomes.get(cell)
        if isinstance(outcome, Played):
            head = {"policy": cell.policy, "training_seed": cell.training_seed}
            rows.append(head | {"scenario": cell.scene, "seed": cell.seed} | dict(outcome.figures))
    return rows
