"""What does discounting by elapsed time give, against one discount a decision?

`python benchmarks/semi_markov.py [plants=small,mid] [learners=ppo,dqn] [seeds=1,2,3] [steps=20480]
[episodes=50] [folder=runs/semi_markov]`: every learner is trained both ways on every plant and with
every training seed; its best checkpoints play the same held-out runs. The discount of a decision is
that of the mean time between two of them, so both look equally far ahead. What is done already is
read, not run again. For each plant and learner it prints and keeps (`summary.json`)

- `semi_markov_vs_plain_<plant>_<learner>`, `..._ci_low`, `..._ci_high`: cost with elapsed time /
  per decision; mean over training seeds, paired 95 % interval over evaluation seeds;
- `..._by_seed`: the ratio of each training seed: how much of it is the luck of a training.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from agents import rules  # noqa: E402
from benchmarks.learns import Floats, HeldOutRuns, train_once  # noqa: E402
from experiments.command.crew import Crew  # noqa: E402
from experiments.evaluating.statistics import bootstrap_ratio  # noqa: E402
from factory_env import Scenario, load_scenario  # noqa: E402
from factory_env.decision import ask  # noqa: E402
from factory_env.envs.scheduling.env import SchedulingEnv  # noqa: E402
from factory_env.errors import InputError, Problem, wrong  # noqa: E402
from factory_env.presets import FIRST_TRAINING_SEED, list_names  # noqa: E402

GIVEN: Final = {
    "plants": "small,mid",
    "learners": "ppo,dqn",
    "seeds": "1,2,3",
    "steps": "20480",
    "episodes": "50",
    "folder": "runs/semi_markov",
}
LEARNERS: Final = ("ppo", "ppo_flat", "ppo_attention", "dqn", "qrdqn", "a2c", "recurrent_ppo")
KINDS: Final[Mapping[str, str]] = {"elapsed": "true", "decision": "false"}
FIRST_HELD_OUT: Final = 100_000
MEASURED: Final = range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + 4)
DISCOUNT_PER_DAY: Final = 0.90  # as in conf/agent
DAY_MIN: Final = 1440.0
WRONG_INPUT: Final = 2


def read_words(words: Sequence[str]) -> dict[str, Any]:
    """The options.

    Raises
    ------
    InputError
        With everything that is wrong with the words.
    """
    said = dict(word.partition("=")[::2] for word in words)
    given, who = GIVEN | said, "command line"
    problems: list[Problem] = []
    for key in said.keys() - GIVEN.keys():
        near = difflib.get_close_matches(key, GIVEN, n=1)
        right = f"did you mean {near[0]}?" if near else f"known: {', '.join(GIVEN)}"
        problems.append(wrong(who, key, "is no option", said[key], right))
    known = {"plants": list_names("plant"), "learners": LEARNERS}
    for key, names in known.items():
        strange = [name for name in given[key].split(",") if name not in names]
        problems += [wrong(who, key, "must be known", name, ", ".join(names)) for name in strange]
    for key in ("seeds", "steps", "episodes"):
        numbers = given[key].split(",") if key == "seeds" else [given[key]]
        if not all(text.isdecimal() and int(text) > 0 for text in numbers):
            problems.append(wrong(who, key, "must be whole and positive", given[key], GIVEN[key]))
    if problems:
        raise InputError(problems)
    return given


def match_gamma(scenario: Scenario) -> float:
    """The discount of a decision: that of the mean time between two of them under a rule."""
    env = SchedulingEnv(scenario=scenario)
    rule, minutes, decisions = rules.load("atcs_match", scenario.plant.name), 0.0, 0
    for seed in MEASURED:
        env.reset(seed=seed)
        is_over = False
        while not is_over:
            assert env.question is not None
            action = env.answer_to_action(ask(rule, env.question))
            *_, terminated, truncated, info = env.step(action)
            minutes, decisions = minutes + info["elapsed_min"], decisions + 1
            is_over = terminated or truncated
    return float(DISCOUNT_PER_DAY ** (minutes / decisions / DAY_MIN))


def play_best(folder: Path, scenario: Scenario, episodes: int) -> Floats:
    """Costs of the best checkpoint on the held-out seeds; kept in the folder."""
    path = folder / f"held_out_{episodes}.json"
    if not path.is_file():
        runs = HeldOutRuns(scenario, str(folder / "best"), scenario.plant.name)
        crew = Crew(2)
        costs = crew.work_off(runs, range(FIRST_HELD_OUT, FIRST_HELD_OUT + episodes))
        crew.close()
        path.write_text(json.dumps(costs), encoding="utf-8")
    return np.array(json.loads(path.read_text(encoding="utf-8")))


def compare_kinds(
    place: Path, plant: str, learner: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """The figures of a learner on a plant."""
    scenario = load_scenario(plant)
    gamma, costs = match_gamma(scenario), {kind: [] for kind in KINDS}  # type: ignore[var-annotated]
    for seed in given["seeds"].split(","):
        for kind, is_semi_markov in KINDS.items():
            folder = place / plant / learner / f"{kind}_{seed}"
            words = [f"agent={learner}", f"plant={plant}", f"seed={seed}"]
            words += [f"agent.semi_markov={is_semi_markov}", f"agent.gamma={gamma:.4f}"]
            train_once(folder, [*words, f"steps={given['steps']}"])
            costs[kind].append(play_best(folder, scenario, int(given["episodes"])))
    elapsed, decision = (np.array(costs[kind]) for kind in KINDS)
    ratio = bootstrap_ratio(elapsed.mean(axis=0), decision.mean(axis=0))
    by_seed = (elapsed.mean(axis=1) / decision.mean(axis=1)).round(4).tolist()
    key = f"semi_markov_vs_plain_{plant}_{learner}"
    ends = f"({ratio.low:.3f} to {ratio.high:.3f})"
    print(f"{plant}, {learner}: {ratio.mean:.3f} {ends}; by seed {by_seed}; gamma {gamma:.3f}")
    return {**ratio.figures(key), f"{key}_by_seed": by_seed, f"{key}_gamma": round(gamma, 4)}


def main() -> None:
    """Measure and print."""
    try:
        given = read_words(sys.argv[1:])
    except InputError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG_INPUT) from None
    place = (ROOT / given["folder"]).resolve()
    figures: dict[str, Any] = {"steps": int(given["steps"]), "episodes": int(given["episodes"])}
    for plant in given["plants"].split(","):
        for learner in given["learners"].split(","):
            figures |= compare_kinds(place, plant, learner, given)
            (place / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
