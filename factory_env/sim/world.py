"""What the stations of one run share: clock, scenario, book, luck, ledger, recorder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env import inspectors
from factory_env.catalogue import load_plug
from factory_env.decisions.plans.rehearsal import Rehearse
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.changes import Change, Overtime
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.ports import Inspector
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.kernel.agenda import HouseEnvironment
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.added import added_orders
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.collection import check_style_ids, season_styles
from factory_env.sim.orders.demand import check_mix, draw_orders, style_mixes
from factory_env.sim.orders.ledger import Ledger
from factory_env.sim.orders.parts import split_orders
from factory_env.sim.orders.to_come import ToCome
from factory_env.sim.plant.crew import Crews
from factory_env.sim.plant.power import PowerTable
from factory_env.sim.plant.setups import Setups
from factory_env.sim.plant.tables import PlantTables


@dataclass(slots=True, kw_only=True)
class World:
    """State shared by the stations of one running factory."""

    env: HouseEnvironment
    scenario: Scenario
    tables: PlantTables
    book: Book
    streams: Streams
    shifts: ShiftTable
    setups: Setups
    ledger: Ledger
    recorder: Recorder
    inspector: Inspector
    crews: Crews
    attendance: NDArray[np.float64]  # (lines,) share present today
    idle: NDArray[np.bool_]  # (lines,) waiting for work
    down: NDArray[np.bool_]  # (lines,) out of order: takes no work
    heads: NDArray[np.float64]  # (lines,) operators over those of the plant
    power: PowerTable | None  # None = energy is not accounted for
    to_come: ToCome
    floor: FloorState | None = None  # with which the run begins
    heat_defects: float = 1.0  # factor of a hot hall on defects
    changes: tuple[Change, ...] = ()  # that will happen; nobody knows of them before
    rehearse: Rehearse | None = None  # tries answers in copies of the run; see there

    @property
    def may_stay(self) -> bool:
        """May a line ever work on after the shift?"""
        return self.scenario.overtime.mode != "off" or any(
            isinstance(change, Overtime) for change in self.changes
        )

    @property
    def now_shift(self) -> float:
        """Shift minutes since the start of the run."""
        return self.shifts.shift_at(self.env.now)


def new_world(
    scenario: Scenario,
    seed: int,
    recorder: Recorder,
    *,
    orders: Sequence[Order] | None,
    tables: PlantTables | None,
    inspector: Inspector | None,
    changes: tuple[Change, ...] = (),
    floor: FloorState | None = None,
) -> World:
    """The shared state of a run that is about to begin; for the parameters see `Factory`."""
    streams = Streams(seed)
    styles = season_styles(scenario, streams)
    if tables is None or tables.scenario is not scenario or tables.styles != styles:
        tables = PlantTables(scenario, styles, earlier=tables)
    shifts = ShiftTable(scenario.calendar, scenario.calendar_days + 1)
    if orders is None:
        check_mix(scenario, tables.derive(style_mixes))
        orders = draw_orders(tables, streams, shifts, tables.derive(style_mixes))
    check_style_ids(orders, styles)
    own = split_orders(orders, tables)
    added = added_orders(changes, tables, streams, shifts)
    check_style_ids(added, styles)
    book = Book((*own, *added), styles, scenario, shifts, first_added=len(own))
    n_lines = len(scenario.plant.lines)
    return World(
        env=HouseEnvironment(),
        scenario=scenario,
        tables=tables,
        book=book,
        streams=streams,
        shifts=shifts,
        setups=Setups(scenario, tables),
        ledger=Ledger(scenario.costs, book),
        recorder=recorder,
        inspector=make_inspector(scenario, styles) if inspector is None else inspector,
        crews=Crews(tables, streams),
        power=None if scenario.energy is None else PowerTable(scenario.energy.site.machine_powers),
        attendance=np.ones(n_lines),
        idle=np.ones(n_lines, dtype=np.bool_),
        down=np.zeros(n_lines, dtype=np.bool_),
        heads=np.ones(n_lines),
        to_come=ToCome(book, tables),
        changes=changes,
        floor=floor,
    )


def make_inspector(scenario: Scenario, styles: Sequence[Style]) -> Inspector:
    """Who judges in a scenario: the plug, made for it if it asks for that."""
    plug: Any = load_plug(inspectors, scenario.inspector)
    made: Inspector = plug.of(scenario, styles) if hasattr(plug, "of") else plug()
    return made
