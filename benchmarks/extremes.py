"""Sets every number of every group to 0, 1, -1 and 1e6: each value works or is refused.

`python benchmarks/extremes.py [values=0,1,-1,1e6] [base=real] [part=scenario] [key=horizon]
[folder=runs/extremes]` counts what ends in a traceback, a warning, a hang over 20 s or more than
2 GB; the figures go into ``summary.json`` of the folder, what is refused into ``refused.txt``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents.rules.edd import Edd  # noqa: E402
from benchmarks.stress.guarded import BAD, REFUSED, TRACEBACK, Outcome, call_guarded  # noqa: E402
from benchmarks.stress.numbers import BASES, Case, build_case, edge_cases  # noqa: E402
from factory_env import Factory, Scenario, play  # noqa: E402
from factory_env.errors import InputError  # noqa: E402
from factory_env.kpi.cost import cost_table  # noqa: E402
from factory_env.kpi.table import kpis  # noqa: E402

DEFAULTS: Mapping[str, str] = {
    "values": "0,1,-1,1e6",
    "base": "",
    "part": "",
    "key": "",
    "folder": "runs/extremes",
}


def play_scenario(scenario: Scenario) -> str:
    """Play a scenario; its total cost."""
    log = play(Factory(scenario, 1), Edd())
    cost_table(log)
    return f"{kpis(log)['total_cost_usd']:g}"


def try_case(case: Case) -> Outcome:
    """What becomes of a case; most are refused before anything is played."""
    try:
        scenario = build_case(case)
    except InputError as error:
        return Outcome(kind=REFUSED, text=str(error))
    except Exception as error:
        return Outcome(kind=TRACEBACK, text=f"{type(error).__name__}: {error} (at the door)")
    return call_guarded(lambda: play_scenario(scenario))


def read_options(words: Sequence[str]) -> dict[str, str]:
    """The command line; a word that is none of ours ends the command."""
    given = dict(DEFAULTS)
    for word in words:
        key, eq, value = word.partition("=")
        if not eq or key not in given:
            print(f"command line: must be one of {', '.join(DEFAULTS)}; got {word}")
            raise SystemExit(2)
        given[key] = value
    return given


def main() -> None:
    given = read_options(sys.argv[1:])
    values = [float(value) for value in given["values"].split(",")]
    cases = [case for base in BASES for case in edge_cases(base, values)]
    cases = [
        case
        for case in cases
        if given["base"] in ("", case.base)
        and given["part"] in ("", case.part)
        and given["key"] in case.name
    ]
    for base in BASES:  # compile and warm up before the first fork
        play_scenario(build_case(Case(base, "scenario", ("horizon_days",), 6)))
    counts: Counter[str] = Counter()
    bad: list[str] = []
    refused: list[str] = []
    for case in cases:
        outcome = try_case(case)
        counts[outcome.kind] += 1
        if outcome.kind == REFUSED:
            refused.append(f"{case.name}: {outcome.text}")
        if outcome.is_bad:
            bad.append(f"{case.name}: {outcome.kind}: {outcome.text}")
            print(bad[-1], flush=True)
    figures = {
        "extremes": sum(counts[kind] for kind in BAD),
        "cases": len(cases),
        **dict(counts),
        "bad": bad,
    }
    folder = Path(given["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    (folder / "refused.txt").write_text("\n".join(refused), encoding="utf-8")
    print(json.dumps({key: value for key, value in figures.items() if key != "bad"}))


if __name__ == "__main__":
    main()
