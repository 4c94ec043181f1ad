"""What every policy costs more or less than the baseline, seed by seed, scenario by scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from experiments.report.canvas import save
from experiments.report.palette import GREY
from experiments.studying.pictures.look import (
    give_colours,
    leave_room,
    open_rows,
    write_beside,
    write_title,
)

LEVEL: Final = 0.05  # of the corrected test


def draw_differences(results: Mapping[str, Any], scene: str, path: Path) -> Path | None:
    """Cheapest on top; grey where luck alone could make the difference. None without any."""
    rows = [row for row in results["tables"]["differences"] if row["scenario"] == scene]
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: row["difference_usd"])
    colours = give_colours(results["policies"])
    figure, (axes,) = open_rows([row["policy"] for row in rows], panels=1)
    axes.axvline(0.0, color="black", linewidth=0.8, zorder=0)
    for i, row in enumerate(rows):
        value, low, high = (
            row[key] / 1000
            for key in ("difference_usd", "difference_usd_ci_low", "difference_usd_ci_high")
        )
        is_luck = row["p_holm"] > LEVEL
        colour = GREY if is_luck else colours[row["policy"]][0]
        axes.plot([low, high], [i, i], color=colour, linewidth=2.5, solid_capstyle="butt")
        axes.plot(value, i, "o", color=colour, markersize=6)
        is_apart = low > 0.0 or high < 0.0
        doubt = ", too few seeds to be sure" if is_apart else ", not distinguishable"
        words = f"{value:+,.2f}" + (doubt if is_luck else "")
        write_beside(axes, max(high, value), i, words, colour)
    leave_room(axes, 0.25)
    axes.set_xlabel("1,000 USD a run, 95 % interval")
    write_title(figure, f"{scene}: dearer or cheaper than {rows[0]['against']}, seed by seed")
    return save(figure, path)
