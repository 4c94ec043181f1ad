"""The rooms of a running factory, wired to each other, to the calendar and to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factory_env.catalogue import load_plugs
from factory_env.sim import questions
from factory_env.sim.days.amendments import Amendments
from factory_env.sim.days.begin_changes import begin_changes
from factory_env.sim.days.customers import Customers
from factory_env.sim.days.evening import Evenings
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.days.floor_start import FloorStart, Places
from factory_env.sim.days.morning import Days
from factory_env.sim.days.reach import Reach
from factory_env.sim.energy.meter import LiveMeter, Meter
from factory_env.sim.energy.site_run import Activity, SiteRun
from factory_env.sim.kernel.bell import Bell
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.planning.planner import Planner
from factory_env.sim.questions import Rooms
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.stations.spine.shipping import Shipping
from factory_env.sim.work.line_flow import LineEngine
from factory_env.sim.work.line_use import LineUse
from factory_env.sim.work.lot_agenda import LotAgenda, can_compile_lots, make_clock
from factory_env.sim.work.use import Consumer
from factory_env.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a factory speaks to once everything is wired."""

    runs: Sequence[OrderRun]
    planner: Planner
    cutting: CuttingRoom
    floor: Floor
    finishing: Finishing
    amendments: Amendments
    days: Days
    has_compiled_lots: bool  # False = they move one by one
    site: SiteRun | None  # None = energy is not accounted for


def build_house(
    world: World, desk: Desk, engine: LineEngine, *, may_compile_lots: bool = True
) -> House:
    """All rooms, and the processes that go by the clock; whoever may ask knows the desk.

    ``may_compile_lots``: where the run allows it, lots move in one compiled pass; False = one by
    one, which gives the same log.
    """
    styles = world.tables.styles
    runs = [OrderRun(o, styles[s].product) for o, s in enumerate(world.book.style.tolist())]
    may_compile_lots = may_compile_lots and world.floor is None  # whose lots stand one by one
    agenda = LotAgenda(world, runs) if may_compile_lots and can_compile_lots(world) else None
    clock = make_clock(world, agenda, world.shifts, "finishing")
    shipping = Shipping(world, clock, runs)
    if agenda is not None:
        agenda.call_when_complete(shipping.offer)
    finishing = Finishing(world, clock, shipping.arrive, agenda)
    planner = Planner(world)
    floor = Floor(world, planner, runs, engine, finishing.arrive, agenda)
    tables = make_clock(world, agenda, world.shifts, "cutting")
    cutting = CuttingRoom(world, tables, planner, floor.order_ready, floor.waiting_days)
    rooms = Rooms(
        world=world,
        planner=planner,
        cutting=cutting,
        floor=floor,
        finishing=finishing,
        evenings=Evenings(world, floor.lines, planner) if world.may_stay else None,
        site=_site(world, floor, finishing, cutting),
        chosen=Bell(),
    )
    for begin in load_plugs(questions).values():
        begin(rooms, desk)
    amendments = Amendments(world, runs, planner, cutting, floor)
    customers, clocks = Customers(world, amendments), [tables, *finishing.clocks]
    days = Days(world, floor, customers, clocks, rooms.site)
    _begin_days(rooms, runs, _reach(rooms, runs, amendments, days, clocks))
    return House(
        runs=runs,
        planner=planner,
        cutting=cutting,
        floor=floor,
        finishing=finishing,
        amendments=amendments,
        days=days,
        has_compiled_lots=agenda is not None,
        site=rooms.site,
    )


def _reach(
    rooms: Rooms,
    runs: list[OrderRun],
    amendments: Amendments,
    days: Days,
    clocks: Sequence[WorkingClock],
) -> Reach:
    """All that a change may touch."""
    return Reach(
        world=rooms.world,
        planner=rooms.planner,
        floor=rooms.floor,
        rooms=clocks,
        fabric=Fabric(rooms.world, runs, rooms.cutting.arrive, rooms.floor.order_ready),
        amendments=amendments,
        days=days,
        evenings=rooms.evenings,
        site=rooms.site,
    )


def _begin_days(rooms: Rooms, runs: list[OrderRun], reach: Reach) -> None:
    """Put down what will change, and start the processes that go by the calendar."""
    env, floor = rooms.world.env, rooms.world.floor
    begin_changes(rooms.world.changes, reach)
    if floor is None:
        env.process(reach.fabric.releases())
    else:
        places = Places(
            world=rooms.world,
            planner=rooms.planner,
            cutting=rooms.cutting,
            floor=rooms.floor,
            finishing=rooms.finishing,
            fabric=reach.fabric,
        )
        env.process(FloorStart(places, runs, floor).process())
    env.process(reach.days.mornings())
    if rooms.evenings is not None:
        env.process(rooms.evenings.process())


def _site(world: World, floor: Floor, finishing: Finishing, cutting: CuttingRoom) -> SiteRun | None:
    """The energy side, if the scenario has one."""
    setup, scenario = world.scenario.energy, world.scenario
    if setup is None:
        return None
    is_run = setup.control.mode == "agent"
    consumers = reporting(world, floor, finishing, cutting)
    meter: Activity = (
        LiveMeter(consumers, finishing.clock) if is_run else Meter(consumers, world.shifts)
    )
    weather = world.streams.generator("weather")
    lines, pay = len(floor.lines), world.ledger.use_energy
    return SiteRun(setup, scenario.calendar_days, lines, world.shifts, weather, meter, pay)


def reporting(
    world: World, floor: Floor, finishing: Finishing, cutting: CuttingRoom
) -> list[Consumer]:
    """Everybody who reports to the meter, lines first."""
    assert world.power is not None
    return [
        *(
            LineUse(world, world.power, line.number, line.clock, line.passes, line.load)
            for line in floor.lines
        ),
        *finishing.consumers,
        cutting.use,
    ]
