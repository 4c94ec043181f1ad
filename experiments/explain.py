"""Explains one decision of a run: `explain.py RUN decision=120`.

Who would have answered what, and what every answer would have cost: the run is lived again up to
the question and played on from each answer, with its own luck and with fresh luck.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.building.policy import policies_from, policy_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.command.words import name_bare_folder
from experiments.simulating.explaining.moment import moment_from
from experiments.simulating.explaining.options import ExplainOptions
from experiments.simulating.explaining.session import explain
from experiments.simulating.explaining.telling import print_explanation, summarise, write_sheets
from factory_env.door.gather import Gather


def task(options: ExplainOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Check, ask everybody, play on, tell."""
    moment = None if gather.problems else gather(moment_from, options)
    config = options if moment is None else moment.config
    for word in options.also:
        gather(policy_from, word, None, config.plant_name, "also")
    if moment is not None:
        gather(policies_from, config, moment.agent, moment.params)
    gather.done()
    assert moment is not None
    explanation = explain(options, moment)
    print_explanation(explanation)
    for note in explanation.notes:
        print(f"note: {note}", file=sys.stderr)
    write_sheets(explanation, run.path)
    if options.pictures:
        from experiments.simulating.explaining.picture import draw_explanation

        print(f"scores and costs: {draw_explanation(explanation, run.path)}")
    return summarise(explanation)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    words = sys.argv[1:] if argv is None else argv
    run_main("explain", task, name_bare_folder(words, "run"))


if __name__ == "__main__":
    main()
