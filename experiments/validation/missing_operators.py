"""A tenth of the operators is missing: what the line loses, re-balanced and not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from agents.rules.fifo import Fifo
from experiments.report.palette import LATE, save
from experiments.validation.check import CheckResult, Context, Figure, Picture
from experiments.validation.rush import PEOPLE, polo_line
from experiments.validation.toy import toy_order
from factory_env import Factory, Scenario, load_scenario, simulate
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.people import Absence, Rebalance
from factory_env.sim.crew_today import Mode, stations_today, today_capacity
from factory_env.sim.line_flow import PassInput, run_pass
from factory_env.sim.streams import Streams
from factory_env.sim.tables import PlantTables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
MISSING = PEOPLE // 10
SPREAD = 0.03  # of output; people and stations are whole, so a tenth is not exactly a tenth
APART = 0.01  # a pass of finite length against the capacity
SEED = 0
BUNDLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Output over that of the full line, minus 1, for every draw of missing people."""

    capacity: Floats  # by the code that arranges people every morning
    passed: Floats  # by passes through the compiled line; NaN where two stations shared a crew


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingOperators:
    """Random tenths of a line's people; then whole factory runs with a tenth absent daily."""

    title: ClassVar[str] = "A tenth of the operators is missing"
    place: ClassVar[int] = 70
    seconds: ClassVar[float] = 10.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = (
        "minus_tenth_rebalanced",
        "minus_tenth_kept",
        "minus_tenth_even",
        "minus_tenth_pass_difference",
    )
    draws: int = 400
    pieces: int = 12_000

    def run(self, context: Context) -> CheckResult:
        scenario = graded_line()
        tables = Factory(scenario, SEED, orders=[]).world.tables
        shift, keep = (self._losses(tables, mode) for mode in ("shift", "keep"))
        context.progress(0.6)
        whole = {m: self._factory_loss(scenario, m) for m in ("even", "shift", "keep")}
        context.progress(1.0)
        means = float(shift.capacity.mean()), float(keep.capacity.mean())
        apart = max(float(np.nanmax(np.abs(x.passed - x.capacity))) for x in (shift, keep))
        figures = _figures(means, whole, apart)
        return CheckResult(
            what=f"{MISSING} of {PEOPLE} people are missing on a polo line. The reference (section "
            "19): 10 % less output when the line is re-balanced, more if not.",
            how=f"{self.draws} random tenths are taken away; the code that arranges people every "
            "morning tells the line's speed, and the compiled line sews an order with people "
            "standing as that code put them. Then whole factory runs: an order of "
            f"{self.pieces:,} polos, a tenth absent every day, other people each day, with each "
            "of the three settings of `rebalance.mode`.",
            expected=f"Stated before the first run: re-balanced, 10 % less, {SPREAD:.0%} either "
            "way, because people and stations are whole; not re-balanced, more than 10 % and "
            f"more than re-balanced; `even`, 10 % exactly. Speed by capacity and by the pass at "
            f"most {APART:.0%} apart.",
            found=f"Random tenths: {means[0]:+.1%} re-balanced, {means[1]:+.1%} not. Whole runs: "
            f"{whole['shift']:+.1%} re-balanced, {whole['keep']:+.1%} not, {whole['even']:+.2%} "
            f"with `even`. Capacity and pass differ by at most {apart:.2%}.",
            figures=figures,
            pictures=(_draw(shift, keep, whole, context),),
        )

    def _losses(self, tables: PlantTables, mode: Mode) -> Loss:
        product = tables.scenario.library.product("polo")
        plan = tables.balance(0, product)
        efficiency = tables.general_efficiency(0, product)
        everybody = np.ones(PEOPLE, dtype=np.bool_)
        stations = stations_today(plan, efficiency, None, everybody, mode)
        full = _pass_rate(plan.smv_min, efficiency, stations)
        rng = Streams(SEED).generator("missing")
        capacity, passed = np.empty(self.draws), np.empty(self.draws)
        for i in range(self.draws):
            present = everybody.copy()
            present[rng.choice(PEOPLE, MISSING, replace=False)] = False
            capacity[i] = today_capacity(plan, efficiency, None, present, mode) - 1.0
            stations = stations_today(plan, efficiency, None, present, mode)
            passed[i] = _pass_rate(plan.smv_min, efficiency, stations) / full - 1.0
        return Loss(capacity=capacity, passed=passed)

    def _factory_loss(self, scenario: Scenario, mode: Mode) -> float:
        """Of a whole run with a tenth absent every day."""
        absent = Absence(
            mean=MISSING / PEOPLE, concentration=1e12, after_day_off_factor=1.0, correlation=0.0
        )
        rules = Rebalance(mode=mode, min_gain=0.0, cost_min=0.0)
        full = self._sewing_min(scenario)
        fewer = self._sewing_min(scenario.replace(absence=absent, rebalance=rules))
        return full / fewer - 1.0

    def _sewing_min(self, scenario: Scenario) -> float:
        order = toy_order("order", "polo-01", self.pieces, due_min=90_000.0)
        log = simulate(scenario, Fifo(), SEED, orders=[order])
        shifts = ShiftTable(scenario.calendar, scenario.horizon_days * 2)
        sewn = shifts.shift_at_many(log.tables["lots"]["sewn_min"])
        return float(sewn.max() - sewn.min())  # from the first lot on: the line is full


