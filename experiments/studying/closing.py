"""What a finished study leaves: tables on the terminal, files, and the summary."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from experiments.command.run_folder import RunFolder, write_text
from experiments.evaluating.tournament import Failure
from experiments.studying.board import Board
from experiments.studying.results import FILE, gather_results, write_results
from experiments.studying.session import describe_failures
from factory_env.errors import one_line

PAGE: Final = "study.html"
_FILE: Final = re.compile(r"[^\w.-]+")


def close_study(
    board: Board, untrained: Sequence[Failure], run: RunFolder, *, publish: bool
) -> dict[str, Any]:
    """Compute, print and write everything; returns the summary."""
    results = gather_results(board)
    write_results(results, board, run.path)
    print_results(results)
    failures = describe_failures(board, untrained)
    told = report_failures(failures, run)
    return {
        "study": results["study"],
        "cells": results["cells"],
        "cells_played": results["cells_played"],
        **results["figures"],
        **results["time_figures"],
        "results": str(run.path / FILE),
        "failed": told,
        "published": False,
    }


def report_failures(failures: Sequence[tuple[str, str]], run: RunFolder) -> dict[str, str]:
    """Tell what went wrong, with tracebacks, and keep it in a file each; name -> file."""
    told = {}
    for name, text in failures:
        file = f"failed_{_FILE.sub('_', name)}.txt"
        write_text(run.path / file, text)
        print("\n".join(map(one_line, text.splitlines())), file=sys.stderr)
        print(f"kept in {run.path / file}; the others go on", file=sys.stderr)
        told[name] = file
    return told


def print_results(results: Mapping[str, Any]) -> None:
    """The table over all scenarios, and that of every scenario."""
    console = Console(width=118)
    tables = results["tables"]
    if tables["aggregates"]:
        console.print(_aggregates(results))
    differences = {(row["scenario"], row["policy"]): row for row in tables["differences"]}
    for scene in results["scenarios"]:
        rows = [row for row in tables["costs"] if row["scenario"] == scene]
        if rows:
            console.print(_costs(scene, rows, differences))


def _aggregates(results: Mapping[str, Any]) -> Table:
    count = len(results["scenarios"])
    table = Table(
        title=f"{results['title']}: {count} scenario{'s' * (count > 1)}, 95 % intervals over "
        "training and evaluation seeds",
        caption="ratio: interquartile mean of cost / cost of the baseline; cheaper: probability "
        f"of a lower cost on the same luck; baseline: {results['baseline']}",
    )
    table.add_column("policy", no_wrap=True)
    for head in ("agents", "ratio of cost", "cheaper than the baseline"):
        table.add_column(head, justify="right")
    for row in results["tables"]["aggregates"]:
        table.add_row(
            row["policy"],
            str(row["training_seeds"]),
            show_interval(row, "ratio", 3),
            show_interval(row, "improvement", 2),
        )
    return table


def _costs(scene: str, rows: Sequence[Any], differences: Mapping[Any, Any]) -> Table:
    table = Table(title=f"scenario {scene}: USD a run, cheapest first")
    table.add_column("policy", no_wrap=True)
    for head in ("cost", "against", "difference, seed by seed", "p, corrected"):
        table.add_column(head, justify="right")
    for row in rows:
        gap = differences.get((scene, row["policy"]))
        cells = ("the baseline", "", "")
        if gap is not None:
            shown = show_interval(gap, "difference_usd", 0)
            cells = (gap["against"], shown, f"{gap['p_holm']:.4f}")
        table.add_row(row["policy"], show_interval(row, "cost_usd", 0), *cells)
    return table


def show_interval(row: Mapping[str, Any], key: str, digits: int) -> str:
    """A figure and its interval in words.

    >>> show_interval({"x": 1.234, "x_ci_low": 1.0, "x_ci_high": 1.5}, "x", 2)
    '1.23 (1.00 to 1.50)'
    """
    value, low, high = row[key], row[f"{key}_ci_low"], row[f"{key}_ci_high"]
    if low is None or low != low:
        return f"{value:,.{digits}f}"
    return f"{value:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
