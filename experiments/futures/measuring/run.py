"""A run as its `Outcome`: from the log and nothing else, which is then let go."""

from __future__ import annotations

from experiments.futures.measuring.bars import draw_bars
from experiments.futures.measuring.days import day_columns, week_load
from experiments.futures.measuring.money import money
from experiments.futures.measuring.orders import order_columns
from experiments.futures.measuring.stations import station_columns
from experiments.futures.outcome import Outcome
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.kpi.energy import energy_kpis
from factory_env.kpi.table import kpis


def measure_run(
    log: RunLog, scenario: Scenario, *, variant: str, seconds: float, is_drawn: bool
) -> Outcome:
    """What is kept of a run of ``scenario``.

    Parameters
    ----------
    seconds
        That it took.
    is_drawn
        Keep the bars of the Gantt chart, too.
    """
    return Outcome(
        variant=variant,
        seed=log.seed,
        kpis=kpis(log) | ({} if scenario.energy is None else energy_kpis(log)),
        money_usd=money(log, scenario),
        orders=order_columns(log),
        stations=station_columns(log, scenario),
        days=day_columns(log),
        load_kw=week_load(log),
        gantt=draw_bars(log, scenario.calendar) if is_drawn else {},
        seconds=seconds,
    )
