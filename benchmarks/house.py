"""Counts what keeps the house readable: ``python benchmarks/house.py`` prints a table.

``show=reaches`` lists the places behind a figure, ``root=../other`` counts another checkout,
``runs=true`` adds the figures that need runs (about ten minutes), ``tests=true`` the minutes of
the quick tests as well. ``json=true``, or an output that is no terminal, ends with the figures as
one line of JSON; they also go into ``summary.json`` of ``runs/house/<time>``, or of ``folder=``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.counting import proofs  # noqa: E402
from benchmarks.counting.figures import FIGURES, count  # noqa: E402
from benchmarks.counting.source import House, read_house  # noqa: E402

SWITCHES = {"true": True, "false": False}
TARGETS: Mapping[str, float | bool] = {
    proofs.COST: 15640.783948770639,
    "golden_equal": True,
    "logs_equal": True,
    proofs.CYCLES: 112.0,
    proofs.MINUTES: 4.0,
}


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    root: Path = ROOT
    folder: Path | None = None  # for the summary
    show: str | None = None
    json: bool = False
    runs: bool = False
    tests: bool = False


def read_options(words: Sequence[str]) -> Options:
    """The command line as options; one that is wrong ends the command with what would be right."""
    given: dict[str, object] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key == "root" and (Path(value) / "factory_env").is_dir():
            given[key] = Path(value).resolve()
        elif key == "folder" and value:
            given[key] = Path(value)
        elif key == "show" and value in FIGURES:
            given[key] = value
        elif key in ("json", "runs", "tests") and value in SWITCHES:
            given[key] = SWITCHES[value]
        else:
            keys = ", ".join(FIGURES)
            raise SystemExit(
                f"house: cannot read {word!r}; right are root=<a checkout>, folder=<for the "
                f"summary>, json=true, runs=true, tests=true, and show= with one of {keys}"
            )
    return Options(**given)  # type: ignore[arg-type]


def table(figures: Mapping[str, float | bool]) -> str:
    """The figures beside what they may reach, and what they mean."""
    lines = []
    for key, value in figures.items():
        most = FIGURES[key].most if key in FIGURES else TARGETS[key]
        meaning = FIGURES[key].meaning if key in FIGURES else ""
        lines.append(f"{key:26} {value!s:>20} {most!s:>20}  {meaning}".rstrip())
    head = f"{'figure':26} {'now':>20} {'at most, or equal':>20}  meaning"
    return "\n".join([head, *lines])


def measure(house: House, options: Options) -> dict[str, float | bool]:
    """What is counted, and with ``runs`` what has to be run."""
    figures: dict[str, float | bool] = dict(count(house))
    if options.runs or options.tests:
        for key, run in proofs.proofs(options.root, with_all_tests=options.tests).items():
            figures[key] = run()
    return figures


def write(figures: Mapping[str, float | bool], folder: Path | None) -> Path:
    """Keep the figures in the folder asked for, or in a run folder of their own."""
    if folder is None:
        folder = ROOT / "runs" / "house" / datetime.now().strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "summary.json"
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return path


def main() -> None:
    options = read_options(sys.argv[1:])
    house = read_house(options.root)
    if options.show is not None:
        print("\n".join(map(str, sorted(FIGURES[options.show].places(house)))))
        return
    figures = measure(house, options)
    print(table(figures))
    print(f"wrote {write(figures, options.folder)}")
    if options.json or not sys.stdout.isatty():
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
