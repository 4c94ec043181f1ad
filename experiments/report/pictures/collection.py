"""The season's collection as a contact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.report.collection import draw_collection
from experiments.report.finished_run import FinishedRun


def draw(run: FinishedRun, folder: Path) -> Iterator[Path]:
    """``collection.png``, if designs were drawn."""
    if len(run.log.tables["designs"]["style"]):
        yield draw_collection(run.log, folder)


PLUG = draw
