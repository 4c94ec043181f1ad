"""Toy plants: always at work, nothing varies, nothing but sewing takes time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from factory_env import Order, Scenario, load_scenario
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.people import Grades
from factory_env.domain.plant import LineSpec, Plant, Rooms
from factory_env.domain.product import Operation, Product
from factory_env.units import MIN_PER_DAY

ALWAYS = WorkCalendar(shift_start_min=0.0, shift_end_min=MIN_PER_DAY, breaks=(), days_off=())
MACHINE = "SNLS"


def toy_product(name: str, smv_min: Sequence[float]) -> Product:
    """A knit product that needs nothing but sewing on one-needle machines."""
    return Product(
        name=name,
        fabric_group="knit",
        learning_class="basic",
        operations=tuple(
            Operation(name=f"op {i}", machine=MACHINE, smv_min=m, grade="B", mark="toy")
            for i, m in enumerate(smv_min)
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


def toy_line(name: str, operators: int, products: Sequence[Product]) -> LineSpec:
    """A line that is at home in everything, with a machine for everybody."""
    names = tuple(p.name for p in products)
    return LineSpec(
        name=name,
        fabric_group="knit",
        home=names,
        operators=operators,
        skills=dict.fromkeys(names, 1.0),
        machines={MACHINE: operators},
    )


def toy_scenario(
    lines: Sequence[LineSpec], products: Sequence[Product], days: int, efficiency: float = 1.0
) -> Scenario:
    """Always at work, no variation, no setups, no learning, everybody equally fast."""
    base = _small()
    rooms = Rooms(cutting_tables=1, cutting_crew=1, presses=1, press_crew=1, packers=1, pack_crew=1)
    toy = base.replace(
        name="toy",
        plant=Plant(name="toy", lines=tuple(lines), rooms=rooms),
        library=replace(base.library, products=tuple(products)),
        demand=replace(base.demand, mix={p.name: 1.0 for p in products}),
        designs="plain",
        horizon_days=days,
        calendar=ALWAYS,
        grades=Grades(shares=(0.0, 1.0, 0.0, 0.0), efficiencies=(efficiency,) * 4),
        flow=replace(base.flow, extra_cut=0.0),
    )
    return toy.deterministic()


@cache
def _small() -> Scenario:
    """The scenario that toys are cut from; frozen, and slow to read and check."""
    return load_scenario("small")


def toy_order(
    name: str, style: str, pieces: int, *, due_min: float = 0.0, release_min: float = 0.0
) -> Order:
    """An order worth one dollar a piece."""
    return Order(
        order_id=name,
        style_id=style,
        quantity=pieces,
        release_min=release_min,
        due_min=due_min,
        price_usd=1.0,
        priority=1.0,
        customer="toy",
        booked_min=-MIN_PER_DAY,
    )
