"""What came of policies on the same seeds: tables, paired differences, a page, failures."""

from __future__ import annotations

import base64
import html
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.command.run_folder import write_text
from experiments.evaluating import statistics
from experiments.evaluating.failures import describe_failure
from experiments.evaluating.scheduling_report import draw
from experiments.evaluating.statistics import COST, SHOWN, Estimate, bootstrap_mean
from experiments.evaluating.tournament import Failure, Results
from factory_env.errors import InputError

STYLE: Final = """body{font:15px/1.45 system-ui,sans-serif;max-width:1150px;margin:2em auto;
padding:0 1em;color:#222}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #ddd;vertical-align:top}
th:first-child{text-align:left}img{max-width:100%}pre{background:#f4f4f4;padding:.7em;
overflow:auto}h2{margin-top:1.6em;font-size:1.15em}"""


@dataclass(frozen=True)
class PolicyComparison:
    """Figures of those who played all seeds, and who failed; see `compare`."""

    results: tuple[Results, ...]
    failures: tuple[Failure, ...]
    title: str

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row a policy, cheapest first: means with 95 % intervals [units in the names].

        ``more_usd`` is the total cost minus that of the cheapest, seed by seed; the last column
        says whether these runs can tell the two apart.
        """
        rows = []
        for row in self._rows():
            cells: dict[str, Any] = {"policy": row["policy"]}
            for key in SHOWN:
                cells |= _spread(key, row[key])
            cells |= _spread("more_usd", row["from_best"])
            cells["is_told_apart"] = not row["from_best"].holds_zero
            rows.append(cells)
        return pd.DataFrame(rows).set_index("policy") if rows else pd.DataFrame()

    def differences(self, to: str | None = None, key: str = COST) -> pd.DataFrame:
        """Every other policy's figure minus that of one policy, seed by seed, with 95 % intervals.

        Parameters
        ----------
        to
            Its name; None = the one with the lowest mean.
        key
            A column of `by_seed`.

        Raises
        ------
        InputError
            If no such policy has played, or there is no such figure.
        """
        by_name = {r.name: r for r in self.results}
        if not by_name:
            return pd.DataFrame()
        base = to or min(self.results, key=lambda r: r.columns[COST].mean()).name
        known = next(iter(by_name.values())).columns
        for word, field, names in ((base, "to", by_name), (key, "key", known)):
            if word not in names:
                right = f"one of {', '.join(names)}"
                raise InputError.of("compare", field, "must be known", repr(word), right)
        other = by_name[base].columns[key]
        rows = [
            {"policy": r.name, "to": base}
            | _spread(f"{key}_difference", bootstrap_mean(r.columns[key] - other))
            | {"seeds_lower_share": float((r.columns[key] < other).mean())}
            for r in self.results
            if r.name != base
        ]
        return pd.DataFrame(rows).set_index("policy") if rows else pd.DataFrame()

    @cached_property
    def by_seed(self) -> pd.DataFrame:
        """Every KPI of every run, by policy and seed."""
        frames = [
            pd.DataFrame(dict(r.columns)).assign(policy=r.name, seed=r.seeds) for r in self.results
        ]
        return pd.concat(frames).set_index(["policy", "seed"]) if frames else pd.DataFrame()

    def to_csv(self, path: str | Path) -> Path:
        """Write the table; returns its path."""
        write_text(Path(path), self.table.to_csv())
        return Path(path)

    def to_html(self, path: str | Path | None = None) -> str:
        """One page with picture, tables and failures that needs no other file; returns its text.

        Parameters
        ----------
        path
            Where it is written to; None = nowhere.
        """
        seeds = len(self.results[0].seeds) if self.results else 0
        parts = [f"<h1>{html.escape(self.title)}</h1>"]
        if self.results:
            parts += [
                f"<p>The same {seeds} seeds for all; intervals are of 95 %.</p>",
                f'<img alt="cost, difference and orders on time" src="{self._picture()}">',
                "<h2>Means</h2>",
                self._means(),
                "<h2>Total cost against the cheapest, seed by seed</h2>",
                self.differences().to_html(float_format=_number, border=0),
            ]
        parts += [
            f"<h2>Failed: {html.escape(f.name)}</h2><pre>{html.escape(describe_failure(f))}</pre>"
            for f in self.failures
        ]
        head = f"<title>{html.escape(self.title)}</title><style>{STYLE}</style>"
        text = f'<!doctype html><meta charset="utf-8">{head}<body>{"".join(parts)}</body>\n'
        if path is not None:
            write_text(Path(path), text)
        return text

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return self._means() if self.results else "nobody came to the end"

    def _rows(self) -> list[dict[str, Any]]:
        return statistics.table(self.results) if self.results else []

    def _means(self) -> str:
        means = self.table[[c for c in self.table if not str(c).endswith(("_low", "_high"))]]
        return str(means.to_html(float_format=_number, border=0))

    def _picture(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "comparison.png"
            rows = self._rows()
            draw(rows, path, episodes=len(self.results[0].seeds), title=self.title)
            return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _spread(key: str, value: Estimate) -> dict[str, float]:
    return {key: value.mean, f"{key}_low": value.low, f"{key}_high": value.high}


def _number(value: float) -> str:
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
