"""Does the learner of the lines learn, on every plant, and how soon?

`python benchmarks/learns.py [plants=small,mid,large,real] [seeds=1,2,3] [steps=40960]
[folder=runs/learns]`: a training of train.py for each plant and training seed (`real` is plant mid
with scenario=real), each beside its own start on the same held-out runs. What is done already is
read, not run again. Prints

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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

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


def train_once(folder: Path, words: Sequence[str]) -> dict[str, Any]:
    """The figures of a training, with the minutes until it had learned."""
    if not (folder / TAKEN).is_file():
        started = time.time()
        command = [sys.executable, str(ROOT / "experiments" / "train.py"), *words]
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".txt").open("wb") as log:
            line = [*command, f"hydra.run.dir={folder}", "json=true"]
            code = subprocess.run(line, stdout=log, stderr=log, cwd=ROOT, check=False).returncode
        if code:
            raise SystemExit(f"train.py ended with {code}: see {folder.with_suffix('.txt')}")
        end = (folder / "validation.csv").stat().st_mtime  # its last line closes the learning
        minutes = round((end - started) / 60.0, 2)
        (folder / TAKEN).write_text(json.dumps({"learning_minutes": minutes}), encoding="utf-8")
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    taken: dict[str, Any] = json.loads((folder / TAKEN).read_text(encoding="utf-8"))
    return {**summary, **taken}


def tell_plant(plant: str, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A plant's figures of all its training seeds."""
    figures: dict[str, Any] = {
        f"learns_everywhere_{plant}_ci_high": max(run["start_ratio_ci_high"] for run in runs),
        f"learns_everywhere_{plant}": [run["start_ratio"] for run in runs],
        f"{plant}_to_best_rule": [run["total_cost_ratio"] for run in runs],
        f"{plant}_learning_minutes": [run["learning_minutes"] for run in runs],
    }
    if plant == "mid":
        is_better = runs[0]["total_cost_ratio_ci_high"] < 1.0
        figures["clone_ppo_minutes"] = runs[0]["learning_minutes"] if is_better else None
        figures["clone_ppo"] = runs[0]["total_cost_ratio"]
    return figures


def main() -> None:
    given = GIVEN | dict(word.split("=", 1) for word in sys.argv[1:])
    place = (ROOT / given["folder"]).resolve()
    figures: dict[str, Any] = {}
    for plant in given["plants"].split(","):
        runs = []
        for seed in given["seeds"].split(","):
            words = (*PLANTS[plant], "agent=ppo", f"seed={seed}", f"steps={given['steps']}")
            runs.append(train_once(place / plant / seed, words))
            run = runs[-1]
            ends = (run["start_ratio_ci_low"], run["start_ratio_ci_high"])
            told = f"{run['start_ratio']:.3f} ({ends[0]:.3f} to {ends[1]:.3f}) of its start"
            print(f"{plant}, seed {seed}: {told}, {run['total_cost_ratio']:.3f} of the best rule")
        figures |= tell_plant(plant, runs)
        (place / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
