"""Judges your own pictures of garments: `inspect_images.py FOLDER`.

Category, verdict, kind of defect and heat map of every picture, as CSV and as a contact sheet.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.command.words import name_bare_folder
from experiments.inspecting.options import InspectOptions, eye_from
from factory_env.door.gather import Gather


def task(options: InspectOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, judge, draw; a row a file and a sheet of the pictures most likely defective."""
    eye = gather(eye_from, options)
    gather.done()
    assert eye is not None
    # these bring torch
    from experiments.inspecting.session import inspect_folder
    from experiments.inspecting.sheet import draw_sheets
    from experiments.inspecting.words import TABLE, sentences, summary

    found = inspect_folder(options, eye, lambda: run.path / TABLE)
    sheets = draw_sheets(found, options, run.path)
    print("\n".join(sentences(options)))
    return summary(found, options, [path.name for path in sheets])


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    words = sys.argv[1:] if argv is None else argv
    run_main("inspect_images", task, name_bare_folder(words, "folder"))


if __name__ == "__main__":
    main()
