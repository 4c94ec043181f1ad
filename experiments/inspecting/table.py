"""The verdicts as CSV, written batch by batch: an interrupted run keeps what was judged."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from experiments.inspecting.judging import Skipped, Verdict
from experiments.report.tables.files import escape_formula
from factory_env.learned.inspection.defects import KINDS

COLUMNS = (
    "file",
    "width_px",
    "height_px",
    "mode",
    "category",
    "category_probability",
    "verdict",
    "defect",
    "defect_probability",
    *(f"probability_{kind}" for kind in KINDS),
    "reason",
)


class Table:
    """A CSV file with one row a file of the folder, judged or not."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.DictWriter(self._file, COLUMNS, restval="")
        self._writer.writeheader()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, found: Iterable[Verdict | Skipped]) -> None:
        """One row each, in their order."""
        self._writer.writerows(map(row_of, found))
        self._file.flush()


def row_of(found: Verdict | Skipped) -> dict[str, object]:
    """The row of a file. ``defect`` is empty if the verdict is sound; probabilities are those at
    the asked defective share; what is not known is left out."""
    if isinstance(found, Skipped):
        facts = found.refusal
        row = {
            "file": escape_formula(found.entry.name),
            "width_px": facts.width_px,
            "height_px": facts.height_px,
            "mode": facts.mode,
            "reason": facts.reason,
        }
        return {key: value for key, value in row.items() if value is not None}
    photo = found.photo
    return {
        "file": escape_formula(found.entry.name),
        "width_px": photo.width_px,
        "height_px": photo.height_px,
        "mode": photo.mode,
        "category": found.category,
        "category_probability": _known(found.category_probability),
        "verdict": "defective" if found.is_defective else "sound",
        "defect": KINDS[found.likeliest] if found.is_defective else "",
        "defect_probability": f"{found.defect_probability:.4f}",
        **{
            f"probability_{kind}": f"{p:.4f}"
            for kind, p in zip(KINDS, found.kinds.tolist(), strict=True)
        },
    }


def _known(probability: float) -> str:
    return "" if math.isnan(probability) else f"{probability:.4f}"
