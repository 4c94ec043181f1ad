"""What everything that may go wrong costs in simulation time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import ClassVar

from matplotlib.figure import Figure as Drawing

from agents.rules.atcs_match import AtcsMatch
from experiments.report.palette import save
from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.variants import variant
from factory_env import Factory, Scenario, step_through
from factory_env.sim.plant.tables import PlantTables

LIMIT = 1.5
EVERYTHING, SAME_CALM, DEFAULT = "real, rough", "real, calm", "default, calm"
VARIANTS = {
    EVERYTHING: ("real", "rough"),
    SAME_CALM: ("real", "calm"),
    DEFAULT: ("default", "calm"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruptions:
    """Interleaved runs: the three variants take turns, each turn with a seed of its own."""

    title: ClassVar[str] = "What disruptions cost in computing time"
    place: ClassVar[int] = 120
    seconds: ClassVar[float] = 20.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("disruptions_cost", "disruptions_cost_same_scenario")
    plant: str = "mid"
    repeats: int = 15
    days: int = 60

    def run(self, context: Context) -> CheckResult:
        scenarios = {
            name: variant(self.plant, scenario, disruptions, {"horizon_days": self.days})
            for name, (scenario, disruptions) in VARIANTS.items()
        }
        spent, asked = self._measured(scenarios, context)
        return self._told(spent, asked, context)

    def _measured(
        self, scenarios: dict[str, Scenario], context: Context
    ) -> tuple[dict[str, list[float]], dict[str, float]]:
        """Seconds of every run, and questions of a run on average, by variant."""
        tables = {name: Factory(s, 0).tables for name, s in scenarios.items()}
        for name, scenario in scenarios.items():
            _seconds(scenario, tables[name], 0)  # compiled code is loaded
        spent: dict[str, list[float]] = {name: [] for name in scenarios}
        decisions = dict.fromkeys(scenarios, 0)
        for seed in range(1, self.repeats + 1):
            for name, scenario in scenarios.items():
                seconds, asked = _seconds(scenario, tables[name], seed)
                spent[name].append(seconds)
                decisions[name] += asked
            context.progress(seed / self.repeats)
        return spent, {name: count / self.repeats for name, count in decisions.items()}

    def _told(
        self, spent: dict[str, list[float]], per_run: dict[str, float], context: Context
    ) -> CheckResult:
        times = {name: median(s) for name, s in spent.items()}
        against_default = times[EVERYTHING] / times[DEFAULT]
        against_same = times[EVERYTHING] / times[SAME_CALM]
        return CheckResult(
            what="A factory in which everything goes wrong is worth little if nobody can afford "
            "to train on it.",
            how=f"Whole runs of the plant {self.plant} over {self.days} working days under one "
            f"rule, {self.repeats} seeds; the three variants take turns, and medians of their "
            "processor time are compared.",
            expected=f"Everything on (`scenario=real disruptions=rough`) at most {LIMIT} x the "
            "calm default.",
            found="; ".join(
                f"{name}: {times[name] * 1000:.0f} ms, {per_run[name]:.0f} questions"
                for name in times
            )
            + f". That is {against_default:.2f} x the calm default and {against_same:.2f} x the "
            "same scenario without disruptions. The real scenario also asks more: overtime every "
            "evening, orders in parts.",
            figures=(
                _figure(
                    "disruptions_cost", "everything on against the calm default", against_default
                ),
                _figure(
                    "disruptions_cost_same_scenario",
                    "the same against the same scenario, calm",
                    against_same,
                ),
            ),
            pictures=(_draw(spent, context),),
        )


def _seconds(scenario: Scenario, tables: PlantTables, seed: int) -> tuple[float, int]:
    """Processor seconds of a whole run, and how many questions it asked."""
    begin = process_time()
    factory, rule = Factory(scenario, seed, tables=tables), AtcsMatch()
    asked = 0
    for _ in step_through(factory, rule):
        asked += 1
    factory.log()
    return process_time() - begin, asked


def _figure(key: str, what: str, ratio: float) -> Figure:
    return Figure(
        key=key,
        what=f"simulation time, {what}",
        target=f"at most {LIMIT} x",
        measured=f"{ratio:.2f} x",
        value=ratio,
        met=ratio <= LIMIT,
    )


def _draw(spent: dict[str, list[float]], context: Context) -> Picture:
    figure = Drawing(figsize=(6.5, 2.4), layout="constrained")
    axes = figure.subplots()
    axes.boxplot(
        [[1000 * s for s in times] for times in spent.values()],
        tick_labels=list(spent),
        orientation="horizontal",
    )
    axes.set_xlim(left=0)
    axes.set_xlabel("processor time of a run, ms")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return Picture(
        file=save(figure, context.pictures / "disruptions.png"),
        caption="Simulation time of a run: scenario and disruptions.",
    )


PLUG = Disruptions
