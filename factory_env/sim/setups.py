"""What each line is set up for and what it still knows: setup minutes and learned share per style."""

from __future__ import annotations

import numpy as np

from factory_env.domain.scenario import Scenario
from factory_env.sim.tables import PlantTables
from factory_env.units import MIN_PER_DAY


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
        self._memory = np.zeros((n_lines, n_styles))
        self._left_min = np.full((n_lines, n_styles), -np.inf)
        for line in range(n_lines):
            candidates = np.flatnonzero(tables.home[line])
            if not candidates.size:
                candidates = np.flatnonzero(tables.capable[line])
            self.current[line] = candidates[0] if candidates.size else 0
            self.learned[line] = scenario.learning.initial_share
            self.refresh(line, 0.0)

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
        table, learning, tables = self._scenario.changeover, self._scenario.learning, self._tables
        old, known = int(self.current[line]), float(self.learned[line])
        same_product = tables.product_of == tables.product_of[old]
        same_fabric = tables.group_of == tables.group_of[old]
        setup = np.where(
            same_product,
            table.same_product.setup_min,
            np.where(same_fabric, table.same_fabric.setup_min, table.other_fabric.setup_min),
        )
        share = known * np.where(
            same_product,
            table.same_product.kept,
            np.where(same_fabric, table.same_fabric.kept, table.other_fabric.kept),
        )
        fresh = now_min - self._left_min[line] <= learning.memory_days * MIN_PER_DAY
        setup = np.where(fresh, table.repeat_style.setup_min, setup)
        share = np.where(
            fresh, np.maximum(share, table.repeat_style.kept * self._memory[line]), share
        )
        setup[old] = table.same_style.setup_min
        share[old] = table.same_style.kept * known
        share = np.where(tables.home[line], np.maximum(share, learning.home_share), share)
        self.setup_min[line] = setup if table.enabled else 0.0
        self.loss[line] = tables.learn_loss * (1.0 - share)
