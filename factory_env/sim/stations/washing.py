"""The washing room: batches of one recipe in drums, people at the doors, dryers after them.

Lots wait by recipe. A batch is loaded when a machine is free and either its recipe fills the drum
or the first of its lots has waited as long as is allowed; of several such recipes, the one whose
first lot came first. A lot larger than a drum is washed in several batches and goes on when the
last of its pieces is dry. A crew loads a machine and, when the cycle is over, takes the batch out
to a dryer; crews and dryers serve first come, first served. All of it happens in the room's
working minutes: at the end of a shift, a cycle stands still until the next morning.

Recipes are those of ``factory_env/data/wash_recipes.csv``; numbers in it are per piece.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Final

import numpy as np

from factory_env.domain.limits import NonNegative, Positive, Share, Staff
from factory_env.domain.product import Style
from factory_env.domain.records import Column, Table
from factory_env.domain.scenario import Scenario
from factory_env.door.station_door import WHERE, station_settings
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import rows
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.station import Then
from factory_env.sim.work.use import Consumer, ProcessUse
from factory_env.sim.world import World

NAME: Final = "washing"
TIMES: Final = ("load_min", "start_min", "over_min", "out_min", "dry_start_min", "dry_min")
SLACK: Final = 1e-6  # of kilograms and minutes that are compared
RECIPES: Final = {  # the house's, as numbers by field
    row["recipe"]: {name: float(row[name]) for name in row if name not in ("recipe", "mark")}
    for row in rows("wash_recipes.csv")
}
HASH_SCALE: Final = 1.0 / 2.0**32


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What happens to a garment between the doors of the machine, and in the dryer."""

    cycle_min: Positive  # all baths and rinses
    water_l: NonNegative  # per piece, like all below but the drying time
    steam_kg: NonNegative
    kwh: NonNegative
    dry_min: Positive
    dry_steam_kg: NonNegative
    dry_kwh: NonNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Washing:
    """The room's settings: a plant says what stands in it, a scenario how it is run."""

    machines: Staff
    capacity_kg: Positive  # of one machine, and of one dryer
    dryers: Staff
    loaders: Staff  # people at the doors
    door_crew: Staff  # of them, to load or empty a machine
    load_min: NonNegative
    unload_min: NonNegative  # spinning included
    longest_wait_min: NonNegative  # of a lot, for its batch to fill
    shares: Mapping[str, Share]  # recipe -> share of styles
    of_style: Mapping[str, str] = field(default_factory=dict)  # style id -> recipe, known ones
    recipes: Mapping[str, Recipe] = field(default_factory=dict)  # own ones beside the house's


@dataclass(slots=True, kw_only=True)
class Portion:
    """Pieces of a lot: all that still wait, or those in one batch."""

    lot: Lot
    pieces: int
    came_min: float

    @property
    def piece_kg(self) -> float:
        """Dry weight of a garment."""
        return self.lot.run.product.weight_kg


@dataclass(slots=True, kw_only=True)
class Batch:
    """One load of a machine. Times are working minutes of the room; infinite = not yet known."""

    recipe: str
    machine: int
    portions: list[Portion]
    load_min: float  # a crew begins to load
    start_min: float  # the cycle begins ...
    over_min: float  # ... and is over
    out_min: float = np.inf  # the machine is empty
    dry_start_min: float = np.inf
    dry_min: float = np.inf

    @property
    def pieces(self) -> int:
        """Garments in all its portions."""
        return sum(portion.pieces for portion in self.portions)

    @property
    def kg(self) -> float:
        """Dry weight."""
        return sum(portion.pieces * portion.piece_kg for portion in self.portions)


