"""Searches the settings of a learner with Optuna, each trial on several training seeds.

`search=` names the settings and their ends; `best.yaml` of the run folder is for train.py agent=.
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
from experiments.searching.options import SearchOptions, resume_search
from experiments.searching.space import read_space
from experiments.searching.subject import searched_learner
from experiments.training.choice import learner_words
from factory_env.door.gather import Gather


def task(options: SearchOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Run the trials that are missing, then write the best settings."""
    options, journal = resume_search(options, run, gather)
    gather.add(options.training.problems())
    learner = searched_learner(options.training, gather)
    axes = read_space(options.search, options.agent, learner.recipe.settings, gather)
    lesson = learner.lesson(options.training, gather)  # everything is checked here
    from experiments.searching.session import hold_search  # brings Optuna, an optional dependency

    figures = hold_search(options, axes, lesson, run.path, journal)
    return {**figures, "folder": str(run.path)}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("search", task, learner_words(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    main()
