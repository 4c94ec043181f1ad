"""The compiled line against a plain SimPy line, one process per bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.rules.atcs_match import AtcsMatch
from experiments.validating.check import CheckResult, Context, Figure, power
from experiments.validating.random_jobs import largest_difference
from factory_env import Factory, RunLog, load_scenario, play
from factory_env.sim.work.line_flow import LineEngine, run_pass
from factory_env.sim.work.plain_line import twin_pass

TOLERANCE_MIN = 1e-9  # of single passes
RUN_TOLERANCE_MIN = 1e-6  # of a whole run, in which minutes grow to 100,000
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Random lines, then a whole run of a plant in which every line is a SimPy line."""

    title: ClassVar[str] = "The compiled line and its SimPy twin"
    place: ClassVar[int] = 100
    seconds: ClassVar[float] = 6.0
    needs_data: ClassVar[bool] = False
    keys: ClassVar[tuple[str, ...]] = ("twin_max_difference_min", "twin_run_max_difference_min")
    cases: int = 300
    days: int = 60

    def run(self, context: Context) -> CheckResult:
        passes = largest_difference(self.cases)
        context.progress(0.3)
        compiled, plain = (self._run(engine) for engine in (run_pass, twin_pass))
        context.progress(1.0)
        return self._told(passes, compiled, plain)

    def _told(self, passes: float, compiled: RunLog, plain: RunLog) -> CheckResult:
        names = ("sewn_min", "repaired_min", "pressed_min", "packed_min")
        lots = [log.tables["lots"] for log in (compiled, plain)]
        apart = max(float(np.abs(lots[0][n] - lots[1][n]).max()) for n in names)
        decisions = [log.tables["decisions"]["answer"].tolist() for log in (compiled, plain)]
        count = int(lots[0]["lot"].shape[0])
        return CheckResult(
            what="Bundles move through a line as a compiled recursion, not as events. Is that the "
            "same line?",
            how="`factory_env/sim/work/plain_line.py` holds the line as anybody would write it in "
            "SimPy: one process per bundle, one resource per operator. "
            f"{self.cases} random lines (several orders one "
            "after the other, learning, noise, stops, ties) are sewn by both; then a run of the "
            f"plant small over {self.days} working days is lived through twice, once with each.",
            expected="Every bundle's and operator's minute equal to 1e-9; in the run every lot's "
            "to 1e-6, and the same decisions.",
            found=f"Random lines differ by at most {power(passes)} min. In the run {count:,} lots "
            f"differ by at most {power(apart)} min, and the "
            f"{len(decisions[0]):,} decisions are {'' if decisions[0] == decisions[1] else 'not '}"
            "the same.",
            figures=(
                Figure(
                    key="twin_max_difference_min",
                    what="random lines: compiled against SimPy, largest difference",
                    target="at most 1e-9 min",
                    measured=f"{power(passes)} min",
                    value=passes,
                    met=passes <= TOLERANCE_MIN,
                ),
                Figure(
                    key="twin_run_max_difference_min",
                    what="whole run: compiled against SimPy, largest difference of a lot",
                    target="at most 1e-6 min, same decisions",
                    measured=f"{power(apart)} min",
                    value=apart,
                    met=apart <= RUN_TOLERANCE_MIN and decisions[0] == decisions[1],
                ),
            ),
        )

    def _run(self, engine: LineEngine) -> RunLog:
        scenario = load_scenario(
            "small", overrides={"horizon_days": self.days, "demand.days": max(1, self.days - 15)}
        )
        return play(Factory(scenario, SEED, engine=engine), AtcsMatch())


PLUG = Twin
