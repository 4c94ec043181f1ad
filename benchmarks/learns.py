"""Does the learner of the lines learn, on every plant, and how soon?

`python benchmarks/learns.py [plants=small,mid,large,real] [seeds=1,2,3] [steps=40960]
[folder=runs/learns]`: a training of train.py for each plant and training seed (`real` is plant mid
with scenario=real); then its best checkpoint, its own start and the tuned atcs_match, the best rule
on all of them, play the same 50 held-out runs. What is done already is read, not run again. Prints

- `learns_everywhere_<plant>_ci_high`: best checkpoint / its own start, the largest upper end of the
  training seeds' paired 95 % intervals;
- `clone_ppo_minutes` and `clone_ppo`: mid, first training seed: minutes from the command to the
  end of learning, if the upper end against the best tuned rule is then below 1, and the ratio.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from experiments.building.policy import policy_from  # noqa: E402
from experiments.command.crew import Crew  # noqa: E402
from experiments.evaluating.statistics import bootstrap_ratio  # noqa: E402
from factory_env import Factory, Scenario, load_scenario  # noqa: E402
from factory_env.decision import Policy, ask  # noqa: E402
from factory_env.sim.run import Factories  # noqa: E402

Floats = NDArray[np.float64]
HELD_OUT: Final = range(100_000, 100_050)
SHORT_END: Final = ("eval.episodes=2", "json=true")  # the comparison that counts is made here

PLANTS: Final[Mapping[str, Sequence[str]]] = {
    "small": ("plant=small",),
    "mid": ("plant=mid",),
    "large": ("plant=large",),
    "real": ("plant=mid", "scenario=real"),
}
GIVEN: Final = {
    "plants": ",".join(PLANTS),
    "seeds": "1,2,3",
    "steps": "40960",
    "folder": "runs/learns",
}
TAKEN: Final = "learning_minutes.json"


@dataclass(frozen=True, slots=True)
class HeldOutRuns:
    """A policy on a scenario: a workplace whose jobs are seeds."""

    scenario: Scenario
    agent: str
    plant: str

    def open(self) -> Callable[[int], float]:
        """What plays a seed; its whole cost [USD]."""
        policy, make = policy_from(self.agent, None, self.plant), Factories(self.scenario)

        def play(seed: int) -> float:
            return live_out(make(seed), policy)

        return play


def live_out(factory: Factory, policy: Policy) -> float:
    """Run a factory to its end under a policy; its whole cost [USD]."""
    while (question := factory.advance()) is not None:
        factory.answer(ask(policy, question))
    return factory.cost_usd


def train_once(folder: Path, words: Sequence[str]) -> float:
    """Train into a folder, unless it has been done; minutes from the command to the last look."""
    taken = folder / TAKEN
    if not taken.is_file():
        started = time.time()
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".txt").open("wb") as log:
            line = [sys.executable, str(ROOT / "experiments" / "train.py"), *words, *SHORT_END]
            line.append(f"hydra.run.dir={folder}")
            code = subprocess.run(line, stdout=log, stderr=log, cwd=ROOT, check=False).returncode
        if code:
            raise SystemExit(f"train.py ended with {code}: see {folder.with_suffix('.txt')}")
        end = (folder / "validation.csv").stat().st_mtime  # its last line closes the learning
        taken.write_text(json.dumps((end - started) / 60.0), encoding="utf-8")
    return float(json.loads(taken.read_text(encoding="utf-8")))


def play_once(folder: Path, plant: str, agents: Sequence[str]) -> list[Floats]:
    """Costs of every policy on the held-out seeds; kept in the folder."""
    path = folder / "held_out.json"
    if not path.is_file():
        name, kind = ("mid", "real") if plant == "real" else (plant, "default")
        scenario = load_scenario(name, kind)
        crew, costs = Crew(2), []
        for agent in agents:
            runs = HeldOutRuns(scenario, agent, name)
            costs.append(crew.work_off(runs, HELD_OUT))
        crew.close()
        path.write_text(json.dumps(costs), encoding="utf-8")
    return [np.array(column) for column in json.loads(path.read_text(encoding="utf-8"))]


def judge(folder: Path, plant: str, words: Sequence[str]) -> dict[str, Any]:
    """Train once, play once; the figures of a training."""
    minutes = train_once(folder, words)
    agents = (str(folder / "best"), str(folder / "start"), "atcs_match")
    best, start, rule = play_once(folder, plant, agents)
    learned, against = bootstrap_ratio(best, start), bootstrap_ratio(best, rule)
    return {
        "learning_minutes": round(minutes, 2),
        "start_ratio": learned.mean,
        "start_ratio_ci_low": learned.low,
        "start_ratio_ci_high": learned.high,
        "rule_ratio": against.mean,
        "rule_ratio_ci_high": against.high,
    }


def tell_plant(plant: str, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A plant's figures of all its training seeds."""
    figures: dict[str, Any] = {
        f"learns_everywhere_{plant}_ci_high": max(run["start_ratio_ci_high"] for run in runs),
        f"learns_everywhere_{plant}": [run["start_ratio"] for run in runs],
        f"{plant}_to_best_rule": [run["rule_ratio"] for run in runs],
        f"{plant}_learning_minutes": [run["learning_minutes"] for run in runs],
    }
    if plant == "mid":
        is_better = runs[0]["rule_ratio_ci_high"] < 1.0
        figures["clone_ppo_minutes"] = runs[0]["learning_minutes"] if is_better else None
        figures["clone_ppo"] = runs[0]["rule_ratio"]
    return figures


def main() -> None:
    given = GIVEN | dict(word.split("=", 1) for word in sys.argv[1:])
    place = (ROOT / given["folder"]).resolve()
    figures: dict[str, Any] = {}
    for plant in given["plants"].split(","):
        runs = []
        for seed in given["seeds"].split(","):
            words = (*PLANTS[plant], "agent=ppo", f"seed={seed}", f"steps={given['steps']}")
            runs.append(judge(place / plant / seed, plant, words))
            run = runs[-1]
            ends = (run["start_ratio_ci_low"], run["start_ratio_ci_high"])
            told = f"{run['start_ratio']:.3f} ({ends[0]:.3f} to {ends[1]:.3f}) of its start"
            print(f"{plant}, seed {seed}: {told}, {run['rule_ratio']:.3f} of atcs_match")
        figures |= tell_plant(plant, runs)
        (place / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
