"""Plays random factories with everything on and counts what does not add up.

`python benchmarks/conserved.py [runs=2000] [first=0] [folder=runs/conserved]`: pieces, operators'
minutes, costs and energy; the figures go into ``summary.json`` of the folder.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.stress.books import broken_laws  # noqa: E402
from benchmarks.stress.factories import random_scenario, random_team  # noqa: E402
from benchmarks.stress.guarded import WORKS, call_guarded  # noqa: E402
from factory_env import Factory, play  # noqa: E402

DEFAULTS: Mapping[str, str] = {"runs": "2000", "first": "0", "folder": "runs/conserved"}
MOST_S = 120.0  # of a run


def check_run(seed: int) -> str:
    """Play a random factory; what does not add up, empty if all does."""
    factory = Factory(random_scenario(seed), seed)
    log = play(factory, random_team(seed))
    return "; ".join(broken_laws(factory, log))


def read_options(words: Sequence[str]) -> dict[str, str]:
    """The command line; a word that is none of ours ends the command."""
    given = dict(DEFAULTS)
    for word in words:
        key, _, value = word.partition("=")
        if key not in given or (key != "folder" and not value.isdecimal()) or not value:
            print(f"command line: must be one of {', '.join(DEFAULTS)} and a value; got {word}")
            raise SystemExit(2)
        given[key] = value
    return given


def write_figures(folder: Path, counts: Counter[str], bad: Sequence[str]) -> str:
    """Write ``summary.json``; the figures as one line."""
    figures = {"conserved": len(bad), "runs": counts.total(), **counts}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**figures, "bad": list(bad)}, indent=1)
    (folder / "summary.json").write_text(text, encoding="utf-8")
    return json.dumps(figures)


def main() -> None:
    given = read_options(sys.argv[1:])
    first, folder = int(given["first"]), Path(given["folder"])
    check_run(0)  # compile and warm up before the first fork
    counts: Counter[str] = Counter()
    bad: list[str] = []
    for seed in range(first, first + int(given["runs"])):
        outcome = call_guarded(lambda seed=seed: check_run(seed), MOST_S)  # type: ignore[misc]
        is_right = outcome.kind == WORKS and not outcome.text
        counts["right" if is_right else outcome.kind] += 1
        if not is_right:
            bad.append(f"{seed}: {outcome.kind}: {outcome.text}")
            print(bad[-1], flush=True)
        if counts.total() % 50 == 0:  # a long run may be broken off
            write_figures(folder, counts, bad)
    print(write_figures(folder, counts, bad))


if __name__ == "__main__":
    main()
