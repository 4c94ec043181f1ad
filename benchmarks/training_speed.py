"""Decisions a second of a real training, end to end: `python benchmarks/training_speed.py`.

The mid plant as `train.py agent=ppo` has it; without the rival's curves, everything counts that a
training does between its first and its last decision: collecting, updates, a look at the
validation seeds after as many decisions as `conf/train.yaml` says, checkpoints.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from stable_baselines3.common.callbacks import BaseCallback  # noqa: E402

from agents.deep.baseline import no_curves  # noqa: E402
from agents.deep.goal import LinesStage, judge_by_cost  # noqa: E402
from agents.deep.ppo import PpoSettings, build_ppo, make_envs  # noqa: E402
from agents.deep.semi_markov import CollectDiscounts  # noqa: E402
from agents.deep.training import Schedule, Trainer  # noqa: E402
from benchmarks.keeping import keep  # noqa: E402
from experiments.command.crew import Crew  # noqa: E402
from factory_env import load_scenario  # noqa: E402

EVERY, LOOKS = 16384, 30  # of conf/train.yaml: decisions from look to look, runs of a look
WORKERS = 2
MEANING = {
    "decisions_per_s_training": "by the clock on the wall",
    "decisions_per_s_quiet": "as its processor time allows on two cores of its own (reckoned)",
    "collect_ms": "processor time per decision in the workers and the learner",
    "update_ms": "the same of updates, which one core does",
    "validate_ms": "the same of looks",
    "rest_ms": "the same of checkpoints, logs and snapshots",
}


class Parts:
    """Processor time of this process and its children [s], by part of the training."""

    def __init__(self) -> None:
        self.seconds = {"collect": 0.0, "update": 0.0, "validate": 0.0}

    def watch(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The work, timed."""

        def measure(*arguments: Any, **named: Any) -> Any:
            begin = processor_s()
            try:
                return work(*arguments, **named)
            finally:
                self.seconds[part] += processor_s() - begin

        return measure


class Begin(BaseCallback):
    """Everything counts from here: the look at the start is over."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.wall_s = self.processor_s = 0.0

    def _on_training_start(self) -> None:
        self._parts.seconds = dict.fromkeys(self._parts.seconds, 0.0)
        self.wall_s, self.processor_s = perf_counter(), processor_s()

    def _on_step(self) -> bool:
        return True


def processor_s() -> float:
    """Of this process and those that it started and that still run."""
    ticks = 0
    for child in active_children():
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return process_time() + ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def open_trainer(folder: Path, parts: Parts) -> Iterator[Trainer]:
    """The trainer of the shipped settings, with watched parts."""
    scenario, settings = load_scenario("mid"), PpoSettings(workers=WORKERS)
    crew = Crew(WORKERS)
    envs = make_envs(scenario, settings, no_curves(range(10**9, 10**9 + 600)), 1e-3, 1)
    try:
        model: Any = build_ppo(envs, settings, 1)
        stage = LinesStage(
            scenario=scenario,
            network=settings.network,
            network_args=settings.network_args(),
            prior=settings.prior,
        )
        play = parts.watch("validate", lambda stage, jobs: crew.work_off(stage, jobs))
        judged = judge_by_cost(stage, model.policy, play)
        model._play = parts.watch("collect", model._play)
        model.train = parts.watch("update", model.train)
        yield Trainer(model, judged, folder, {"algorithm": "ppo"}, averaging=settings.averaging)
    finally:
        envs.close()
        crew.close()


def measure(looks: int) -> dict[str, float]:
    """All numbers, of ``looks`` spans from look to look."""
    parts, steps = Parts(), looks * EVERY
    begin = Begin(parts)
    schedule = Schedule(
        steps=steps, validate_every=EVERY, validation_seeds=range(210_000, 210_000 + LOOKS)
    )
    with TemporaryDirectory() as folder, open_trainer(Path(folder), parts) as trainer:
        trainer.train(schedule, lambda *_: None, [CollectDiscounts(), begin])
        wall_s, total_s = perf_counter() - begin.wall_s, processor_s() - begin.processor_s
    ms = {f"{part}_ms": 1e3 * seconds / steps for part, seconds in parts.seconds.items()}
    ms["rest_ms"] = 1e3 * total_s / steps - sum(ms.values())
    on_two = (ms["collect_ms"] + ms["validate_ms"]) / WORKERS + ms["update_ms"] + ms["rest_ms"]
    return {
        "decisions_per_s_training": steps / wall_s,
        "decisions_per_s_quiet": 1e3 / on_two,
        **ms,
    }


def main() -> None:
    figures = measure(int(sys.argv[1]) if sys.argv[1:] else 1)
    for name, value in figures.items():
        print(f"{name:26} {value:10,.3f}  {MEANING[name]}")
    print(f"wrote {keep('training_speed', figures).relative_to(ROOT)}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
