"""How long somebody waits: the import of the world, and ``simulate`` of the shipped book.

``python benchmarks/start.py [runs=5]`` runs each so often and prints the shortest time [s]: what
else runs on the machine only adds to it. The caches are warm from the second run on. ``table_s``
is the time until the tables are on the screen, ``simulate_s`` until the pictures are there as well,
``simulate_cpu_s`` what all its processes have computed together: a busy machine leaves it alone.
The figures are written to ``runs/benchmarks/start/summary.json``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "examples" / "orders.csv"
LAST_TABLE = "every table"  # the line below the tables


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1].removeprefix("runs=")) if len(sys.argv) > 1 else 5
    if runs < 1:
        raise SystemExit("start: runs: must be at least 1")
    imports = [_import_s() for _ in range(runs)]
    _simulate_s()  # fills the caches
    before = _children_cpu_s()
    both = [_simulate_s() for _ in range(runs)]
    figures = {
        "import_s": round(min(imports), 2),
        "simulate_s": round(min(whole for whole, _ in both), 2),
        "table_s": round(min(table for _, table in both), 2),
        "simulate_cpu_s": round((_children_cpu_s() - before) / runs, 2),
        "runs": runs,
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
    }
    folder = Path("runs/benchmarks/start")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


def _children_cpu_s() -> float:
    """Processor time of all that has run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _import_s() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import factory_env"], cwd=ROOT, check=True)
    return time.perf_counter() - start


def _simulate_s() -> tuple[float, float]:
    """Until all is there, and until the tables are."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [sys.executable, "-u", "-m", "experiments", "simulate", f"orders={BOOK}"]
        run = subprocess.Popen(
            [*command, f"hydra.run.dir={folder}/run"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert run.stdout is not None
        table_s = 0.0
        for line in run.stdout:
            if line.startswith(LAST_TABLE):
                table_s = time.perf_counter() - start
        if run.wait() != 0:
            raise SystemExit("start: simulate failed; run it by hand")
        return time.perf_counter() - start, table_s


if __name__ == "__main__":
    main()
