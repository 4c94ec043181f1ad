"""What a file of ``conf/what`` may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from annotated_types import Gt, Interval

from factory_env.domain.limits import Seed
from factory_env.door.order_format import AS_THE_BOOK_SAYS, BookFormat
from factory_env.errors import Problem, wrong

MOST_VARIANTS: Final = 60  # of a question: more are no answer to anybody
MOST_RUNS: Final = 2000
BASE: Final = "base"  # what the base is called

Runs = Annotated[int, Interval(ge=2, le=MOST_RUNS)]
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The base: names of shipped files, or paths, as on a command line.

    ``set`` lays dotted keys over the files, ``changes`` happen in every variant, too.
    """

    plant: str = "mid"
    scenario: str = "default"
    disruptions: str | None = None  # None = what the scenario asks for, like the next
    demand: str | None = None
    inspector: str | None = None
    site: str | None = None  # without a tariff, too: energy is not accounted for
    tariff: str | None = None
    energy: str | None = None  # who runs the site; None = the look-ahead if there is a battery
    agent: str = "atcs"
    floor: str | None = None  # as it stands today, a table; None = it is empty
    orders: str | None = None  # an order book; None = the scenario draws one, for all runs
    orders_format: BookFormat = AS_THE_BOOK_SAYS  # only what the book does not say itself
    styles: str | None = None
    bulletins: str | None = None
    set: Plain = field(default_factory=dict)
    changes: tuple[Plain, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A variant: what is set from the first minute on, and what happens later."""

    name: str
    set: Plain = field(default_factory=dict)
    changes: tuple[Plain, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFile:
    """A file of ``conf/what``."""

    title: str
    base: Ground = field(default_factory=Ground)
    variants: tuple[Turn, ...] = ()
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # key -> values
    grid: Literal["each", "full"] = "each"  # each key alone around the base, or all with all
    replications: Runs = 20
    half_width_share: Annotated[float, Gt(0), Interval(lt=1)] | None = None
    most_replications: Runs = 200
    seed: Seed = 0  # of the first run

    def problems(self, where: str) -> Iterator[Problem]:
        """What can be seen without looking at any scenario."""
        names = [turn.name for turn in self.variants]
        if not names and not self.vary:
            right = "variants: [{name: ..., set: {...}}] or vary: {key: [values]}"
            yield wrong(where, "variants", "must hold something to compare", "nothing", right)
        for name in sorted({n for n in names if names.count(n) > 1 or n == BASE or not n.strip()}):
            rule = f"must have a name of its own that is not {BASE}"
            yield wrong(where, "variants", rule, repr(name), "another name")
        for key, values in self.vary.items():
            if not values:
                yield wrong(where, f"vary.{key}", "must have values", "none", "e.g. [0, 250, 500]")
        if (count := len(names) + self.grid_size) > MOST_VARIANTS:
            rule = f"must be at most {MOST_VARIANTS} variants"
            yield wrong(where, "vary", rule, count, "fewer values, or grid: each")

    @property
    def grid_size(self) -> int:
        """Points of the grid."""
        sizes = [len(values) for values in self.vary.values()]
        if self.grid == "each":
            return sum(sizes)
        size = 1 if sizes else 0
        for number in sizes:
            size *= number
        return size
