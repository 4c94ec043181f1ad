"""Does inspection still flag as it did? The daily share of flagged pieces with its limits."""

from __future__ import annotations

from matplotlib.axes import Axes

from experiments.report.palette import GREY, LATE
from factory_env.domain.records import RunLog
from factory_env.kpi.control_chart import ControlChart, flagged_chart

FLAGGED = "#332288"


def daily_chart(log: RunLog) -> ControlChart | None:
    """The chart of a run; None if nothing was sewn in its first two weeks, or nobody inspects."""
    try:
        chart = flagged_chart(log)
    except ValueError:
        return None
    return chart if chart.share.any() else None


def chart_figures(log: RunLog) -> dict[str, int]:
    """``inspection_days`` on the chart, and ``inspection_days_out`` of them beyond its limits."""
    chart = daily_chart(log)
    if chart is None:
        return {}
    return {"inspection_days": len(chart.day), "inspection_days_out": int(chart.is_out.sum())}


def draw_chart(axes: Axes, log: RunLog) -> None:
    """Days beyond the limits are marked: light, styles or defects are not what they were."""
    chart = daily_chart(log)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("day of the run (day 0 is a Monday)")
    axes.set_ylabel("of 100 pieces")
    if chart is None:
        axes.set_title(
            "Day by day: too little was inspected for a chart", loc="left", fontweight="bold"
        )
        return
    axes.fill_between(
        chart.day,
        100 * chart.low,
        100 * chart.high,
        color="#DDDDDD",
        linewidth=0,
        label="usual range for the day's products (three standard deviations)",
    )
    axes.plot(chart.day, 100 * chart.centre, "--", color=GREY, label="usual in the first two weeks")
    axes.plot(
        chart.day, 100 * chart.share, "o-", color=FLAGGED, markersize=4, label="sent to the bench"
    )
    out = chart.is_out
    if out.any():
        axes.plot(
            chart.day[out],
            100 * chart.share[out],
            "X",
            color=LATE,
            markersize=9,
            label="outside: light, styles or defects have changed",
        )
    axes.set_ylim(0.0, 1.25 * axes.get_ylim()[1])
    axes.legend(fontsize=9, frameon=False, ncols=4, loc="upper left")
    axes.set_title(_verdict(chart), loc="left", fontweight="bold", fontsize=11)


def _verdict(chart: ControlChart) -> str:
    days = int(chart.is_out.sum())
    said = f"{days} of {len(chart.is_out)} days are not" if days else "all days are"
    return f"Does the inspector still judge as in its first two weeks? {said} in the usual range"
