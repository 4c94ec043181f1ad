"""The page that shows what was validated: a table of keys, then a paragraph for each check."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from experiments.command.run_folder import write_text
from experiments.validating.check import Check, CheckResult, Figure
from experiments.validating.running import Results, grouped

VERDICTS = {True: "met", False: "not met", None: "shown"}
INTRODUCTION = """# Validation

Simulated beside real or theoretical. Written by `python experiments/validate.py`; every number
below was measured by that run, with fixed seeds, so that anybody gets the same (computing times
apart).
"""


def write_page(results: Results, page: Path) -> Path:
    """Write the page; pictures are linked relative to it."""
    write_text(page, page_text(results, page.parent))
    return page


def page_text(results: Results, folder: Path) -> str:
    """The page in Markdown, for a file in ``folder``."""
    lines = [INTRODUCTION, *_verdict(results), "", *_table(results)]
    for check, result in results.values():
        lines += ["", *_section(check, result, folder)]
    return re.sub(r"(?<=\d)%", " %", "\n".join(lines)) + "\n"


def print_figures(results: Results, console: Console | None = None) -> None:
    """The table of keys on the terminal."""
    table = Table(title="Validation")
    for name in ("key", "target", "measured", "met"):
        table.add_column(name, overflow="fold")
    for figure, mark in _marked(results):
        style = "bold red" if figure.met is False else None
        table.add_row(
            f"{mark}{figure.key}",
            figure.target,
            figure.measured,
            {True: "yes", False: "no", None: "-"}[figure.met],
            style=style,
        )
    (console or Console(width=118)).print(table)


def _verdict(results: Results) -> Iterator[str]:
    figures = [f for _, result in results.values() for f in result.figures]
    judged = [f for f in figures if f.met is not None]
    missed = [f.key for f in judged if not f.met]
    yield f"**{len(judged) - len(missed)} of {len(judged)} targets are met.**"
    if missed:
        yield "Not met: " + ", ".join(f"`{key}`" for key in missed) + "."
    for check, result in results.values():
        if result.not_run:
            keys = ", ".join(f"`{key}`" for key in check.keys)
            yield f"**Not run: {check.title}** ({keys}): {result.not_run}."


def _marked(results: Results) -> Iterator[tuple[Figure, str]]:
    """Figures with the mark of those that belong to the key above."""
    for figure, parts in grouped(results):
        yield figure, ""
        for part in parts:
            yield part, "↳ "


def _table(results: Results) -> Iterator[str]:
    yield "| key | figure | target | measured | met? |"
    yield "|---|---|---|---|---|"
    for figure, mark in _marked(results):
        met = {True: "yes", False: "**no**", None: "-"}[figure.met]
        cells = (f"{mark}`{figure.key}`", figure.what, figure.target, figure.measured, met)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _section(check: Check, result: CheckResult, folder: Path) -> Iterator[str]:
    yield f"## {check.title}"
    yield ""
    if result.not_run:
        yield f"Not run: {result.not_run}."
        return
    found, _, numbers = result.found.partition("\n\n")
    yield (
        f"{result.what} {result.how} *Expected:* {_lower(result.expected)} *Found:* {found} "
        f"**Verdict: {VERDICTS[result.met]}.**"
    )
    if numbers:
        yield f"\n<details><summary>Numbers</summary>\n\n{numbers}\n\n</details>"
    for picture in result.pictures:
        link = Path(os.path.relpath(picture.file, folder)).as_posix()
        yield f"\n![{picture.caption}]({link})"


def _lower(sentence: str) -> str:
    """The sentence as it goes on after a colon."""
    first = sentence.split(" ", 1)[0]
    keep = first.isupper() and len(first) > 1
    return sentence if keep else sentence[:1].lower() + sentence[1:]
