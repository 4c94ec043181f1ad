"""Is a training that was killed and resumed the training that never stopped?

`python benchmarks/resume.py [folder=<where runs go>] [only=scheduling]`: for each learner one run
of train.py to the end, one killed with signal 9 in the middle of a rollout, one that resumes it.
Prints `resume_equal`, the largest difference of any weight of last, best and start: 0 = the same.
"""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from safetensors.numpy import load_file  # noqa: E402

SHORT = ("plant=small", "scenario.horizon_days=6", "scenario.demand.days=4", "pool.size=4")
LOOKS = ("validation.episodes=2", "validation.every=300")
ENDS = ("eval.episodes=2", "eval.workers=1", "json=true")
LINES = ("agent.envs=4", "agent.n_steps=64", "agent.batch_size=64")
SITE = ("agent.prior=time_of_use", "agent.envs=2")
LEARNERS: Mapping[str, Sequence[str]] = {
    "scheduling": ("agent=ppo", *LINES, "agent.workers=2", "steps=1500"),
    "energy": ("env=energy", "agent=ppo", *SITE, "agent.n_steps=256", "steps=1500"),
    "energy_sac": ("env=energy", "agent=sac", *SITE, "agent.warm_up=300", "steps=1200"),
    "energy_td3": ("env=energy", "agent=td3", *SITE, "agent.warm_up=300", "steps=1200"),
    "joint": ("env=joint", *SITE, "agent.n_steps=256", "steps=1500"),
}
LATEST_S = 900.0  # for the first look that is waited for


def start_training(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """A run of train.py into a folder; what it prints lies beside it."""
    command = [sys.executable, str(ROOT / "experiments" / "train.py"), *words]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".txt").open("wb") as log:
        line = [*command, f"hydra.run.dir={folder}"]
        return subprocess.Popen(line, stdout=log, stderr=subprocess.STDOUT, cwd=folder.parent)


def finish_training(folder: Path, *words: str) -> None:
    """The same to its end."""
    if start_training(folder, *words).wait() != 0:
        raise SystemExit(f"train.py failed: see {folder.with_suffix('.txt')}")


def read_looks(folder: Path) -> list[list[str]]:
    """The lines of ``validation.csv``."""
    path = folder / "validation.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.reader(file))


def kill_training(folder: Path, *words: str) -> None:
    """Let it look twice, learn on for a moment, and end it with signal 9."""
    process = start_training(folder, *words)
    end = time.monotonic() + LATEST_S
    while len(read_looks(folder)) < 3 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    if process.poll() is not None:
        raise SystemExit(f"train.py ended too early: see {folder.with_suffix('.txt')}")
    process.send_signal(signal.SIGKILL)
    process.wait()


def largest_difference(one: Path, two: Path) -> float:
    """Of any weight of two runs' checkpoints."""
    worst = 0.0
    for name in ("last", "best", "start"):
        first, second = (load_file(run / name / "policy.safetensors") for run in (one, two))
        for key in first.keys() | second.keys():
            worst = max(worst, float(abs(first[key] - second[key]).max()))
    return worst


def main() -> None:
    given = {"folder": "runs/resume", "only": ""} | dict(w.split("=", 1) for w in sys.argv[1:])
    place = Path(given["folder"]).resolve()
    differences: dict[str, float] = {}
    equal_looks: dict[str, bool] = {}
    for name, words in LEARNERS.items():
        if given["only"] not in ("", name):
            continue
        told = (*words, *SHORT, *LOOKS, *ENDS)
        straight, stopped, resumed = (
            place / name / run for run in ("straight", "stopped", "resumed")
        )
        finish_training(straight, *told)
        kill_training(stopped, *told)
        finish_training(resumed, f"resume={stopped}", *ENDS)
        differences[name] = largest_difference(straight, resumed)
        equal_looks[name] = read_looks(straight) == read_looks(resumed)
        seen = len(read_looks(stopped)) - 1
        print(f"{name}: largest difference {differences[name]:g}, killed after {seen} looks")
    figures = {
        "resume_equal": max(differences.values()),
        "by_learner": differences,
        "same_validation": equal_looks,
    }
    (place / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
