"""AQL audits: the share of lots accepted, simulated, on the operating characteristic curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure as Drawing
from scipy.stats import beta, binom

from experiments.report.palette import PRODUCT, save
from experiments.validating.check import CheckResult, Context, Figure, Picture
from factory_env.domain.aql import plan
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.stations.spine.audit import accepted_share

AQL = "2.5"
CONFIDENCE = 0.95  # of all twelve intervals together
SEED = 0
SHARES = (0.025, 0.05, 0.10)
# domain reference, section 9: pieces of a lot, sample, acceptance number, probability of
# acceptance at the three defective shares
PLANS = (
    (1_000, 80, 5, (0.985, 0.789, 0.177)),
    (2_500, 125, 7, (0.986, 0.712, 0.060)),
    (6_000, 200, 10, (0.987, 0.583, 0.008)),
    (20_000, 315, 14, (0.986, 0.387, 0.000)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A plan at one defective share."""

    sample: int
    accept: int
    share: float
    table: float
    exact: float
    found: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        return self.low <= self.exact <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class AqlCurves:
    """Lots through the code that audits orders, for the twelve tabled probabilities."""

    title: ClassVar[str] = "AQL audits"
    place: ClassVar[int] = 50
    seconds: ClassVar[float] = 1.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("aql_max_error",)
    lots: int = 200_000

    def run(self, context: Context) -> CheckResult:
        cells: list[Cell] = []
        for number, (pieces, sample, accept, table) in enumerate(PLANS):
            assert plan(pieces, AQL) == (sample, accept), f"plan of {pieces} pieces"
            cells += [
                self._cell(number, i, pieces, (sample, accept, value))
                for i, value in enumerate(table)
            ]
            context.progress((number + 1) / len(PLANS))
        worst = max(cells, key=lambda c: abs(c.found - c.exact))
        error = abs(worst.found - worst.exact)
        # the table prints three digits
        inside = sum(c.inside and abs(c.exact - c.table) < 0.00051 for c in cells)
        return CheckResult(
            what="The audit that every order passes: is a lot accepted as often as the standard's "
            "sampling plan says (domain reference, section 9, AQL 2.5)?",
            how=f"{self.lots:,} lots a cell. Each piece of a lot is defective with the given "
            "probability; the factory's own audit (`factory_env/sim/stations/spine/audit.py`) "
            "draws the sample without replacement and decides. Twelve exact (Clopper and Pearson) "
            f"intervals that hold together with {CONFIDENCE:.0%} confidence.",
            expected="The exact binomial probability inside its interval, and equal to the table's "
            "in all its three digits.",
            found=f"{inside} of {len(cells)} inside; the largest difference is {error:.4f} "
            f"(n = {worst.sample}, c = {worst.accept}, {worst.share:.1%} defective).\n\n"
            + _table(cells),
            figures=(
                Figure(
                    key="aql_max_error",
                    what="largest difference of a simulated acceptance probability",
                    target="inside the 95 % interval",
                    measured=f"{error:.4f}, {inside} of {len(cells)} inside",
                    value=error,
                    met=inside == len(cells),
                ),
            ),
            pictures=(_draw(cells, context),),
        )

    def _cell(self, number: int, i: int, pieces: int, row: tuple[int, int, float]) -> Cell:
        sample, accept, table = row
        rng = Streams(SEED).generator("aql", number, i)
        found = accepted_share(rng, pieces, SHARES[i], self.lots, AQL)
        tail = (1.0 - CONFIDENCE) / (len(PLANS) * len(SHARES)) / 2.0
        yes = round(found * self.lots)
        no = self.lots - yes
        return Cell(
            sample=sample,
            accept=accept,
            share=SHARES[i],
            table=table,
            exact=float(binom.cdf(accept, sample, SHARES[i])),
            found=found,
            low=float(beta.ppf(tail, yes, no + 1)) if yes else 0.0,
            high=float(beta.ppf(1.0 - tail, yes + 1, no)) if no else 1.0,
        )


def _table(cells: Sequence[Cell]) -> str:
    rows = [
        "| plan | defective | table | exact | simulated, 95 % interval | inside |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| n = {c.sample}, c = {c.accept} | {c.share:.1%} | {c.table:.3f} | {c.exact:.5f} "
        f"| {c.found:.5f} ({c.low:.5f} to {c.high:.5f}) | {'yes' if c.inside else '**no**'} |"
        for c in cells
    ]
    return "\n".join(rows)


def _draw(cells: Sequence[Cell], context: Context) -> Picture:
    figure = Drawing(figsize=(7.5, 3.8), layout="constrained")
    axes = figure.subplots()
    shares = np.linspace(0.0, 0.14, 300)
    for (_, sample, accept, _), colour in zip(PLANS, PRODUCT.values(), strict=False):
        axes.plot(
            shares * 100,
            binom.cdf(accept, sample, shares),
            color=colour,
            label=f"n = {sample}, c = {accept}",
        )
        mine = [c for c in cells if c.sample == sample]
        axes.plot(
            [c.share * 100 for c in mine],
            [c.found for c in mine],
            "o",
            color=colour,
            markeredgecolor="black",
        )
    axes.set_xlabel("defective pieces, %")
    axes.set_ylabel("lots accepted")
    axes.legend(title="curve: theory, point: simulated", fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return Picture(
        file=save(figure, context.pictures / "aql.png"),
        caption="Operating characteristic curves of AQL 2.5, and what the factory's audit does.",
    )


PLUG = AqlCurves
