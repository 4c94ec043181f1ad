"""Compares who decides: an agent beside every rule, with the same orders and the same luck.

`env=energy` compares who runs the site, `env=joint` who runs lines and site together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder
from experiments.evaluating.options import EPISODES, EvaluateOptions
from experiments.evaluating.scheduling import evaluate_lines
from factory_env.door.gather import Gather
from factory_env.errors import wrong

Evaluator = Callable[[EvaluateOptions, RunFolder, Gather], dict[str, Any]]


def task(options: EvaluateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Evaluate ``agent`` on ``env``."""
    known = ", ".join(EPISODES)
    if options.env not in EPISODES:
        rule = f"must be {known}"
        gather.add([wrong("command line", "env", rule, repr(options.env), "e.g. env=energy")])
        gather.done()
    figures = _evaluator(options.env)(options, run, gather)
    return {**figures, "folder": str(run.path)}


def _evaluator(env: str) -> Evaluator:
    if env == "scheduling":
        return evaluate_lines
    # these bring a solver
    from experiments.evaluating.joint import evaluate_joint
    from experiments.evaluating.site import evaluate_site

    return evaluate_site if env == "energy" else evaluate_joint


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("evaluate", task, argv)


if __name__ == "__main__":
    main()