def graded_line() -> Scenario:
    """The polo line of the rush with the default mix of grades, settled and set up."""
    line = polo_line()
    default = load_scenario("small")
    return line.replace(
        grades=default.grades,
        learning=replace(line.learning, enabled=False),
        changeover=replace(line.changeover, enabled=False),
        horizon_days=40,
    )


def _pass_rate(smv_min: Floats, efficiency: Floats, stations: Ints) -> float:
    """Bundles per minute of a long order, people standing at ``stations``; NaN if one is empty."""
    crews = [np.flatnonzero(stations == k) for k in range(smv_min.shape[0])]
    if not all(crew.shape[0] for crew in crews):
        return float("nan")
    done = run_pass(
        PassInput(
            pieces=np.ones(BUNDLES),
            smv_min=smv_min,
            crew=np.concatenate(crews),
            crew_start=np.cumsum([0, *(len(crew) for crew in crews)]),
            efficiency=efficiency,
            free=np.zeros(efficiency.shape[0]),
            noise=np.ones((BUNDLES, smv_min.shape[0])),
            stop=np.empty((0, 0)),
            start_min=0.0,
            pace_min=0.0,
            learn_loss=0.0,
            learn_tau_min=1.0,
        )
    ).done
    half = BUNDLES // 2
    return float((BUNDLES - 1 - half) / (done[-1] - done[half]))


def _figures(
    means: tuple[float, float], whole: dict[str, float], apart: float
) -> tuple[Figure, ...]:
    shift, keep = means
    group = "reference_answers"
    is_tenth = all(abs(x + 0.1) <= SPREAD for x in (shift, whole["shift"]))
    is_more = keep < min(shift, -0.1) and whole["keep"] < min(whole["shift"], -0.1)
    return (
        Figure(
            key="minus_tenth_rebalanced",
            what="output with a tenth of the people missing, re-balanced",
            target=f"-10 % ± {SPREAD:.0%}",
            measured=f"{shift:+.1%}; whole runs {whole['shift']:+.1%}",
            value=shift,
            met=is_tenth,
            part_of=group,
        ),
        Figure(
            key="minus_tenth_kept",
            what="the same, nobody moved",
            target="more than 10 % less, and less than re-balanced",
            measured=f"{keep:+.1%}; whole runs {whole['keep']:+.1%}",
            value=keep,
            met=is_more,
            part_of=group,
        ),
        Figure(
            key="minus_tenth_even",
            what="the same, absence slows the line evenly",
            target="-10 % exactly",
            measured=f"{whole['even']:+.3%}",
            value=whole["even"],
            met=abs(whole["even"] + 0.1) <= 1e-6,
            part_of=group,
        ),
        Figure(
            key="minus_tenth_pass_difference",
            what="speed by capacity against the compiled line, largest difference",
            target=f"at most {APART:.0%}",
            measured=f"{apart:.2%}",
            value=apart,
            met=apart <= APART,
            part_of=group,
        ),
    )


def _draw(shift: Loss, keep: Loss, whole: dict[str, float], context: Context) -> Picture:
    figure = Drawing(figsize=(7.5, 3.4), layout="constrained")
    axes = figure.subplots()
    names = ("evenly slowed", "re-balanced", "nobody moved")
    at = np.arange(3)
    values = [whole["even"], whole["shift"], whole["keep"]]
    bars = axes.bar(at, [v * 100 for v in values], width=0.5, color="#CCDDEE",
                    label="whole factory runs")  # fmt: skip
    axes.bar_label(bars, [f"{v:+.1%}" for v in values], padding=3, fontsize=9)
    for x, loss in ((1, shift), (2, keep)):
        low, middle, high = np.quantile(loss.capacity * 100, (0.05, 0.5, 0.95))
        axes.errorbar(
            [x + 0.32], [middle], yerr=[[middle - low], [high - middle]], fmt="o", color=LATE,
            capsize=4, label="random tenths: median, 5 to 95 %" if x == 1 else None,
        )  # fmt: skip
    axes.axhline(-10, color="black", linestyle="--", linewidth=0.8, label="-10 %")
    axes.set_xticks(at, names)
    axes.set_ylabel("output, %")
    axes.legend(fontsize=8, loc="lower left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return Picture(
        file=save(figure, context.pictures / "missing_operators.png"),
        caption="Output with a tenth of the people missing.",
    )


PLUG = MissingOperators
