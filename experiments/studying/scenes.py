"""The scenarios of a study, built and checked, and what is measured in their runs."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, replace

from experiments.building.order_book import workload
from experiments.building.scenario import ALWAYS_ON
from experiments.evaluating.player import Player
from experiments.evaluating.tournament import Figures
from experiments.studying.options import Scene, Study
from factory_env import Order, RunLog, Scenario
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from factory_env.presets import SITE_TO_RUN, load_scenario

SCHEDULING = "scheduling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A scenario as a policy meets it: what travels to a worker."""

    scenario: Scenario
    orders: tuple[Order, ...] | None  # None = drawn by the seed
    has_site: bool  # is somebody asked how the site runs?

    def measure(self, log: RunLog, player: Player) -> Figures:
        """Every KPI of a run; with a site also its costs, and the bound where nobody runs it."""
        figures = kpis(log)
        if not self.has_site:
            return figures
        from experiments.evaluating.site_runs import REFERENCE, measure_site  # brings a solver

        name = REFERENCE if player.site == ALWAYS_ON and not player.is_joint else ""
        return {**figures, **measure_site(log, self.scenario, replace(player, name=name))}


def build_stage(name: str, scene: Scene, study: Study, inspector: str | None = None) -> Stage:
    """A scene of a study, under the inspector that a policy brings; notes go to stderr.

    Raises
    ------
    InputError
        With everything that is wrong with it; each problem names the scene.
    """
    try:
        with warnings.catch_warnings(record=True) as notes:
            warnings.simplefilter("always", UserWarning)
            stage = _build(scene, study, inspector)
    except InputError as error:
        where = f"study.scenarios.{name}"
        placed = [replace(p, where=f"{where}: {p.where}") for p in error.problems]
        raise InputError(placed) from None
    for note in dict.fromkeys(str(note.message) for note in notes):
        print(f"note: {name}: {note}", file=sys.stderr)
    return stage


def _build(scene: Scene, study: Study, inspector: str | None) -> Stage:
    has_site = study.env != SCHEDULING
    usual = SITE_TO_RUN if has_site else {"site": None, "tariff": None}
    scenario = load_scenario(
        scene.plant,
        scene.scenario,
        overrides=scene.overrides,
        disruptions=scene.disruptions,
        site=scene.site or usual["site"],
        tariff=scene.tariff or usual["tariff"],
        demand=scene.demand,
        inspector=inspector or scene.inspector,
        styles=scene.styles,
        bulletins=scene.bulletins,
    )
    work = workload(scenario, scene.orders, study.seeds.first)
    if scene.orders is not None:  # what else there is to note, loading has told already
        for note in work.notes:
            warnings.warn(note, stacklevel=2)
    shown = work.scenario.with_control("agent") if has_site else work.scenario
    return Stage(scenario=shown, orders=work.orders, has_site=has_site)
