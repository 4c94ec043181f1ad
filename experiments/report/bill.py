"""The energy bill of a run: a table for the terminal, a picture, the summary's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from experiments.report.finished_run import FinishedRun
from experiments.report.palette import save
from experiments.report.plain_bill import bill_error_usd
from factory_env.domain.energy import EnergySetup
from factory_env.kpi.energy import BillLine, Kind, bill_lines, energy_kpis
from factory_env.units import MIN_PER_DAY

SHOWN_MONTHS: Final = 4
MOST_LINES: Final = 10  # of one kind on the terminal
# kind -> (what it is called, colour); Okabe and Ito
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "energy": ("energy", "#0072B2"),
    "demand": ("demand", "#D55E00"),
    "standing": ("standing charge", "#777777"),
    "export": ("credit for export", "#009E73"),
    "fuel": ("fuel", "#8C6D31"),
    "wear": ("battery wear", "#CC79A7"),
}


def energy_figures(run: FinishedRun) -> dict[str, Any]:
    """The summary's keys of the site; none without one."""
    setup = run.energy
    if setup is None:
        return {}
    figures = energy_kpis(run.log)
    return {
        "site": setup.site.name,
        "tariff": setup.tariff.name,
        "energy": run.site_agent,
        **figures,
        "peak_text": _peak_text(setup, figures),
        "bill_usd": {f"{line.kind}: {line.name}": line.usd for line in _lines(run, setup)},
        "bill_max_error": bill_error_usd(run.log, run.scenario),
    }


def print_energy(run: FinishedRun) -> None:
    """The bill and the energy figures; nothing without a site."""
    setup = run.energy
    if setup is None:
        return
    figures, console = energy_kpis(run.log), Console(width=100)
    console.print(bill_table(shorten_bill(_lines(run, setup)), _title(run, setup)))
    console.print(energy_text(figures, _peak_text(setup, figures)), highlight=False)


def _lines(run: FinishedRun, setup: EnergySetup) -> tuple[BillLine, ...]:
    days = run.calendar.calendar_days(run.scenario.horizon_days)
    return tuple(bill_lines(run.log, setup, days))


def shorten_bill(lines: Sequence[BillLine]) -> list[BillLine]:
    """The lines for a terminal: of a kind with very many bands the dearest, the others as one."""
    short: list[BillLine] = []
    for kind, group in groupby(lines, key=lambda line: line.kind):
        of_kind = list(group)
        ranked = sorted(of_kind, key=lambda line: -abs(line.usd))
        rest = ranked[MOST_LINES:]
        short += [line for line in of_kind if len(rest) < 2 or line not in rest]
        if len(rest) >= 2:
            kwh, usd = sum(line.kwh for line in rest), sum(line.usd for line in rest)
            short.append(BillLine(kind=kind, name=f"{len(rest)} more bands", kwh=kwh, usd=usd))
    return short


def _title(run: FinishedRun, setup: EnergySetup) -> str:
    return f"Energy: site {setup.site.name} under {run.site_agent}, tariff {setup.tariff.name}"


def _peak_text(setup: EnergySetup, figures: Mapping[str, float]) -> str:
    return moment(figures["peak_min"], date.fromisoformat(setup.site.first_day))


def moment(wall_min: float, first_day: date) -> str:
    """A wall minute as people say it.

    >>> moment(1440 + 600, date(2026, 6, 1))
    'Tue 02 Jun 2026 10:00'
    """
    day, minute = divmod(round(wall_min), int(MIN_PER_DAY))
    at = first_day + timedelta(days=day)
    return f"{at:%a %d %b %Y} {minute // 60:02d}:{minute % 60:02d}"


def bill_table(lines: Sequence[BillLine], title: str) -> Table:
    """Every part with what was measured, its price and its share."""
    total = sum(line.usd for line in lines)
    table = Table(title=title, title_justify="left")
    table.add_column("part of the bill")
    for name in ("measured", "USD", "share"):
        table.add_column(name, justify="right")
    for i, line in enumerate(lines):
        is_last = i + 1 == len(lines) or lines[i + 1].kind != line.kind
        table.add_row(
            label(line),
            measured(line),
            f"{line.usd:,.0f}",
            _share(line.usd, total),
            end_section=is_last,
        )
    table.add_row("in all", "", f"{total:,.0f}", _share(total, total), style="bold")
    return table


def label(line: BillLine) -> str:
    """A part of the bill in words."""
    name = line.name.replace("_", " ")
    if line.kind in ("energy", "demand"):
        return f"{line.kind}, {name}"
    return {
        "contract": "contracted load",
        "fixed": "fixed charge",
        "export": "fed into the grid",
        "gas": "gas of the boiler",
        "diesel": "diesel",
    }.get(name, name)


def measured(line: BillLine) -> str:
    """What the meter says about it."""
    if line.kwh:
        return f"{line.kwh:,.0f} kWh"
    if len(line.month_kw) > SHOWN_MONTHS:
        return f"up to {max(line.month_kw):,.0f} kW"
    return " + ".join(f"{kw:,.0f}" for kw in line.month_kw) + (" kW" if line.month_kw else "")


def energy_text(found: dict[str, float], when: str) -> str:
    """What was used and how much of it is in a piece; the rest stands in the workbook."""
    text = (
        f"{found['kwh']:,.0f} kWh used, {found['kwh_per_piece']:.2f} kWh a piece; highest demand "
        f"{found['peak_kw']:,.0f} kW, {when}; {found['co2_kg']:,.0f} kg CO2"
    )
    if found["pv_kwh"]:
        text += f"; the sun offered {found['pv_kwh']:,.0f} kWh"
    return text


def draw_bill(run: FinishedRun, setup: EnergySetup, folder: Path) -> Path:
    """Every part of the bill as a bar, in the order of the bill."""
    lines, figures = _lines(run, setup), energy_kpis(run.log)
    total = sum(line.usd for line in lines)
    figure = Figure(figsize=(10.6, 2.0 + 0.45 * len(lines)), layout="constrained")
    axes = figure.subplots()
    names = [label(line) for line in lines]
    values = [line.usd for line in lines]
    colours = [KINDS[line.kind][1] for line in lines]
    bars = axes.barh(range(len(lines)), values, color=colours, height=0.66)
    notes = [
        f"{line.usd:,.0f} USD ({_share(line.usd, total)})" + (f"  {text}" if text else "")
        for line in lines
        for text in [measured(line)]
    ]
    axes.bar_label(bars, notes, padding=5, fontsize=9)
    axes.set_yticks(range(len(lines)), names)
    axes.invert_yaxis()
    axes.set_xlim(min([*values, 0.0]) * 1.05, max([*values, 1.0]) * 1.62)
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("USD over the whole run (kW: the highest of each month)")
    axes.set_title(
        f"{_title(run, setup)}\n"
        f"{total:,.0f} USD in all, {figures['energy_usd_per_piece']:.3f} USD, "
        f"{figures['kwh_per_piece']:.2f} kWh and {figures['co2_kg_per_piece']:.2f} kg CO2 a piece",
        loc="left",
        fontsize=11,
        fontweight="bold",
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return save(figure, folder / "bill.png")


def _share(usd: float, total: float) -> str:
    return f"{usd / total:.0%}" if total > 0.0 else "-"
