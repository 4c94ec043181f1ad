"""The published results: ``docs/results.json``, and the tables of ``docs/results.md`` made of it.

The page keeps what people wrote; what stands between the two marks is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from experiments.command.run_folder import ROOT, write_json, write_text
from experiments.studying.results import CURVES
from experiments.studying.sentences import say_in_short
from experiments.studying.show import list_columns, show_cell
from factory_env.errors import Problem, wrong
from factory_env.plain_json import read_json

JSON: Final = ROOT / "docs" / "results.json"
PAGE: Final = ROOT / "docs" / "results.md"
BEGIN: Final = "<!-- made by compare.py publish=true: begin -->"
END: Final = "<!-- made by compare.py publish=true: end -->"
SHOWN: Final = ("aggregates", "differences", "gaps", "costs", "times")
LEFT_OUT: Final = ("profiles",)  # of the published file: long, and in every run folder
HEADS: Final = {
    "aggregates": "All scenarios together",
    "differences": "Against the baseline, seed by seed",
    "gaps": "Against the bound",
    "costs": "Costs",
    "times": "Time",
}


def check_publishing(page: Path = PAGE) -> list[Problem]:
    """Why nothing can be published here; empty where it can."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if text.count(BEGIN) == text.count(END) == 1 and text.index(BEGIN) < text.index(END):
        return []
    rule = "needs docs/results.md of a checkout, with the two marks of its made part"
    return [wrong("command line", "publish", rule, str(page), "publish=false")]


def publish_results(results: Mapping[str, Any], json: Path = JSON, page: Path = PAGE) -> bool:
    """Put a study into the published results, in the place of its last one; False if unfinished.

    A study that lacks runs is not published.
    """
    if results["cells_played"] < results["cells"]:
        return False
    kept = {key: value for key, value in results.items() if key != CURVES}
    tables = {k: v for k, v in results["tables"].items() if k not in LEFT_OUT}
    published = read_published(json)
    studies = {**published["studies"], str(results["study"]): {**kept, "tables": tables}}
    ordered = {name: studies[name] for name in sorted(studies)}
    write_json(json, {"figures": collect_figures(ordered), "studies": ordered})
    write_page(json, page)
    return True


def read_published(json: Path = JSON) -> dict[str, Any]:
    """What is published: ``figures`` by name, and ``studies``."""
    if not json.is_file():
        return {"figures": {}, "studies": {}}
    return dict(read_json(json))


def collect_figures(studies: Mapping[str, Any]) -> dict[str, float]:
    """The named figures of all studies in one place."""
    figures: dict[str, float] = {}
    for study in studies.values():
        figures |= study["figures"] | study["time_figures"]
    return figures


def write_page(json: Path = JSON, page: Path = PAGE) -> None:
    """Make the made part of the page anew."""
    text = page.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    write_text(page, f"{before}{BEGIN}\n{make_section(read_published(json))}{END}{after}")


def read_section(page: Path = PAGE) -> str:
    """The made part as it stands in the page."""
    text = page.read_text(encoding="utf-8")
    return text.partition(f"{BEGIN}\n")[2].partition(END)[0]


def make_section(published: Mapping[str, Any]) -> str:
    """The made part: figures by name, then the tables of every study."""
    lines = ["", *_figures(published["figures"])]
    for study in published["studies"].values():
        lines += [f"### {study['title']}: `study={study['study']}`", "", *say_in_short(study), ""]
        for table in SHOWN:
            lines += _table(study, table)
    return "\n".join(lines) + "\n"


def _figures(figures: Mapping[str, float]) -> Iterator[str]:
    names = [key for key in figures if not key.endswith(("_ci_low", "_ci_high"))]
    if not names:
        yield from ("No study is published yet.", "")
        return
    yield from ("| key | figure | 95 % interval |", "|---|---|---|")
    for key in names:
        low, high = figures.get(f"{key}_ci_low"), figures.get(f"{key}_ci_high")
        interval = "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
        yield f"| `{key}` | {figures[key]:.3f} | {interval} |"
    yield ""


def _table(study: Mapping[str, Any], name: str) -> Iterator[str]:
    rows = {**study["tables"], "times": study["times"]}[name]
    if not rows:
        return
    columns = list_columns(name, study)
    yield from (f"**{HEADS[name]}**", "")
    yield "| " + " | ".join(column.head for column in columns) + " |"
    yield "|---" * len(columns) + "|"
    for row in rows:
        yield "| " + " | ".join(show_cell(row, column) for column in columns) + " |"
    yield ""
