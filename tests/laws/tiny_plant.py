"""Tiny plants and order books whose results can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factory_env import Order, Scenario, load_scenario
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.costs import Costs, LateStep
from factory_env.domain.people import Grades
from factory_env.domain.plant import LineSpec, Plant, Rooms
from factory_env.domain.product import Operation, Product

DAY = 1440.0
ALWAYS = WorkCalendar(shift_start_min=0.0, shift_end_min=DAY, breaks=(), days_off=())


def product(name: str, smv: Sequence[float]) -> Product:
    """A knit product that needs nothing but sewing on one-needle machines."""
    return Product(
        name=name,
        fabric_group="knit",
        learning_class="basic",
        operations=tuple(
            Operation(name=f"op {i}", machine="SNLS", smv_min=m, grade="B", mark="toy")
            for i, m in enumerate(smv)
        ),
        price_usd=1.0,
        weight_kg=0.1,
        cutting_min=0.0,
        fusing_min=0.0,
        inspect_min=0.0,
        clean_min=0.0,
        press_min=0.0,
        pack_min=0.0,
    )


def line(name: str, operators: int, **skills: float) -> LineSpec:
    """A knit line that is at home in everything it can sew."""
    return LineSpec(
        name=name,
        fabric_group="knit",
        home=tuple(skills),
        operators=operators,
        skills=skills,
        machines={"SNLS": operators},
    )


def scenario(
    lines: Sequence[LineSpec], products: Sequence[Product], days: int, efficiency: float = 1.0
) -> Scenario:
    """Always at work, no variation, no setups; lateness costs 10 % from 0 and 20 % from 1 day."""
    base = load_scenario("small")
    rooms = Rooms(cutting_tables=1, cutting_crew=1, presses=1, press_crew=1, packers=1, pack_crew=1)
    toy = base.replace(
        name="toy",
        plant=Plant(name="toy", lines=tuple(lines), rooms=rooms),
        library=replace(base.library, products=tuple(products)),
        demand=replace(base.demand, mix={p.name: 1.0 for p in products}),
        horizon_days=days,
        calendar=ALWAYS,
        grades=Grades(shares=(0.0, 1.0, 0.0, 0.0), efficiencies=(efficiency,) * 4),
        flow=replace(base.flow, extra_cut=0.0),
        costs=Costs(
            late_steps=(
                LateStep(after_days=0.0, share=0.1),
                LateStep(after_days=1.0, share=0.2),
            ),
            holding_share_per_year=0.0,
        ),
    )
    return toy.deterministic()


def order(
    name: str, style: str, pieces: int, due_days: float, value_usd: float, release_days: float = 0.0
) -> Order:
    """An order worth ``value_usd`` in all."""
    return Order(
        order_id=name,
        style_id=style,
        quantity=pieces,
        release_min=release_days * DAY,
        due_min=due_days * DAY,
        price_usd=value_usd / pieces,
        priority=1.0,
        customer="toy",
        booked_min=-DAY,
    )
