"""Trains an agent, then puts it beside every rule.

`env=energy agent=sac` learns to run the site, `env=joint agent=ppo` to run lines and site.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

START = time.monotonic()  # before the slow imports: train_minutes counts them

if __name__ == "__main__":  # a checkout runs without being installed
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from experiments.command.main import run_main  # noqa: E402
from experiments.command.run_folder import RunFolder  # noqa: E402
from experiments.training.choice import learner_words, load_learner  # noqa: E402
from experiments.training.closing import tell_end  # noqa: E402
from experiments.training.options import TrainOptions, resume_run  # noqa: E402
from factory_env.door.gather import Gather  # noqa: E402


def task(options: TrainOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """Train on ``env``, then compare on the held-out seeds."""
    if not options.has_learner:
        gather.done()
    options = resume_run(options, gather)
    learner = load_learner(options.env, options.learner)
    lesson = learner.lesson(options, gather)  # everything is checked here
    facts = lesson.learn(run.path)
    figures = lesson.compare(run)
    minutes = (time.monotonic() - START) / 60.0
    ended = {"train_minutes": round(minutes, 2), "folder": str(run.path)}
    told = {**figures, **facts, **ended}
    print(tell_end(told))
    return told


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    run_main("train", task, learner_words(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    main()
