"""What a finished study leaves: tables on the terminal, files, the page, and the summary."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from experiments.command.run_folder import RunFolder, write_text
from experiments.evaluating.failures import describe_failure
from experiments.evaluating.tournament import Failure
from experiments.studying.board import Board
from experiments.studying.page import write_page
from experiments.studying.publishing import publish_results
from experiments.studying.results import FILE, gather_results, write_results
from experiments.studying.sentences import say_in_short
from experiments.studying.show import list_columns, show_cell
from factory_env.errors import one_line

PAGE: Final = "study.html"
WIDTH: Final = 118
PRINTED: Final = {"aggregates": "all scenarios together", "differences": "against the baseline"}
_FILE: Final = re.compile(r"[^\w.-]+")


def close_study(
    board: Board, untrained: Sequence[Failure], run: RunFolder, *, publish: bool
) -> dict[str, Any]:
    """Compute, print and write everything; returns the summary."""
    results = gather_results(board)
    failures = describe_failures(board, untrained)
    write_results(results, board, run.path)
    write_text(run.path / PAGE, write_page(results, failures))
    print_results(results)
    is_published = publish and publish_results(results)
    if publish and not is_published:
        print("note: not published: runs are missing", file=sys.stderr)
    return {
        "study": results["study"],
        "cells": results["cells"],
        "cells_played": results["cells_played"],
        **results["figures"],
        **results["time_figures"],
        "page": str(run.path / PAGE),
        "results": str(run.path / FILE),
        "published": is_published,
        "failed": report_failures(failures, run),
    }


def describe_failures(board: Board, untrained: Sequence[Failure]) -> list[tuple[str, str]]:
    """A name and a text with traceback for everything that went wrong."""
    told = [
        (f"{failure.name}, training seed {failure.seed}", f"{failure.reason}\n{failure.trace}")
        for failure in untrained
    ]
    for cell, failure in board.failures():
        place = f"{cell.policy}, scenario {cell.scene}"
        if cell.training_seed is not None:
            place += f", training seed {cell.training_seed}"
        told.append((place, describe_failure(failure)))
    return told


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
    """The sentences, and the tables that say most."""
    console = Console(width=WIDTH)
    for text in say_in_short(results):
        console.print(text)
    for name, title in PRINTED.items():
        if rows := results["tables"][name]:
            table = Table(title=f"{results['title']}: {title}")
            columns = list_columns(name, results)
            for i, column in enumerate(columns):
                table.add_column(column.head, justify="right" if i else "left")
            for row in rows:
                table.add_row(*(show_cell(row, column) for column in columns))
            console.print(table)
