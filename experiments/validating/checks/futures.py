"""Futures: intervals hold the truth 19 times in 20, and a variant shares all luck of its base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing

from agents.rules.atcs_match import AtcsMatch
from experiments.futures.statistics.differences import paired_difference
from experiments.report.palette import GREY, PRODUCT, save
from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.coverage import COST, Coverage, average, measure_coverage
from experiments.validating.luck_pool import BASE, Pool, make_variants, play_pool
from factory_env import Factories, play
from factory_env.kpi.table import kpis

LOW, HIGH = 0.93, 0.97
POOL_SHARE = 0.9  # of the time of the check


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """Plays a pool of runs, takes 400 studies out of it, and asks the base against itself."""

    title: ClassVar[str] = "Futures"
    place: ClassVar[int] = 115
    seconds: ClassVar[float] = 40.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = (
        "coverage_95",
        "coverage_differences",
        "coverage_on_time",
        "coverage_ship_dates",
        "coverage_stopped",
        "equal_variant_differs_by",
        "common_luck_spares",
    )
    plant: str = "small"
    days: int = 30
    seeds: int = 300
    studies: int = 400
    runs: int = 20

    def run(self, context: Context) -> CheckResult:
        variants = make_variants(self.plant, self.days, "normal")
        pool = play_pool(variants, self.seeds, lambda s: context.progress(POOL_SHARE * s))
        coverage = measure_coverage(pool, self.studies, self.runs)
        context.progress(0.97)
        largest = self._differ_from_itself(pool)
        spared = {name: _spare(pool, name) for name in pool.variants}
        picture = _draw(coverage, context)
        context.progress(1.0)
        return self._tell(pool, coverage, largest, spared, picture)

    def _differ_from_itself(self, pool: Pool) -> float:
        """The base made anew and played as a variant: the largest end of any interval."""
        make = Factories(make_variants(self.plant, self.days, "normal")[BASE])
        book = tuple(make(0).book.orders)
        rows = [kpis(play(make(seed, orders=book), AtcsMatch())) for seed in range(self.runs)]
        ends = [0.0]
        for key, values in pool.figures[BASE].items():
            again = np.array([row[key] for row in rows])
            if not np.isnan(again).all():
                ends += map(abs, paired_difference(values[: self.runs], again))
        return float(np.max(ends))  # NaN if one is

    def _tell(
        self,
        pool: Pool,
        coverage: Coverage,
        largest: float,
        spared: Mapping[str, float],
        picture: Picture,
    ) -> CheckResult:
        names = " and ".join(f"{share:.1f} x ({name})" for name, share in spared.items())
        return CheckResult(
            what="Answers about the future carry 95 % intervals: of the difference that a variant "
            "makes (Student's of pairs under the same luck, wider where they are skewed), of the "
            "probability that an order is on time (Wilson's), and of ship dates (ranks).",
            how=f"One book of the plant {self.plant} is played under {self.seeds} seeds with "
            "`disruptions=normal`, by itself, with an hour of overtime a day, and with a tenth "
            f"fewer operators. {self.studies} studies of {self.runs} pairs each draw their seeds "
            "from this pool with replacement, so that the pool's own figures are the truth, "
            "exactly. In a second series runs are added until the interval of the cost is as "
            "narrow as asked. The base is also played against itself, made anew.",
            expected="93 to 97 % of the intervals hold the truth (ranks are whole: theirs may hold "
            "it more often); the base differs from itself by nothing at all.",
            found=f"{_percent(coverage.differences)} of the intervals of differences, "
            f"{_percent(coverage.on_time)} of those of P(on time), "
            f"{_percent(coverage.ship_dates)} of those of ship dates hold the truth, and "
            f"{_percent(coverage.stopped)} of those of the cost after "
            f"{coverage.runs_to_stop:.0f} runs on average. The base differs from itself by "
            f"{largest:g}. Without common luck the cost would take {names} the runs.\n\n"
            + _table(coverage),
            figures=_figures(coverage, largest, spared),
            pictures=(picture,),
        )


def _figures(coverage: Coverage, largest: float, spared: Mapping[str, float]) -> tuple[Figure, ...]:
    stopped = "of the cost difference, runs added until the interval is as narrow as asked"
    gain = "runs that the cost difference takes without common luck, as a multiple (least)"
    both = (average(coverage.differences), average(coverage.on_time))
    return (
        Figure(
            key="coverage_95",
            what="95 % intervals that hold the truth: mean of differences and P(on time)",
            target="93 to 97 %, both",
            measured=f"{100 * sum(both) / 2:.1f} %",
            value=sum(both) / 2,
            met=all(LOW <= share <= HIGH for share in both),
        ),
        _show_coverage("differences", "differences of figures", coverage.differences, HIGH),
        _show_coverage("on_time", "P(on time) of an order", coverage.on_time, HIGH),
        _show_coverage("ship_dates", "P50, P80, P95 of a ship date", coverage.ship_dates, 1.0),
        _show_coverage("stopped", stopped, coverage.stopped, HIGH, is_judged=False),
        Figure(
            key="equal_variant_differs_by",
            what="largest difference of a variant that equals its base, any figure",
            target="0 exactly",
            measured=f"{largest:g}",
            value=largest,
            met=largest == 0.0,
        ),
        Figure(
            key="common_luck_spares",
            what=gain,
            target="-",
            measured=f"{min(spared.values()):.2f}",
            value=min(spared.values()),
        ),
    )


def _show_coverage(
    key: str, what: str, shares: Mapping[str, float], most: float, is_judged: bool = True
) -> Figure:
    mean = average(shares)
    target = f"{100 * LOW:.0f} to {100 * most:.0f} %" if most < 1.0 else f"from {100 * LOW:.0f} %"
    return Figure(
        key=f"coverage_{key}",
        what=f"95 % intervals that hold the truth: {what}",
        target=target if is_judged else "-",
        measured=f"{100 * mean:.1f} %",
        value=mean,
        met=LOW <= mean <= most if is_judged else None,
    )


def _spare(pool: Pool, name: str) -> float:
    """Runs that independent luck would take, as a multiple."""
    apart = sum(float(pool.figures[v][COST].var()) for v in (BASE, name))
    return apart / float(pool.difference(name, COST).var())


def _percent(shares: Mapping[str, float]) -> str:
    return f"{100 * average(shares):.1f} %"


def _table(coverage: Coverage) -> str:
    rows = {
        **coverage.differences,
        **{f"ship date: {k}": v for k, v in coverage.ship_dates.items()},
    }
    lines = [f"| {name} | {100 * share:.1f} % |" for name, share in rows.items()]
    return "\n".join(("| interval | holds the truth |", "|---|---|", *lines))


def _draw(coverage: Coverage, context: Context) -> Picture:
    figure = Drawing(figsize=(7.5, 5.0), layout="constrained")
    axes = figure.subplots()
    names = [*coverage.differences]
    shares = [100 * coverage.differences[n] for n in names]
    axes.axvspan(100 * LOW, 100 * HIGH, color=GREY, alpha=0.15, label="93 to 97 %")
    axes.axvline(95.0, color=GREY, linewidth=1.0)
    axes.plot(shares, range(len(names)), "o", color=PRODUCT["polo"], label="of 400 studies")
    axes.set_yticks(range(len(names)), [n.replace("_", " ") for n in names], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(84.0, 100.0)
    axes.set_xlabel("intervals that hold the true difference (%)")
    axes.legend(loc="lower left", fontsize=8)
    return Picture(
        file=save(figure, context.pictures / "futures.png"),
        caption="How often the 95 % interval of a difference holds the truth, figure by figure.",
    )


PLUG = Futures
