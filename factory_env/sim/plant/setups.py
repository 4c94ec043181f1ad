"""What each line is set up for and what it still knows, as setup and learning per style."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.scenario import Scenario
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

# rows of the change table
SAME_STYLE, REPEAT_STYLE, SAME_PRODUCT, SAME_FABRIC, OTHER_FABRIC = range(5)
STOP_MIN, KEPT = 0, 1  # and its columns

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Setups:
    """Current style, learned share and memory of every line; matrices are (lines, styles).

    ``setup_min`` is the line stop and ``loss`` the share of efficiency missing at the first
    minute if the line changed to that style now.
    """

    def __init__(self, scenario: Scenario, tables: PlantTables) -> None:
        self._tables = tables
        n_lines, n_styles = tables.capable.shape
        self.current = np.zeros(n_lines, dtype=np.int64)
        self.learned = np.zeros(n_lines)  # of the current style
        self.setup_min = np.zeros((n_lines, n_styles))
        self.loss = np.zeros((n_lines, n_styles))
        table = scenario.changeover
        on = 1.0 if table.enabled else 0.0
        changes = (
            table.same_style,
            table.repeat_style,
            table.same_product,
            table.same_fabric,
            table.other_fabric,
        )
        self.changes = np.array([[c.setup_min * on, c.kept] for c in changes])
        self._rules = ChangeRules(
            product_of=tables.product_of,
            kind_of=tables.kind_of,
            group_of=tables.group_of,
            learn_loss=tables.learn_loss,
            changes=self.changes,
            memory_min=scenario.learning.memory_days * MIN_PER_DAY,
            home_share=scenario.learning.home_share,
        )
        self._memory = np.zeros((n_lines, n_styles))
        self._left_min = np.full((n_lines, n_styles), -np.inf)
        for line in range(n_lines):
            candidates = np.flatnonzero(tables.home[line])
            if not candidates.size:
                candidates = np.flatnonzero(tables.capable[line])
            self.current[line] = candidates[0] if candidates.size else 0
            self.learned[line] = scenario.learning.initial_share
            self.refresh(line, 0.0)
        self.first_style = self.current.copy()  # with which each line starts the run

    def change(self, line: int, style: int, now_min: float) -> tuple[float, float]:
        """The line turns to ``style``. Returns (setup minutes, learned share it starts with)."""
        self.refresh(line, now_min)
        setup = float(self.setup_min[line, style])
        first = self._tables.learn_loss[style]
        share = 1.0 - float(self.loss[line, style]) / first if first > 0 else 1.0
        old = int(self.current[line])
        if old != style:
            self._memory[line, old] = self.learned[line]
            self._left_min[line, old] = now_min
        self.current[line] = style
        self.learned[line] = share
        return setup, share

    def learn(self, line: int, share: float, now_min: float) -> None:
        """The line's learned share of its current style has become ``share``."""
        self.learned[line] = share
        self.refresh(line, now_min)

    def recall(self, line: int, style: int, share: float, left_min: float) -> None:
        """The line left a style at a minute, and knew a share of it."""
        self._memory[line, style] = share
        self._left_min[line, style] = left_min

    def memories(self, line: int) -> list[tuple[int, float, float]]:
        """Style, share and minute of leaving of all that the line has left."""
        styles = np.flatnonzero(np.isfinite(self._left_min[line])).tolist()
        return [(s, float(self._memory[line, s]), float(self._left_min[line, s])) for s in styles]

    def remembered(self, now_min: float) -> Floats:
        """Share that every line would keep of a style it has left, (lines, styles); else 0."""
        is_fresh = now_min - self._left_min <= self._rules.memory_min
        return np.where(is_fresh, self.changes[REPEAT_STYLE, KEPT] * self._memory, 0.0)

    def refresh(self, line: int, now_min: float) -> None:
        """Recompute the line's row from the change table (domain reference, section 6)."""
        old, tables = int(self.current[line]), self._tables
        _refresh_row(
            self.setup_min[line],
            self.loss[line],
            self._memory[line],
            self._left_min[line],
            tables.home[line],
            tables.setup_factor[tables.kind_of[old]],
            tables.kept_factor[tables.kind_of[old]],
            self._rules,
            old,
            float(self.learned[line]),
            now_min,
        )


class ChangeRules(NamedTuple):
    """What decides the change from one style (S) to another, on all lines."""

    product_of: Ints  # (S,)
    kind_of: Ints  # (S,) in which styles change alike
    group_of: Ints  # (S,)
    learn_loss: Floats  # (S,) of efficiency, at the first minute of a line that knows nothing
    changes: Floats  # (rows, 2) minutes of the stop and share kept
    memory_min: float  # for which a line remembers a style
    home_share: float  # that it knows of its home styles at least


@compiled
def _refresh_row(
    setup_min: Floats,
    loss: Floats,
    memory: Floats,
    left_min: Floats,
    home: Bools,
    setup_factor: Floats,
    kept_factor: Floats,
    rules: ChangeRules,
    old: int,
    known: float,
    now_min: float,
) -> None:
    """Fill ``setup_min`` and ``loss`` of one line, (S,) as the other arrays.

    ``memory`` is the share that was known when the line left a style, at ``left_min``; ``known``
    that of ``old``, its present style. The factors are those of the distance of the two designs,
    (K,) by kind of style.
    """
    product_of, group_of, changes = rules.product_of, rules.group_of, rules.changes
    for s in range(setup_min.shape[0]):
        if product_of[s] == product_of[old]:
            row = SAME_PRODUCT
        elif group_of[s] == group_of[old]:
            row = SAME_FABRIC
        else:
            row = OTHER_FABRIC
        kind = rules.kind_of[s]
        stop = changes[row, STOP_MIN] * setup_factor[kind]
        share = known * min(1.0, changes[row, KEPT] * kept_factor[kind])
        if s == old:
            stop, share = changes[SAME_STYLE, STOP_MIN], known * changes[SAME_STYLE, KEPT]
        elif now_min - left_min[s] <= rules.memory_min:
            stop = changes[REPEAT_STYLE, STOP_MIN]
            share = max(share, changes[REPEAT_STYLE, KEPT] * memory[s])
        if home[s]:
            share = max(share, rules.home_share)
        setup_min[s] = stop
        loss[s] = rules.learn_loss[s] * (1.0 - share)
