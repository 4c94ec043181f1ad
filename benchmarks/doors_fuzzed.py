"""Visits the product's doors with changed files: `python benchmarks/doors_fuzzed.py [count=10000]`.

Order books, records, series, tariffs, sites, plants, pictures, weights and run folders are changed
byte by byte and value by value; each file is read or refused. Counted are those that end in a
traceback, hang over 20 s or take more than 2 GB. `seed=0`, `first=0`, `door=book` and
`folder=runs/doors_fuzzed` may stand beside it; ``summary.json`` and the files that broke a door
lie in the folder.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from benchmarks.fuzzing.doors import DOORS, Door  # noqa: E402
from benchmarks.fuzzing.visiting import Visit, draw_visits  # noqa: E402
from benchmarks.stress.guarded import HANGS, MEMORY, TRACEBACK, Outcome, call_guarded  # noqa: E402

EVERY: Final = 500  # files: then the number is told
COUNTED: Final = (TRACEBACK, HANGS, MEMORY)
DEFAULTS: Final = {
    "count": "10000",
    "seed": "0",
    "first": "0",
    "door": "",
    "folder": "runs/doors_fuzzed",
}


def read_words(words: list[str]) -> dict[str, str]:
    """The command line; a word that is none of ours ends the command."""
    given = dict(DEFAULTS)
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in given or (key in ("count", "seed") and not value.isdecimal()):
            print(f"command line: must be one of {', '.join(DEFAULTS)} with a value; got {word!r}")
            raise SystemExit(2)
        given[key] = value
    return given


def keep_file(visit: Visit, outcome: Outcome, folder: Path) -> str:
    """Save the file that broke a door; what to say of it."""
    path = folder / f"{visit.number:05d}_{Path(visit.name).name}"
    path.write_bytes(visit.content)
    return f"{visit.door.name} {visit.number} {visit.name}: {outcome.kind}: {outcome.text}"


def warm_up(doors: Sequence[Door]) -> None:
    """Open every sound file here, so that no child imports or compiles on the clock."""
    with tempfile.TemporaryDirectory() as place:
        for door in doors:
            for name, content in door.files().items():
                Visit(door=door, number=0, name=name, content=content).open(Path(place) / "files")


def visit_door(visit: Visit, folder: Path) -> Outcome:
    """What becomes of a visit; one that hangs is made again, for the machine may be busy."""
    outcome = call_guarded(lambda: visit.open(folder))
    return call_guarded(lambda: visit.open(folder)) if outcome.kind == HANGS else outcome


def main() -> None:
    given = read_words(sys.argv[1:])
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", UserWarning)  # notes of sound files
    folder = Path(given["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    doors = [door for door in DOORS if given["door"] in ("", door.name)]
    warm_up(doors)
    kinds: Counter[str] = Counter()
    by_door: Counter[str] = Counter()
    bad: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        for visit in draw_visits(doors, int(given["count"]), int(given["seed"])):
            if visit.number < int(given["first"]):
                continue
            outcome = visit_door(visit, Path(place) / "files")
            kinds[outcome.kind] += 1
            by_door[visit.door.name] += 1
            if sum(kinds.values()) % EVERY == 0:
                print(f"{sum(kinds.values())} files", file=sys.stderr, flush=True)
            if outcome.kind in COUNTED:
                bad.append(keep_file(visit, outcome, folder))
                print(bad[-1][:300], flush=True)
    figures = {
        "doors_fuzzed": sum(kinds[kind] for kind in COUNTED),
        "files": sum(kinds.values()),
        "seed": int(given["seed"]),
        **{f"ended_{kind}": number for kind, number in sorted(kinds.items())},
        "by_door": dict(by_door),
        "bad": bad,
    }
    (folder / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps({key: value for key, value in figures.items() if key != "bad"}))


if __name__ == "__main__":
    main()
