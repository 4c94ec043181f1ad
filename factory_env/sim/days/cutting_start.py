"""An order that the cutting room has begun before the run: tables are busy until it is done."""

from __future__ import annotations

from factory_env.domain.floor_state import CuttingNow
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.work.lays import LayPlan
from factory_env.sim.world import World


def resume_cutting(world: World, cutting: CuttingRoom, run: OrderRun, now: CuttingNow) -> None:
    """Go on with an order; without a word on tables, the first free one cuts what is left."""
    minute = cutting.clock.now
    ends = {table: minute + minutes for table, minutes in now.ends_min}
    if not ends:
        table, left = cutting.free_table, run.cut if now.left is None else now.left
        piece_min = run.product.cutting_min + run.product.fusing_min
        crew = world.scenario.plant.rooms.cutting_crew
        ends = {0 if table is None else table: minute + left * piece_min / crew}
    plan = LayPlan(
        run=run,
        work_days=float(cutting._planner.work_days[run.order]),
        pieces=[run.cut] + [0] * (len(ends) - 1),
        table=list(ends),
        start=[minute] * len(ends),
        end=list(ends.values()),
        before=dict.fromkeys(ends, minute),
    )
    cutting._plans[run.order] = cutting._being_cut[run.order] = plan
    rules = world.scenario.cutting
    cutting._watch(1)
    ready = max(plan.end) + (rules.lead_min if rules.lays else 0.0)
    cutting.clock.call_at(ready, cutting._ready, plan)
    for table, end in ends.items():
        if end > minute:
            cutting._busy_until(table, end)
