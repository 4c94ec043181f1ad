"""Holds a study: policies, training seeds, scenarios and evaluation seeds, each run played once.

A file of `conf/study`, or your own, names them. A study that was stopped goes on with `resume=`.
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
from experiments.studying.home import find_home
from experiments.studying.options import StudyOptions
from factory_env.door.gather import Gather


def task(options: StudyOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check everything, train, play, and leave tables, page and figures."""
    from experiments.studying.closing import close_study
    from experiments.studying.session import hold_study, plan_study

    plan = plan_study(options, gather)
    board, untrained = hold_study(plan, options, run)
    return close_study(board, untrained, run, publish=options.publish)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    words, home = find_home(sys.argv[1:] if argv is None else argv)
    run_main("compare", task, words, home)


if __name__ == "__main__":
    main()
