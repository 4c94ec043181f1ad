"""Does inspection still flag as it did? The daily share of flagged pieces with its limits."""

from __future__ import annotations

from matplotlib.axes import Axes

from experiments.report.palette import GREY, LATE
from factory_env.domain.records import RunLog
from factory_env.kpi.control_chart import ControlChart, flagged_chart

FLAGGED = "#332288"


def chart_of(log: RunLog) -> ControlChart | None:
    """The chart of a run; None if nothing was sewn in its first two weeks, or nobody inspects."""
    try:
        chart = flagged_chart(log)
    except ValueError:
        return None
    return chart if chart.share.any() else None


def chart_figures(log: RunLog) -> dict[str, int]:
    """``inspection_days`` on the chart, and ``inspection_days_out`` of them beyond its limits."""
    chart = chart_of(log)
    if chart is None:
        return {}
    return {"inspection_days": len(chart.day), "inspection_days_out": int(chart.is_out.sum())}


def draw_chart(axes: Axes, log: RunLog) -> None:
    """Days beyond the limits are marked: light, styles or defects are not what they were."""
    chart = chart_of(log)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("calendar day of the run")
    axes.set_ylabel("pieces flagged, %")
    if chart is None:
        axes.set_title("No chart: too little was inspected", loc="left", fontweight="bold")
        return
    axes.fill_between(
        chart.day,
        100 * chart.low,
        100 * chart.high,
        color="#DDDDDD",
        linewidth=0,
        label="three-sigma limits for the day's products",
    )
    axes.plot(chart.day, 100 * chart.centre, "--", color=GREY, label="expected from days 0 to 13")
    axes.plot(chart.day, 100 * chart.share, "o-", color=FLAGGED, markersize=4, label="flagged")
    out = chart.is_out
    if out.any():
        axes.plot(
            chart.day[out],
            100 * chart.share[out],
            "X",
            color=LATE,
            markersize=9,
            label="out of control",
        )
    axes.set_ylim(0.0, 1.25 * axes.get_ylim()[1])
    axes.legend(fontsize=9, frameon=False, ncols=4, loc="upper left")
    axes.set_title(
        f"Flagged pieces by day of sewing: {int(out.sum())} of {len(out)} days out of control",
        loc="left",
        fontweight="bold",
    )
