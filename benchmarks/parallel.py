"""What the second process of a study gives: `python benchmarks/parallel.py [pairs] [seeds]`.

The same study is held with one process and with two, pair after pair, each command from its start
to its page. Prints `parallel_speedup`, median seconds of one over median seconds of two, and
`tables_equal`: are the tables of all runs the same, digit by digit?
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.keeping import keep  # noqa: E402

STUDY: Final = """\
title: What the second process gives
policies: {{edd: edd, atcs: atcs, atcs_match: atcs_match, pretrained: pretrained}}
scenarios: {{mid: {{plant: mid}}, small: {{plant: small}}}}
seeds: {{first: 100000, count: {seeds}}}
"""
MEANING: Final = {
    "parallel_speedup": "seconds with one process / with two, medians",
    "one_s": "seconds with one process",
    "two_s": "seconds with two",
    "tables_equal": "are the tables of all runs the same?",
}


def hold_study(study: Path, folder: Path, workers: int) -> float:
    """Seconds of a study from its command to its page.

    Raises
    ------
    SystemExit
        If it failed.
    """
    command = [sys.executable, str(ROOT / "experiments" / "compare.py"), f"study={study}"]
    begin_s = time.monotonic()
    with folder.with_suffix(".txt").open("wb") as log:
        done = subprocess.run(
            [*command, f"hydra.run.dir={folder}", f"workers={workers}"],
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise SystemExit(folder.with_suffix(".txt").read_text(encoding="utf-8", errors="replace"))
    return time.monotonic() - begin_s


def read_tables(folder: Path) -> str:
    """The tables of a study as text."""
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return json.dumps([content["tables"], content["figures"]])


def measure(pairs: int, seeds: int) -> Mapping[str, float | bool]:
    """All numbers; who of a pair goes first changes."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    tables = set()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        study = place / "study.yaml"
        study.write_text(STUDY.format(seeds=2), encoding="utf-8")
        hold_study(study, place / "warm", 1)  # fills the caches of compiled code
        study.write_text(STUDY.format(seeds=seeds), encoding="utf-8")
        for pair in range(pairs):
            for workers in (1, 2) if pair % 2 else (2, 1):
                folder = place / f"{pair}-{workers}"
                seconds[workers].append(hold_study(study, folder, workers))
                tables.add(read_tables(folder))
    one, two = median(seconds[1]), median(seconds[2])
    return {
        "parallel_speedup": one / two,
        "one_s": one,
        "two_s": two,
        "tables_equal": len(tables) == 1,
    }


def main() -> None:
    """Measure, print, keep."""
    given = [int(word) for word in sys.argv[1:]]
    figures = measure(*given, *(3, 12)[len(given) :])
    for name, value in figures.items():
        print(f"{name:18} {value:8.3f}  {MEANING[name]}")
    print(f"wrote {keep('parallel', figures).relative_to(ROOT)}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
