"""Turns a question into the observation an agent sees: used by the env and by saved agents."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, TypeGuard

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import FloorQuestion, Question
from factory_env.decisions.candidates import CandidateTable
from factory_env.domain.scenario import Scenario
from factory_env.envs import observations
from factory_env.envs.observation import MAX_ORDERS, Block, KindBlock
from factory_env.envs.observations.orders import Orders
from factory_env.envs.observations.plan import Plan
from factory_env.envs.scheduling import actions

Observation = dict[str, NDArray[Any]]
BLOCKS = ("orders", "lines", "site")  # of every agent; others describe kinds of question
PLAN = "plan"  # shown where it is wanted
DEFAULT_PRIOR: Mapping[str, float] = {"k1": 2.0, "k2": 1.0, "k3": 0.1}


NOBODY = np.empty(0, dtype=np.int64)


def further_blocks() -> dict[str, type[KindBlock]]:
    """The blocks that are shown only where their kind of question is asked, by name."""
    names = (name for name in plug_names(observations) if name not in BLOCKS)
    blocks: dict[str, Any] = {name: load_plug(observations, name) for name in names}
    return {name: blocks[name] for name in blocks if _is_of_a_kind(blocks[name])}


def blocks_of(scenario: Scenario, *, plans: bool = False) -> tuple[str, ...]:
    """Names of the observation blocks of a scenario, by what the agent is asked in it."""
    further = further_blocks().items()
    asked = (name for name, block in further if block.question.is_asked(scenario))
    return (*BLOCKS, *asked, *((PLAN,) if plans else ()))


def blocks_among(names: Container[str]) -> tuple[str, ...]:
    """The blocks that a saved agent reads, by the names in its card."""
    further = (*further_blocks(), PLAN)
    return (*BLOCKS, *(name for name in further if name in names))


class Encoder:
    """Blocks, spaces and the choice of visible orders.

    Parameters
    ----------
    prior
        Parameters of the line-matching ATCS index shown as ``rule_log_index``.
    blocks
        Names of the observation blocks; ``orders`` is always among them.
    """

    def __init__(
        self, prior: Mapping[str, float] | None = None, blocks: Sequence[str] = BLOCKS
    ) -> None:
        self.prior = dict(DEFAULT_PRIOR if prior is None else prior)
        self.blocks: dict[str, Block] = {n: load_plug(observations, n)(self.prior) for n in blocks}
        orders = self.blocks["orders"]
        assert isinstance(orders, Orders)
        self._orders = orders
        self._kinds = tuple(b.question for b in self.blocks.values() if _is_of_a_kind(b))
        self._sizes = {n: b.rows * len(b.features) for n, b in self.blocks.items()}

    def set_plan_moves(self, moves: int) -> None:
        """Show the costs of plans of so many moves, if the block ``plan`` is shown."""
        if (block := self.blocks.get(PLAN)) is not None:
            assert isinstance(block, Plan)
            block.moves = moves

    def space(self) -> spaces.Dict:
        """The observation space."""
        boxes: dict[str, spaces.Space[Any]] = {n: _box(b) for n, b in self.blocks.items()}
        return spaces.Dict(boxes | {"mask": spaces.MultiBinary(actions.N_ACTIONS)})

    def describes(self, question: Question) -> bool:
        """Does a block show what is asked, so that an agent can have learned to answer it?"""
        return isinstance(question, self._kinds)

    def visible(self, question: FloorQuestion | None) -> NDArray[np.int64]:
        """Positions of the orders the agent sees: all, or the 32 with the highest index."""
        shown = None if question is None else question.shown
        if shown is None:
            return NOBODY
        if len(shown) <= MAX_ORDERS:
            return np.arange(len(shown))
        index = self._orders.index(shown)
        return np.sort(np.argsort(-index, kind="stable")[:MAX_ORDERS])

    def index(self, shown: CandidateTable) -> NDArray[np.float64]:
        """The prior rule's log index of every order, shape (n,)."""
        return self._orders.index(shown)

    def encode(self, question: FloorQuestion | None, visible: NDArray[np.int64]) -> Observation:
        """The observation; all zero when nothing is asked any more."""
        out: Observation = {n: np.zeros(size, dtype=np.float32) for n, size in self._sizes.items()}
        if question is None:
            out["mask"] = np.zeros(actions.N_ACTIONS, dtype=np.int8)
            return out
        for name, block in self.blocks.items():
            block.write(question, visible, out[name])
        out["mask"] = actions.mask(question, visible)
        return out


def _is_of_a_kind(block: Any) -> TypeGuard[KindBlock]:
    """Is a block, or its class, about one kind of question? Most of one's own are not."""
    return isinstance(block, KindBlock) and block.question is not None


def _box(block: Block) -> spaces.Box:
    low = np.tile(np.array([min(f.low, 0.0) for f in block.features], np.float32), block.rows)
    high = np.tile(np.array([max(f.high, 0.0) for f in block.features], np.float32), block.rows)
    return spaces.Box(low, high, dtype=np.float32)
