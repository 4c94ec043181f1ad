"""A line without variation puts out workers x minutes x efficiency / SMV, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.rules.fifo import Fifo
from experiments.validating.check import CheckResult, Context, Figure, power
from experiments.validating.toy import toy_line, toy_order, toy_product, toy_scenario
from factory_env import simulate

TOLERANCE = 1e-9
CASES = (  # workers, standard minutes of each operation, efficiency
    (1, 2.0, 0.78),
    (4, 0.5, 0.78),
    (10, 0.25, 0.62),
    (29, 0.4, 0.70),
    (40, 0.277, 0.70),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyLine:
    """Three orders in a row through a whole factory with one balanced line."""

    title: ClassVar[str] = "The deterministic line"
    place: ClassVar[int] = 80
    seconds: ClassVar[float] = 1.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("steady_line_max_error",)

    def run(self, context: Context) -> CheckResult:
        rows = [
            (
                workers,
                smv,
                efficiency,
                workers * 60.0 * efficiency / (workers * smv),
                pieces_per_hour(workers, smv, efficiency),
            )
            for workers, smv, efficiency in CASES
        ]
        context.progress(1.0)
        error = max(float(np.abs(found / exact - 1.0).max()) for *_, exact, found in rows)
        table = [
            "| workers | SMV (min) | efficiency | exact, pieces/h | factory |",
            "|---|---|---|---|---|",
        ]
        table += [
            f"| {workers} | {workers * smv:.2f} | {efficiency:.2f} | {exact:.6f} "
            f"| {found.min():.6f} to {found.max():.6f} |"
            for workers, smv, efficiency, exact, found in rows
        ]
        return CheckResult(
            what="Pieces a day = workers x minutes x efficiency / SMV, the formula by which every "
            "planner plans (domain reference, sections 2 and 19).",
            how="Balanced lines without any variation sew three orders of 1,000 pieces; the rate "
            "is taken between any two neighbouring lots, also where one order follows another.",
            expected="Exactly the formula.",
            found=f"Largest relative difference {power(error)}.\n\n" + "\n".join(table),
            figures=(
                Figure(
                    key="steady_line_max_error",
                    what="output of a deterministic line against workers x min x eff / SMV",
                    target="exact",
                    measured=f"{power(error)}",
                    value=error,
                    met=error <= TOLERANCE,
                    part_of="reference_answers",
                ),
            ),
        )


def pieces_per_hour(workers: int, smv_min: float, efficiency: float) -> np.ndarray:
    """Output between neighbouring lots of a line with one worker at each operation."""
    product = toy_product("tee", [smv_min] * workers)
    toy = toy_scenario([toy_line("only", workers, [product])], [product], 20, efficiency)
    orders = [toy_order(f"O{i}", "tee", 1000, due_min=1e5) for i in range(3)]
    lots = simulate(toy, Fifo(), 0, orders=orders).tables["lots"]
    by_time = np.argsort(lots["sewn_min"], kind="stable")
    minutes, pieces = lots["sewn_min"][by_time], lots["pieces"][by_time]
    return np.asarray(pieces[1:] * 60.0 / np.diff(minutes))


PLUG = SteadyLine
