"""Flow shops through the real stations: makespans of given permutations, all jobs' ends."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from agents.exact.neh import neh_sequence
from experiments.report.palette import save
from experiments.validating.check import CheckResult, Context, Figure, Picture
from experiments.validating.flow_shop import read_setup_instance
from experiments.validating.toy import toy_line, toy_order, toy_product, toy_scenario
from factory_env import Factory, Order, Scenario, play
from factory_env.compiled import compiled
from factory_env.decision import Decision
from factory_env.domain.product import Product, Style
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.plant.line_balance import Balance
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.line_flow import PassInput, PassResult, run_pass
from factory_env.units import MIN_PER_DAY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SEED = 0
FOLDERS = ("pfsp", "sdst_pfsp")
LOWER_BOUND = {"pfsp": "machine_lb", "sdst_pfsp": "machine_lb_ignoring_setup"}


class ShopTables(PlantTables):
    """A line in which operator k stays at operation k, as the machines of a flow shop do.

    The balance of a sewing line gives the longest operation to the first operator, so the
    same person would stand elsewhere at the next style.
    """

    def balance(self, line: int, product: Product) -> Balance:
        """Station k is machine k."""
        plan = super().balance(line, product)
        machines = plan.smv_min.shape[0]
        return replace(plan, crew=np.arange(machines), crew_start=np.arange(machines + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOrder:
    """The policy: orders in the order of a permutation, never a hold."""

    place: Ints  # (jobs,) position of each job in the permutation

    def choose(self, decision: Decision) -> int:
        return int(self.place[decision.orders].argmin()) + 1


@dataclass(slots=True)
class SetupEngine:
    """Lets every machine set up for the next job when it is done with the one before."""

    setup_min: Ints  # (machines, jobs, jobs) from job, to job
    factory: Factory | None = None
    before: int = -1

    def __call__(self, job: PassInput, record: bool) -> PassResult:
        assert self.factory is not None
        now = self.factory.lines[0].style  # styles are jobs; changed just before
        if self.before >= 0:
            job.free += self.setup_min[:, self.before, now]
        self.before = now
        return run_pass(job, record)


@dataclass(slots=True)
class Shop:
    """An instance as a factory: a job is an order of one piece, a machine an operator."""

    times: Ints  # (jobs, machines)
    setup_min: Ints | None = None  # (machines, jobs, jobs)
    scenario: Scenario = field(init=False)
    tables: PlantTables = field(init=False)
    orders: list[Order] = field(init=False)

    def __post_init__(self) -> None:
        machines = self.times.shape[1]
        products = [toy_product(f"job-{j}", row) for j, row in enumerate(self.times.tolist())]
        longest = int(self.times.sum() + (0 if self.setup_min is None else self.setup_min.sum()))
        days = min(longest // int(MIN_PER_DAY) + 2, 400)
        scenario = toy_scenario([toy_line("shop", machines, products)], products, days)
        self.scenario = scenario.replace(flow=replace(scenario.flow, pace_slack=0.0))
        styles = tuple(
            Style(style_id=p.name, name=p.name, product=p, smv_factor=1.0, popularity=1.0)
            for p in products
        )
        self.tables = ShopTables(self.scenario, styles)
        self.orders = [toy_order(p.name, p.name, 1, due_min=longest) for p in products]

    def ends(self, permutation: Ints) -> Floats:
        """When each job leaves the last machine, through a whole factory, shape (jobs,)."""
        engine = None if self.setup_min is None else SetupEngine(self.setup_min)
        factory = Factory(
            self.scenario, SEED, orders=self.orders, tables=self.tables, engine=engine or run_pass
        )
        assert factory.tables is self.tables
        if engine is not None:
            engine.factory = factory
        policy = GivenOrder(place=np.argsort(permutation))
        return np.asarray(play(factory, policy).tables["orders"]["sewn_min"])


@compiled
def textbook_ends(times: Ints, setup_min: Ints, permutation: Ints) -> Floats:
    """C[j,k] = max(C[j,k-1], C[i,k] + s[k,i,j]) + p[j,k], i the job before j; shape (jobs,)."""
    jobs, machines = times.shape
    ends = np.zeros(jobs)
    done = np.zeros(machines)
    for position in range(jobs):
        job = permutation[position]
        for k in range(machines):
            free = done[k]
            if position > 0 and setup_min.shape[0] > 0:
                free += setup_min[k, permutation[position - 1], job]
            done[k] = max(free, done[k - 1] if k > 0 else 0.0) + times[job, k]
        ends[job] = done[machines - 1]
    return ends


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the instances of one folder gave."""

    instances: int = 0
    runs: int = 0
    equal: int = 0  # runs in which every job ended in the very minute
    worst_min: float = 0.0
    below_bound: int = 0
    neh_listed: int = 0  # instances whose NEH makespan is listed
    neh_equal: int = 0
    real: list[float] = field(default_factory=list)  # makespans over the best known one
    textbook: list[float] = field(default_factory=list)

    @property
    def met(self) -> bool:
        return (
            self.runs > 0
            and self.equal == self.runs
            and self.below_bound == 0
            and self.neh_equal == self.neh_listed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowShops:
    """Every instance of both folders, or only the first ``most`` of each."""

    title: ClassVar[str] = "Flow shops through the real stations"
    place: ClassVar[int] = 40
    seconds: ClassVar[float] = 20.0
    needs_data: ClassVar[bool] = True
    keys: ClassVar[tuple[str, ...]] = ("flow_shop_equal", "setup_flow_shop_equal")
    random_permutations: int = 10
    most: int | None = None

    def run(self, context: Context) -> CheckResult:
        assert context.data_dir is not None
        folder = context.data_dir / "scheduling"
        rows = {name: _rows(folder / name / "bounds.csv")[: self.most] for name in FOLDERS}
        total = sum(len(r) for r in rows.values())
        tallies = {name: Tally() for name in FOLDERS}
        for name, listed in rows.items():
            for row in listed:
                self._instance(tallies[name], folder, name, row)
                context.progress(sum(t.instances for t in tallies.values()) / total)
        plain, setups = tallies.values()
        return CheckResult(
            what="A sewing line with one operator at each operation, one-piece orders and no "
            "variation *is* a permutation flow shop: the benchmark instances of Taillard (up to "
            "50 jobs on 20 machines), and those of Ruiz with sequence-dependent setup times.",
            how="Each permutation is lived through by a whole factory: order book, desk, policy, "
            "changeover, compiled line, gate, shipment. A policy takes the orders in the given "
            f"order: as listed, reversed, NEH and {self.random_permutations} random permutations "
            "drawn from fixed seeds. Setups go in through the factory's injectable line engine. "
            "The end of *every job* is compared with a textbook recursion written for this check.",
            expected="All equal; no makespan below the listed lower bound or best known value; "
            "Taillard instances give the listed NEH makespans.",
            found=f"{plain.equal} of {plain.runs} runs on {plain.instances} plain instances and "
            f"{setups.equal} of {setups.runs} on {setups.instances} with setups are equal for "
            f"every job (largest difference {max(plain.worst_min, setups.worst_min):g} min). "
            f"{plain.below_bound + setups.below_bound} makespans lie below a bound. "
            f"{plain.neh_equal} of {plain.neh_listed} NEH makespans are the listed ones.",
            figures=(
                _figure("flow_shop_equal", "makespans of given permutations", plain),
                _figure("setup_flow_shop_equal", "the same with setup times", setups),
            ),
            pictures=(_draw(tallies, context),),
        )

    def _instance(self, tally: Tally, folder: Path, name: str, row: dict[str, str]) -> None:
        times, setup_min = read_setup_instance(folder / row["path"], setups=name == "sdst_pfsp")
        shop = Shop(times, setup_min)
        none = np.empty((0, 0, 0), dtype=np.int64)
        least = max(int(row[LOWER_BOUND[name]]), int(row["best_known_makespan"]))
        tally.instances += 1
        for kind, permutation in self._permutations(tally.instances, times):
            real = shop.ends(permutation)
            exact = textbook_ends(times, none if setup_min is None else setup_min, permutation)
            apart = float(np.abs(real - exact).max())
            tally.runs += 1
            tally.equal += apart == 0.0
            tally.worst_min = max(tally.worst_min, apart)
            tally.below_bound += bool(real.max() < least)
            tally.real.append(float(real.max()) / int(row["best_known_makespan"]))
            tally.textbook.append(float(exact.max()) / int(row["best_known_makespan"]))
            if kind == "neh" and row.get("neh_makespan"):
                tally.neh_listed += 1
                tally.neh_equal += float(real.max()) == float(row["neh_makespan"])

    def _permutations(self, instance: int, times: Ints) -> Iterator[tuple[str, Ints]]:
        listed = np.arange(times.shape[0])
        yield "listed", listed
        yield "reversed", listed[::-1].copy()
        yield "neh", neh_sequence(times)
        rng = Streams(SEED).generator("flow shop", instance)
        for _ in range(self.random_permutations):
            yield "random", rng.permutation(times.shape[0])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _figure(key: str, what: str, tally: Tally) -> Figure:
    return Figure(
        key=key,
        what=what,
        target="all equal",
        measured=f"{tally.equal} of {tally.runs}",
        value=tally.met,
        met=tally.met,
    )


def _draw(tallies: dict[str, Tally], context: Context) -> Picture:
    figure = Drawing(figsize=(5.2, 4.2), layout="constrained")
    axes = figure.subplots()
    names = {"pfsp": ("plain", "#4C72B0"), "sdst_pfsp": ("with setups", "#D55E00")}
    everything: list[float] = []
    for name, tally in tallies.items():
        label, colour = names[name]
        axes.plot(tally.textbook, tally.real, ".", color=colour, label=label, markersize=5)
        everything += tally.textbook
    ends = _ends(everything)
    axes.plot(ends, ends, color="black", linewidth=0.6, zorder=0)
    axes.set_xlabel("textbook recursion, makespan / best known")
    axes.set_ylabel("factory, makespan / best known")
    axes.legend(fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return Picture(
        file=save(figure, context.pictures / "flow_shops.png"),
        caption="Every permutation of every instance: all points lie on the diagonal.",
    )


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values, default=1.0), max(values, default=1.0)


PLUG = FlowShops
