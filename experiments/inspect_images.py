"""Judges your own pictures: `python experiments/inspect_images.py FOLDER`.

Category, verdict, kind of defect and heat map of every picture, as CSV and as a contact sheet.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.inspecting.options import Options, eye_from, folder_words, options_from
from factory_env.door.gather import Gather

if TYPE_CHECKING:
    from experiments.inspecting.session import Session

TABLE = "pictures.csv"
KNOWN = {
    "garment": "The network knows one whole garment, shoe or bag on a plain ground, at 25 mm a "
    "pixel. It names a class and a verdict for anything that stands out from a "
    "picture's border, also for a face or a landscape: those verdicts mean nothing. "
    "Fabric close by: look=fabric.",
    "fabric": "The network knows fabric close by, evenly lit, and looks for stains alone, in the "
    "middle square of each picture. It has learned from drawn fabric only.",
}


def task(cfg: DictConfig, run: RunFolder) -> dict[str, Any]:
    """Check, judge, draw; a row a file and a sheet of the pictures most likely defective."""
    gather = Gather()
    options, eye = gather(options_from, cfg), gather(eye_from, cfg)
    gather.done()
    assert options is not None
    assert eye is not None
    from experiments.inspecting.session import inspect_folder
    from experiments.inspecting.sheet import draw_sheets

    found = inspect_folder(options, eye, lambda: run.path / TABLE)
    sheets = draw_sheets(found, options, run.path)
    for line in told(options):
        print(line)
    return _summary(found, options, [path.name for path in sheets])


def told(options: Options) -> tuple[str, ...]:
    """What the figures mean and what the network does not know, a sentence a line."""
    return (
        f"Probabilities hold where {options.defective_share:.3g} of the pieces are defective "
        "(defective_share, assumed unless you gave it); the network was fitted where half were.",
        f"A piece is called defective from {options.threshold:.3g} on, which is "
        f"{options.fitted_threshold:.3g} where half are defective.",
        KNOWN[options.look],
    )


def _summary(found: Session, options: Options, sheets: list[str]) -> dict[str, Any]:
    return {
        "pictures": found.pictures,
        "defective": sum(found.defects.values()),
        "skipped": sum(found.reasons.values()),
        "left_out": found.left_out,
        "folder": str(options.folder),
        "look": options.look,
        "threshold": options.threshold,
        "threshold_at_half": options.fitted_threshold,
        "defective_share": options.defective_share,
        "defects": _by_count(found.defects),
        "categories": _by_count(found.categories),
        "reasons": _by_count(found.reasons),
        "table": TABLE,
        "sheets": sheets,
        "shown": len(found.shown),
    }


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(counts.most_common())


if __name__ == "__main__":
    run_main("inspect_images", task, folder_words(sys.argv[1:]))
