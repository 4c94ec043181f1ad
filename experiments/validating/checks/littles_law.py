"""Little's law: numbers counted live at every stage, against rate x mean time from the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from agents.rules.atcs_match import AtcsMatch
from experiments.report.palette import LATE, save
from experiments.validating.check import CheckResult, Context, Figure, Picture, power
from factory_env import Factory, RunLog, Scenario, load_scenario, play

Floats = NDArray[np.float64]
SEED = 2
TOLERANCE = 0.01
# stage -> what is counted, table, columns of the log between which it is there
STAGES = {
    "cutting": ("orders", "release_min", "ready_min"),
    "waiting for a line": ("orders", "ready_min", "taken_min"),
    "line": ("pieces", "taken_min", "sewn_min"),
    "gate": ("lots", "sewn_min", "repaired_min"),
    "pressing": ("lots", "repaired_min", "pressed_min"),
    "packing": ("lots", "pressed_min", "packed_min"),
    "house": ("orders", "release_min", "shipped_min"),
}


@dataclass(slots=True)
class Counter:
    """Integral of a number over time."""

    inside: int = 0
    area_min: float = 0.0
    since_min: float = 0.0

    def add(self, change: int, now_min: float) -> None:
        """From now on so many more, or fewer, are inside."""
        self.area_min += self.inside * (now_min - self.since_min)
        self.inside += change
        self.since_min = now_min


def watched_run(scenario: Scenario) -> tuple[RunLog, dict[str, Counter]]:
    """A whole run, and the numbers counted at its doors while it ran; they know no log."""
    counters = {stage: Counter() for stage in STAGES}
    factory = Factory(scenario, SEED)

    def change(place: str, more: int, now_min: float) -> None:
        counters[place].add(more, now_min)

    factory.watch(change)
    log = play(factory, AtcsMatch())
    # packing is done with the last lot in the minute in which the run ends
    for counter in counters.values():
        counter.add(0, factory.now_min)
    return log, counters


def rate_times_stay(log: RunLog, stage: str) -> float:
    """Mean number inside by the log: arrivals per minute x mean minutes inside."""
    what, first, last = STAGES[stage]
    orders, lots = log.tables["orders"], log.tables["lots"]
    if what == "pieces":
        pieces = lots["pieces"].astype(float)
        stay = lots["sewn_min"] - orders["taken_min"][lots["order"]]
        return float(pieces.sum() / log.end_min * np.average(stay, weights=pieces))
    table = orders if what == "orders" else lots
    stay = table[last] - table[first]
    return float(stay.shape[0] / log.end_min * stay.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A stage of a plant."""

    plant: str
    stage: str
    counted: float
    by_log: float

    @property
    def error(self) -> float:
        return abs(self.by_log / self.counted - 1.0) if self.counted > 0 else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class LittlesLaw:
    """One run of each plant to the last shipment."""

    title: ClassVar[str] = "Little's law"
    place: ClassVar[int] = 20
    seconds: ClassVar[float] = 3.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("littles_law_max_error",)
    plants: tuple[str, ...] = ("small", "mid")
    days: int = 90  # working days: long enough to ship everything

    def run(self, context: Context) -> CheckResult:
        rows: list[Row] = []
        for number, plant in enumerate(self.plants):
            scenario = load_scenario(plant, overrides={"horizon_days": self.days})
            log, found = watched_run(scenario)
            assert log.finished, f"{plant}: not everything was shipped"
            rows += [
                Row(
                    plant=plant,
                    stage=stage,
                    counted=counter.area_min / log.end_min,
                    by_log=rate_times_stay(log, stage),
                )
                for stage, counter in found.items()
            ]
            context.progress((number + 1) / len(self.plants))
        worst = max(rows, key=lambda r: r.error)
        return CheckResult(
            what="At every stage the mean number inside must equal arrivals per minute times the "
            "mean time inside. The law holds for any queue, so a breach means that log and "
            "factory disagree.",
            how=f"One run of the plants {' and '.join(self.plants)} until everything is shipped. "
            "Numbers are counted *live*, by watching orders, pieces and lots pass the doors of "
            "the stations; rates and times come from the log. The two know nothing of each "
            "other. Runs begin and end empty, so the law has no excuse of edge effects.",
            expected=f"At most {TOLERANCE:.0%} apart at each of {len(STAGES)} stages.",
            found=f"At most {power(worst.error)} apart ({worst.plant}, {worst.stage}).\n\n"
            + _table(rows),
            figures=(
                Figure(
                    key="littles_law_max_error",
                    what=f"largest relative difference, {len(rows)} stages",
                    target="at most 1 %",
                    measured=f"{power(worst.error)}",
                    value=worst.error,
                    met=worst.error <= TOLERANCE,
                ),
            ),
            pictures=(_draw(rows, context),),
        )


def _table(rows: list[Row]) -> str:
    lines = ["| plant | stage | counted live | rate x time by the log |", "|---|---|---|---|"]
    lines += [
        f"| {r.plant} | {r.stage} ({STAGES[r.stage][0]}) | {r.counted:,.3f} | {r.by_log:,.3f} |"
        for r in rows
    ]
    return "\n".join(lines)


def _draw(rows: list[Row], context: Context) -> Picture:
    figure = Drawing(figsize=(9.0, 3.4), layout="constrained")
    axes = figure.subplots()
    at = np.arange(len(rows))
    axes.bar(
        at,
        [r.by_log for r in rows],
        width=0.7,
        color="#CCDDEE",
        label="rate x mean time, from the log",
    )
    axes.plot(
        at,
        [r.counted for r in rows],
        "_",
        color=LATE,
        markersize=16,
        markeredgewidth=2,
        label="counted live",
    )
    axes.set_yscale("log")
    axes.set_xticks(at, [f"{r.stage}\n{r.plant}" for r in rows], fontsize=7, rotation=45)
    axes.set_ylabel("mean number inside")
    axes.legend(fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return Picture(
        file=save(figure, context.pictures / "littles_law.png"),
        caption="Mean numbers inside each stage, counted and by Little's law (log scale).",
    )


PLUG = LittlesLaw
