"""One HTML file that needs nothing else: text, styles, figures and plotly.js inside."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from experiments.futures.report.section import Chart, Page
from factory_env.whole_file import write_whole_text


def write_html(page: Page, path: Path) -> Path:
    """The page, whole or not at all."""
    write_whole_text(path, render_page(page))
    return path


def render_page(page: Page) -> str:
    """The page's text."""
    charts = [part for s in page.sections for part in s.parts if isinstance(part, Chart)]
    numbers = {id(chart): number for number, chart in enumerate(charts)}
    return str(
        _templates()
        .get_template("page.html.j2")
        .render(
            page=page,
            chart_number=lambda chart: numbers[id(chart)],
            is_chart=lambda part: isinstance(part, Chart),
            plots=script_json([chart.plot for chart in charts]),
            facts=script_json(page.facts),
            plotly=_plotly() if charts else "",
        )
    )


def script_json(value: Any) -> str:
    """JSON that may stand in a script element, whatever texts it holds."""
    text = json.dumps(plain_value(value), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def plain_value(value: Any) -> Any:
    """Numbers of six figures, dates as text; what is not finite becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(inner) for key, inner in value.items()}
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return plain_value(value.tolist())
    if isinstance(value, Sequence):
        return [plain_value(inner) for inner in value]
    if isinstance(value, float):
        return _short(value)
    return value


def _short(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return value if value.is_integer() else float(f"{value:.7g}")


def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("experiments.futures.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bind"] = bind_units
    return environment


def bind_units(text: str) -> str:
    """A number and its unit stay on one line."""
    for unit in ("%", "USD", "points"):
        text = text.replace(f" {unit}", f"\N{NO-BREAK SPACE}{unit}")
    return text


@cache
def _plotly() -> str:
    """The library's own file, without importing it: that takes a second."""
    return (resources.files("plotly") / "package_data/plotly.min.js").read_text(encoding="utf-8")
