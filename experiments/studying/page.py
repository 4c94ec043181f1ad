"""The page of a study: pictures, tables, failures and method in one file that needs no other."""

from __future__ import annotations

import base64
import html
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.studying.pictures.aggregates import draw_aggregates
from experiments.studying.pictures.curves import draw_curves
from experiments.studying.pictures.differences import draw_differences
from experiments.studying.pictures.parts import draw_parts
from experiments.studying.pictures.profiles import draw_profiles
from experiments.studying.pictures.times import draw_times
from experiments.studying.sentences import METHOD, say_in_short
from experiments.studying.show import Column, list_columns, show_cell

STYLE: Final = """body{font:15px/1.5 system-ui,sans-serif;max-width:1120px;margin:2em auto;
padding:0 1em;color:#222}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #ddd;vertical-align:top}
th:first-child,td:first-child{text-align:left}img{max-width:100%;margin:.4em 0}
pre{background:#f4f4f4;padding:.7em;overflow:auto}h2{margin-top:1.8em;font-size:1.25em}
h3{margin-top:1.3em;font-size:1.05em}.said{color:#555}.failed{border-left:4px solid #D55E00;
padding-left:1em}div.wide{overflow-x:auto}"""
ALT: Final = "see the table below"


def write_page(results: Mapping[str, Any], failures: Sequence[tuple[str, str]]) -> str:
    """The page's text.

    Parameters
    ----------
    failures
        A name and a text with traceback each.
    """
    title = html.escape(str(results["title"]))
    body = "".join(
        [
            f"<h1>{title}</h1>",
            *(f"<p>{html.escape(text)}</p>" for text in say_in_short(results)),
            *_tell_failures(failures),
            *_draw_all(results),
            *_describe_study(results),
        ]
    )
    head = f"<title>{title}</title><style>{STYLE}</style>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{head}<body>{body}</body></html>\n'
    )


def _tell_failures(failures: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not failures:
        return
    yield '<div class="failed"><h2>Failed</h2>'
    yield "<p>Whoever fails in a scenario is not in its tables.</p>"
    for name, text in failures:
        yield f"<h3>{html.escape(name)}</h3><pre>{html.escape(text)}</pre>"
    yield "</div>"


def _draw_all(results: Mapping[str, Any]) -> Iterator[str]:
    """All scenarios together, then one after the other, then learning and time."""
    if results["tables"]["aggregates"]:
        yield "<h2>All scenarios together</h2>"
        yield _picture(lambda path: draw_aggregates(results, path))
        yield _table(results, "aggregates")
        yield _picture(lambda path: draw_profiles(results, path))
    for scene in results["scenarios"]:
        yield f"<h2>Scenario {html.escape(scene)}</h2>"
        yield _picture(lambda path, scene=scene: draw_differences(results, scene, path))
        yield _table(results, "differences", scene)
        yield _picture(lambda path, scene=scene: draw_parts(results, scene, path))
        yield _table(results, "costs", scene)
        yield _table(results, "gaps", scene)
    if results["curves"]:
        yield "<h2>Learning</h2>" + _picture(lambda path: draw_curves(results, path))
    if results["times"]:
        yield "<h2>Time</h2>" + _picture(lambda path: draw_times(results, path))
        yield _table(results, "times")


def _describe_study(results: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>How it was done</h2>"
    yield from (f"<p>{html.escape(text)}</p>" for text in METHOD)
    keys = ("policies", "training_seeds", "scenarios", "evaluation_seeds", "baseline", "cost")
    said = json.dumps({key: results[key] for key in keys}, indent=2)
    yield f"<pre>{html.escape(said)}</pre>"


def _picture(draw: Callable[[Path], Path | None]) -> str:
    """A picture as part of the page; nothing where there is nothing to draw."""
    with tempfile.TemporaryDirectory() as folder:
        path = draw(Path(folder) / "picture.png")
        if path is None:
            return ""
        data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{ALT}" src="data:image/png;base64,{data}">'


def _table(results: Mapping[str, Any], name: str, scene: str | None = None) -> str:
    """A table of the results; nothing where it has no rows."""
    tables = {**results["tables"], "times": results["times"]}
    rows = [row for row in tables[name] if scene is None or row["scenario"] == scene]
    if not rows:
        return ""
    columns = [c for c in list_columns(name, results) if scene is None or c.key != "scenario"]
    head = "".join(f"<th>{html.escape(column.head)}</th>" for column in columns)
    lines = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{head}</tr>{lines}</table></div>'


def _cells(row: Mapping[str, Any], columns: Sequence[Column]) -> str:
    return "".join(f"<td>{html.escape(show_cell(row, column))}</td>" for column in columns)
