"""Does the one agent that ships beat the best rule on plants and days it was not trained for?

`python benchmarks/transfer.py [plants=small,large,real] [agent=pretrained] [episodes=50]`: the
agent and `atcs_match` as tuned for the plant, the best rule on all of them, play the same held-out
runs (`real` is plant mid with scenario=real). Prints and keeps (`summary.json`), for each,
`transfer_<plant>`, `..._ci_low`, `..._ci_high`: cost of the agent / of the rule, paired 95 %
interval.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.keeping import keep  # noqa: E402
from benchmarks.learns import HELD_OUT, HeldOutRuns  # noqa: E402
from experiments.command.crew import Crew  # noqa: E402
from experiments.evaluating.statistics import bootstrap_ratio  # noqa: E402
from factory_env import load_scenario  # noqa: E402

PLANTS = {"small": ("small", "default"), "large": ("large", "default"), "real": ("mid", "real")}
RULE = "atcs_match"


def main() -> None:
    """Measure and print."""
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    names = words.get("plants", ",".join(PLANTS)).split(",")
    if unknown := [name for name in names if name not in PLANTS]:
        raise SystemExit(f"plants: must be some of {', '.join(PLANTS)}; got {', '.join(unknown)}")
    agent, seeds = words.get("agent", "pretrained"), HELD_OUT[: int(words.get("episodes", 50))]
    figures: dict[str, float] = {}
    for name in names:
        plant, kind = PLANTS[name]
        with Crew(2) as crew:
            mine, rules = (
                np.array(crew.work_off(HeldOutRuns(load_scenario(plant, kind), who, plant), seeds))
                for who in (agent, RULE)
            )
        ratio = bootstrap_ratio(mine, rules)
        key = f"transfer_{name}"
        figures |= {key: ratio.mean, f"{key}_ci_low": ratio.low, f"{key}_ci_high": ratio.high}
        print(f"{name}: {ratio.mean:.3f} ({ratio.low:.3f} to {ratio.high:.3f}) of {RULE}")
    keep("transfer", figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
