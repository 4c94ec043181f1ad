"""How near iterated greedy comes to the best makespans known.

`python benchmarks/iterated_greedy.py [jobs=20] [machines=5] [seconds=30] [seed=0] [data_dir=...]`
solves every Taillard instance of that size and writes ``ig_gap_percent``, the mean gap, to its run
folder.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents.exact.iterated_greedy import IteratedGreedy  # noqa: E402
from agents.exact.neh import neh_sequence  # noqa: E402
from benchmarks.keeping import keep  # noqa: E402
from experiments.validating.flow_shop import makespan, read_instance  # noqa: E402
from experiments.validating.running import data_folder  # noqa: E402

SIZES = {"jobs": 20, "machines": 5, "seconds": 30, "seed": 0}


def gaps(folder: Path, sizes: dict[str, int]) -> list[dict[str, float]]:
    """Gap to the best makespan known [%] of every instance, before the search and after it."""
    search = IteratedGreedy(seconds=float(sizes["seconds"]), seed=sizes["seed"])
    rows = []
    for row in csv.DictReader((folder / "pfsp" / "bounds.csv").open(encoding="utf-8")):
        if (int(row["jobs"]), int(row["machines"])) != (sizes["jobs"], sizes["machines"]):
            continue
        times = read_instance(folder / row["path"])
        begin = perf_counter()
        best = search.solve(times)
        seconds = perf_counter() - begin
        span = makespan(times, best.sequence)
        assert span == best.makespan, "the sewing line must agree with the search"
        known = float(row["best_known_makespan"])
        neh = makespan(times, neh_sequence(times))
        gap, neh_gap = 100.0 * (span / known - 1.0), 100.0 * (neh / known - 1.0)
        print(
            f"{row['instance']}: {span:g}, best known {known:g}: {gap:.2f} %; NEH {neh_gap:.2f} %"
        )
        rows.append({"gap": gap, "neh_gap": neh_gap, "seconds": seconds, "rounds": best.rounds})
    return rows


def main() -> None:
    """Solve, print, keep."""
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    data_dir = data_folder(words.pop("data_dir", None))
    sizes = SIZES | {key: int(value) for key, value in words.items()}
    if data_dir is None:
        raise SystemExit("iterated_greedy: the public instances do not lie beside the project")
    rows = gaps(data_dir / "scheduling", sizes)
    if not rows:
        raise SystemExit(f"iterated_greedy: no instance of {sizes['jobs']} x {sizes['machines']}")
    figures = {
        "ig_gap_percent": sum(row["gap"] for row in rows) / len(rows),
        "neh_gap_percent": sum(row["neh_gap"] for row in rows) / len(rows),
        "ig_seconds": max(row["seconds"] for row in rows),
        "instances": len(rows),
    }
    keep("iterated_greedy", figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