class Queue:
    """Portions that wait for one recipe, in order of coming."""

    def __init__(self, capacity_kg: float, longest_wait_min: float) -> None:
        self._capacity_kg = capacity_kg
        self._longest_wait_min = longest_wait_min
        self._portions: deque[Portion] = deque()
        self._kg = 0.0

    def add(self, portion: Portion) -> None:
        """Another lot comes."""
        self._portions.append(portion)
        self._kg += portion.pieces * portion.piece_kg

    def first_came(self, now_min: float) -> float:
        """When the first lot came, if a batch may be loaded now; infinite if none may."""
        if not self._portions:
            return np.inf
        came = self._portions[0].came_min
        is_full = self._kg + self._portions[-1].piece_kg > self._capacity_kg + SLACK
        is_late = now_min >= came + self._longest_wait_min - SLACK
        return came if is_full or is_late else np.inf

    def take(self) -> list[Portion]:
        """As much as the drum holds, in order of coming."""
        batch: list[Portion] = []
        room_kg = self._capacity_kg
        while self._portions:
            first = self._portions[0]
            pieces = min(first.pieces, int((room_kg + SLACK) // first.piece_kg))
            if not pieces:
                break
            batch.append(Portion(lot=first.lot, pieces=pieces, came_min=first.came_min))
            room_kg -= pieces * first.piece_kg
            self._kg -= pieces * first.piece_kg
            first.pieces -= pieces
            if first.pieces:
                break
            self._portions.popleft()
        return batch


class WashingRoom:
    """The machines, the people at their doors and the dryers."""

    name = NAME
    columns = ("wash_start_min", "washed_min")
    needs_steam = True

    def __init__(self, world: World, clock: WorkingClock, then: Then | None) -> None:
        assert then is not None, "packing comes after it"
        rules = washing_settings(world.scenario)
        self.clock = clock
        self._rules = rules
        self._then = then
        self._book = world.book
        self._styles = world.tables.styles
        self._queues = {
            recipe: Queue(rules.capacity_kg, rules.longest_wait_min) for recipe in rules.recipes
        }
        self._machines = list(range(rules.machines))  # heap of free ones
        # working minutes at which crews and dryers are free, heaps
        self._crews = [0.0] * (rules.loaders // rules.door_crew)
        self._dryers = [0.0] * rules.dryers
        self._wet: dict[Lot, int] = {}  # pieces of a lot that are not dry yet
        self._batches: list[Batch] = []
        self._use = None if world.power is None else ProcessUse(clock, rules.loaders)

    def arrive(self, lot: Lot) -> None:
        """A lot comes in; it goes on when its last piece is dry."""
        now = self.clock.now
        if not lot.good:
            lot.times[NAME] = now, now
            self._then(lot)
            return
        self._wet[lot] = lot.good
        style = self._styles[int(self._book.style[lot.run.order])]
        queue = self._queues[recipe_of(style, self._rules)]
        queue.add(Portion(lot=lot, pieces=lot.good, came_min=now))
        self.clock.call_at(now + self._rules.longest_wait_min, self._look, None)
        self._look(None)

    @property
    def consumers(self) -> tuple[Consumer, ...]:
        """Its machines and its people."""
        return () if self._use is None else (self._use,)

    def tables(self) -> Mapping[str, Table]:
        """Every batch begun so far; wall minutes, NaN = not yet."""
        begun = [batch for batch in self._batches if batch.load_min <= self.clock.now]
        return {NAME: _batch_table(begun, self._rules.recipes, self.clock)}

    def facts(self) -> Mapping[str, float]:
        """What stands in the room."""
        rules = self._rules
        return {"washing_machines": rules.machines, "washing_capacity_kg": rules.capacity_kg}

    def _look(self, argument: None) -> None:
        """Load machines while there are some, and batches for them."""
        now = self.clock.now
        while self._machines:
            recipe = min(self._queues, key=lambda name: self._queues[name].first_came(now))
            if self._queues[recipe].first_came(now) == np.inf:
                return
            self._load(recipe, now)

    def _load(self, recipe: str, now: float) -> None:
        rules, program = self._rules, self._rules.recipes[recipe]
        load = max(now, heappop(self._crews))
        start = load + rules.load_min
        heappush(self._crews, start)
        batch = Batch(
            recipe=recipe,
            machine=heappop(self._machines),
            portions=self._queues[recipe].take(),
            load_min=load,
            start_min=start,
            over_min=start + program.cycle_min,
        )
        self._batches.append(batch)
        for portion in batch.portions:
            portion.lot.times.setdefault(NAME, (load, np.inf))
        if self._use is not None:
            kwh, steam_kg = batch.pieces * program.kwh, batch.pieces * program.steam_kg
            self._use.add(start, batch.over_min, kwh, steam_kg)
        self.clock.call_at(batch.over_min, self._empty, batch)

    def _empty(self, batch: Batch) -> None:
        """The cycle is over: a crew takes the batch out."""
        start = max(batch.over_min, heappop(self._crews))
        batch.out_min = start + self._rules.unload_min
        heappush(self._crews, batch.out_min)
        self.clock.call_at(batch.out_min, self._dry, batch)

    def _dry(self, batch: Batch) -> None:
        """The machine is free; the batch goes into a dryer as soon as one is."""
        program = self._rules.recipes[batch.recipe]
        batch.dry_start_min = max(batch.out_min, heappop(self._dryers))
        batch.dry_min = batch.dry_start_min + program.dry_min
        heappush(self._dryers, batch.dry_min)
        if self._use is not None:
            kwh, steam_kg = batch.pieces * program.dry_kwh, batch.pieces * program.dry_steam_kg
            self._use.add(batch.dry_start_min, batch.dry_min, kwh, steam_kg)
        self.clock.call_at(batch.dry_min, self._done, batch)
        heappush(self._machines, batch.machine)
        self._look(None)

    def _done(self, batch: Batch) -> None:
        for portion in batch.portions:
            lot = portion.lot
            self._wet[lot] -= portion.pieces
            if not self._wet[lot]:
                del self._wet[lot]
                lot.times[NAME] = lot.times[NAME][0], batch.dry_min
                self._then(lot)


def recipe_of(style: Style, rules: Washing) -> str:
    """The recipe of a style: the one given, else by a fixed draw of its name from the shares."""
    if style.style_id in rules.of_style:
        return rules.of_style[style.style_id]
    recipes = [recipe for recipe, share in rules.shares.items() if share > 0.0]
    edges = np.cumsum([rules.shares[recipe] for recipe in recipes])
    draw = zlib.crc32(style.style_id.encode()) * HASH_SCALE * edges[-1]
    return recipes[int(np.searchsorted(edges, draw, side="right"))]


def washing_settings(scenario: Scenario) -> Washing:
    """The room of a scenario: the house's recipes with its own ones laid over them.

    Raises
    ------
    InputError
        With every problem found.
    """
    said = scenario.station(NAME)
    own = said.get("recipes", {})
    if isinstance(own, Mapping):
        names = {**RECIPES, **own}
        said["recipes"] = {n: _laid_over(RECIPES.get(n, {}), own.get(n, {})) for n in names}
    rules = station_settings(Washing, NAME, said)
    heaviest = max(
        product.weight_kg
        for product in scenario.library.products
        if NAME in scenario.route(product.name)
    )
    if problems := list(_problems(rules, heaviest)):
        raise InputError(problems)
    return rules


def _laid_over(house: Mapping[str, float], own: Any) -> Any:
    return {**house, **own} if isinstance(own, Mapping) else own


def _problems(rules: Washing, heaviest_kg: float) -> Iterator[Problem]:
    """Broken rules between settings."""
    at, known = f"stations.{NAME}", ", ".join(rules.recipes)
    named = {f"shares.{recipe}": recipe for recipe in rules.shares}
    named |= {f"of_style.{style}": recipe for style, recipe in rules.of_style.items()}
    for field_name, recipe in named.items():
        if recipe not in rules.recipes:
            rule = "must name a known recipe"
            yield wrong(WHERE, f"{at}.{field_name}", rule, repr(recipe), known)
    if not sum(rules.shares.values()) > 0.0:
        yield wrong(WHERE, f"{at}.shares", "must not all be 0", dict(rules.shares), "e.g. rinse: 1")
    if rules.door_crew > rules.loaders:
        rule = "must be at least one door_crew"
        yield wrong(WHERE, f"{at}.loaders", rule, rules.loaders, f"{rules.door_crew} or more")
    if rules.capacity_kg < heaviest_kg:
        rule = "must hold the heaviest garment"
        got, right = f"{rules.capacity_kg:g}", f"{heaviest_kg:g} or more"
        yield wrong(WHERE, f"{at}.capacity_kg", rule, got, right)


def _batch_table(
    batches: Sequence[Batch], recipes: Mapping[str, Recipe], clock: WorkingClock
) -> dict[str, Column]:
    """One row per batch, in the order of loading."""
    pieces = np.array([batch.pieces for batch in batches], dtype=np.int64)
    table: dict[str, Column] = {
        "recipe": np.array([batch.recipe for batch in batches], dtype=object),
        "machine": np.array([batch.machine for batch in batches], dtype=np.int64),
        "lots": np.array([len(batch.portions) for batch in batches], dtype=np.int64),
        "pieces": pieces,
        "kg": np.array([batch.kg for batch in batches], dtype=np.float64),
    }
    for name in TIMES:
        work = np.array([getattr(batch, name) for batch in batches], dtype=np.float64)
        walls = clock.history_wall_at(np.minimum(work, clock.now))
        table[name] = np.where(work <= clock.now, walls, np.nan)
    busy = [min(batch.out_min, clock.now) - batch.load_min for batch in batches]
    table["busy_work_min"] = np.array(busy, dtype=np.float64)  # of the machine, in working minutes
    used = [recipes[batch.recipe] for batch in batches]
    table["water_l"] = pieces * np.array([r.water_l for r in used], dtype=np.float64)
    table["steam_kg"] = pieces * np.array([r.steam_kg + r.dry_steam_kg for r in used], dtype=float)
    table["kwh"] = pieces * np.array([r.kwh + r.dry_kwh for r in used], dtype=np.float64)
    return table


PLUG = WashingRoom
