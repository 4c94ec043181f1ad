"""What each line is set up for and what it still knows, as setup and learning per style."""

from __future__ import annotations

import numpy as np
from numba import njit

from factory_env.domain.scenario import Scenario
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

# rows of the change table
SAME_STYLE, REPEAT_STYLE, SAME_PRODUCT, SAME_FABRIC, OTHER_FABRIC = range(5)


class Setups:
    """Current style, learned share and memory of every line; matrices are (lines, styles).

    ``setup_min`` is the line stop and ``loss`` the share of efficiency missing at the first
    minute if the line changed to that style now.
    """

    def __init__(self, scenario: Scenario, tables: PlantTables) -> None:
        self._scenario = scenario
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

    def refresh(self, line: int, now_min: float) -> None:
        """Recompute the line's row from the change table (domain reference, section 6)."""
        tables = self._tables
        _refresh_row(
            self.setup_min[line],
            self.loss[line],
            int(self.current[line]),
            float(self.learned[line]),
            self._memory[line],
            self._left_min[line],
            now_min,
            (tables.product_of, tables.group_of, tables.home[line], tables.learn_loss),
            self.changes,
            (tables.setup_factor[self.current[line]], tables.kept_factor[self.current[line]]),
            (self._scenario.learning.memory_days * MIN_PER_DAY, self._scenario.learning.home_share),
        )


@njit(cache=True)  # type: ignore[untyped-decorator]
def _refresh_row(  # type: ignore[no-untyped-def]
    setup, loss, old, known, memory, left_min, now_min, styles, changes, factors, learning
):
    product_of, group_of, home, learn_loss = styles
    setup_factor, kept_factor = factors  # of the distance of two designs, (styles,)
    memory_min, home_share = learning
    for s in range(setup.shape[0]):
        if product_of[s] == product_of[old]:
            row = SAME_PRODUCT
        elif group_of[s] == group_of[old]:
            row = SAME_FABRIC
        else:
            row = OTHER_FABRIC
        stop = changes[row, 0] * setup_factor[s]
        share = known * min(1.0, changes[row, 1] * kept_factor[s])
        if s == old:
            stop, share = changes[SAME_STYLE, 0], known * changes[SAME_STYLE, 1]
        elif now_min - left_min[s] <= memory_min:
            stop = changes[REPEAT_STYLE, 0]
            share = max(share, changes[REPEAT_STYLE, 1] * memory[s])
        if home[s]:
            share = max(share, home_share)
        setup[s] = stop
        loss[s] = learn_loss[s] * (1.0 - share)
