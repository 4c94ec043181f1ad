"""Goes through a folder behind a progress bar, fills the table, and keeps what the sheet shows."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from experiments.inspecting.folder import Entry, entries_of
from experiments.inspecting.judging import Shown, Skipped, Verdict, judged
from experiments.inspecting.options import InspectOptions
from experiments.inspecting.table import Table
from factory_env.errors import InputError
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.eye import Eye
from factory_env.learned.stain.eye import StainEye


@dataclass(slots=True, kw_only=True)
class Session:
    """What came out of a folder. The table holds the rest."""

    pictures: int = 0  # judged
    left_out: int = 0  # files beyond the limit
    defects: Counter[str] = field(default_factory=Counter)  # of the pieces called defective
    categories: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # of the files skipped
    shown: Sequence[Verdict] = ()

    def count(self, found: Verdict | Skipped) -> None:
        """Add one file."""
        if isinstance(found, Skipped):
            self.reasons[found.refusal.reason.partition(":")[0].partition(" as ")[0]] += 1
            return
        self.pictures += 1
        self.categories[found.category] += 1
        if found.is_defective:
            self.defects[KINDS[found.likeliest]] += 1


def inspect_folder(
    options: InspectOptions, eye: Eye | StainEye, table: Callable[[], Path]
) -> Session:
    """Judge every picture of a folder.

    Parameters
    ----------
    table
        Where the CSV goes; asked only when a picture has been judged, so that a folder without
        one leaves nothing behind.

    Raises
    ------
    InputError
        If no file of the folder can be judged; with the first reasons.
    """
    entries = list(entries_of(options.folder, subfolders=options.subfolders))
    found = Session(left_out=max(0, len(entries) - (options.limit or len(entries))))
    entries = entries[: options.limit]
    best = Shown(options.sheet)
    early: list[Verdict | Skipped] = []  # rows before the first verdict
    with (
        ExitStack() as stack,
        tqdm(
            total=len(entries), desc="judging", unit="file", file=sys.stderr, mininterval=0.5
        ) as bar,
    ):
        rows: Table | None = None
        for batch in judged(entries, options, eye):
            for one in batch:
                found.count(one)
                if isinstance(one, Verdict):
                    best.add(one)
            if rows is None and found.pictures:
                rows = stack.enter_context(Table(table()))
                rows.write(early)
            if rows is None:
                early += batch
            else:
                rows.write(batch)
            bar.update(len(batch))
    if rows is None:
        raise _nothing(options.folder, entries, found)
    found.shown = best.verdicts()
    return found


def _nothing(folder: Path, entries: Sequence[Entry], found: Session) -> InputError:
    reasons = "; ".join(f"{n} x {reason}" for reason, n in found.reasons.most_common(5))
    got = f"{len(entries)} files: {reasons}" if entries else "an empty folder"
    return InputError.of(
        str(folder),
        "FOLDER",
        "must hold a picture that can be judged",
        got,
        "PNG, JPEG, BMP, GIF, TIFF or WebP pictures of one garment each",
    )
