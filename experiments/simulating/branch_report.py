"""A run and its branch side by side: KPI table, picture, and the summary's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from experiments.report.flow_charts import wip_by_stage
from experiments.report.in_short import COUNTS, MOST_LATE
from experiments.report.palette import GREY, as_days, day_axis, save
from experiments.report.tables.orders import LateOrder, late_orders
from experiments.simulating.branch import Branch
from factory_env.domain.records import RunLog
from factory_env.errors import one_line
from factory_env.kpi.table import LABELS, kpis
from factory_env.logfile import load_log

Floats = NDArray[np.float64]
POINTS: Final = 1200
WIDTH: Final = 100  # of the table, in characters
BRANCH_COLOUR: Final = "#0072B2"
RUN_COLOUR: Final = "#222222"
VERDICT: Final = {1: "better", -1: "worse", 0: ""}


def report_branch(
    branch: Branch, log: RunLog, agent: str, folder: Path, *, pictures: bool
) -> dict[str, Any]:
    """Print the table, draw ``branch.png``, return what the summary says beside the KPIs."""
    # both as read from their folders: equal runs then have equal KPIs to the last bit
    before, after = kpis(branch.log), kpis(load_log(folder / "log"))
    names = f"run:\n{branch.agent}", f"branch:\n{agent}"
    luck = "the same luck" if branch.fresh_seed is None else f"fresh luck, seed {branch.fresh_seed}"
    title = f"{branch.folder}, from {branch.text} on under {agent} ({luck})"
    Console(width=WIDTH).print(branch_table(before, after, names, title))
    print(compare_late(late_orders(branch.log), late_orders(log)))
    if pictures:
        print(f"side by side: {draw_branch(branch, log, agent, folder)}")
    return {
        "branch_of": str(branch.folder),
        "branch_min": branch.at_min,
        "branch_text": branch.text,
        "fresh_seed": branch.fresh_seed,
        "original_agent": branch.agent,
        "original": before,
        "difference": {key: after[key] - before[key] for key in after},
    }


def compare_late(before: Sequence[LateOrder], after: Sequence[LateOrder]) -> str:
    """Which orders turn late in the branch, and which no longer are, by name."""
    was, now = ([order.name for order in late] for late in (before, after))
    worse = [name for name in now if name not in was]
    saved = [name for name in was if name not in now]
    return f"orders that turn late: {_names(worse)}; no longer late: {_names(saved)}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_LATE
    shown = ", ".join(one_line(name) for name in names[:MOST_LATE])
    return (shown or "none") + (f" and {more} more" if more > 0 else "")


def branch_table(
    before: Mapping[str, float], after: Mapping[str, float], names: tuple[str, str], title: str
) -> Table:
    """The KPIs of both futures, and the difference; what is 0 in both is left out."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("KPI")
    for name in (*names, "difference"):
        table.add_column(name, justify="right")
    table.add_column("unit")
    table.add_column("")
    for key, value in after.items():
        label, unit, sign = LABELS[key]
        if value == 0.0 and before[key] == 0.0:
            continue
        scale = 100.0 if unit == "share" else 1.0
        is_large = max(abs(value), abs(before[key])) >= 100.0
        is_count = unit in COUNTS and float(value).is_integer() and before[key].is_integer()
        digits = 0 if scale == 1.0 and (is_large or is_count) else 1
        change = round(scale * (value - before[key]), digits)
        verdict = VERDICT[int(np.sign(sign * change))]
        table.add_row(
            label,
            f"{scale * before[key]:,.{digits}f}",
            f"{scale * value:,.{digits}f}",
            f"{change:+,.{digits}f}" if change else "0",
            "%" if unit == "share" else unit,
            verdict,
            style={"better": "green", "worse": "red"}.get(verdict),
        )
    return table


def draw_branch(branch: Branch, log: RunLog, agent: str, folder: Path) -> Path:
    """Overdue orders and work in progress over time: one past, two futures."""
    figure = Figure(figsize=(13.0, 6.6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    last_min = max(branch.log.end_min, log.end_min)
    name = f"branch: {agent}" + (", other luck" if branch.fresh_seed is not None else "")
    for axes, curve, label in (
        (upper, overdue_usd, "value of overdue orders\nnot yet shipped, USD"),
        (lower, wip_pieces, "pieces in process"),
    ):
        _futures(axes, curve, branch, log, name)
        axes.set_ylabel(label)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.set_ylim(bottom=0)
        day_axis(axes, as_days(last_min), branch.first_day, branch.past.scenario.calendar)
    upper.set_xlabel("")
    upper.annotate(
        f" branch, {branch.text}",
        (as_days(branch.at_min), 1.0),
        va="top",
        fontsize=9,
        xycoords=("data", "axes fraction"),
    )
    figure.suptitle(_headline(branch, log, agent), x=0.01, ha="left", fontsize=12)
    handles, names = upper.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3, fontsize=10, frameon=False)
    return save(figure, folder / "branch.png")


def _headline(branch: Branch, log: RunLog, agent: str) -> str:
    before, after = kpis(branch.log), kpis(log)
    cost, was = after["total_cost_usd"], before["total_cost_usd"]
    share = f" ({(cost - was) / was:+.0%})" if was > 0 else ""
    what = "scheduling and energy" if log.cost_usd.get("energy") else "scheduling"
    luck = "the same luck"
    if branch.fresh_seed is not None:
        luck = "and other luck: the difference is both"
    return (
        f"{agent} instead of {branch.agent} from {branch.text} on, {luck}\n"
        f"cost of {what} {was:,.0f} -> {cost:,.0f} USD{share}, "
        f"orders on time {before['on_time_share']:.0%} -> {after['on_time_share']:.0%}"
    )


def _futures(axes: Axes, curve: Any, branch: Branch, log: RunLog, name: str) -> None:
    at = branch.at_min
    past_min = np.linspace(0.0, at, POINTS)
    axes.plot(
        as_days(past_min),
        curve(branch.log, past_min),
        color=GREY,
        linewidth=1.6,
        label="shared past",
    )
    for which, colour, dash, label in (
        (log, BRANCH_COLOUR, "-", name),
        (branch.log, RUN_COLOUR, "--", f"run as it was: {branch.agent}"),
    ):
        minutes = np.linspace(at, which.end_min, POINTS)
        axes.plot(
            as_days(minutes),
            curve(which, minutes),
            color=colour,
            linestyle=dash,
            linewidth=2.0,
            label=label,
        )
    axes.axvline(as_days(at), color=GREY, linewidth=1.0, linestyle=":")


def overdue_usd(log: RunLog, at_min: Floats) -> Floats:
    """Value of orders past their due date and still here [USD], shape (n,)."""
    orders = log.tables["orders"]
    value = orders["quantity"] * orders["price_usd"]
    due = orders["due_min"]
    left = np.fmin(orders["shipped_min"], orders["cancelled_min"])  # NaN = neither
    left = np.where(np.isnan(left), np.inf, left)
    late = left > due
    became = _total(due[late], value[late], at_min)
    return became - _total(left[late], value[late], at_min)


def wip_pieces(log: RunLog, at_min: Floats) -> Floats:
    """Pieces between cutting and shipment, shape (n,)."""
    return np.asarray(np.maximum(0.0, np.sum(wip_by_stage(log, at_min), axis=0)))


def _total(times: Floats, values: Floats, at_min: Floats) -> Floats:
    order = np.argsort(times, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(values[order])])
    return np.asarray(total[np.searchsorted(times[order], at_min, side="right")])
