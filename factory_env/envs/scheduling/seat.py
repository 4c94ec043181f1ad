"""The seat of who answers for the sewing lines."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion, Question, is_of_floor
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.envs.scheduling import actions
from factory_env.envs.scheduling.encoder import NOBODY, Encoder, Observation
from factory_env.envs.scheduling.holds import Holds


class FloorSeat:
    """Hears what the floor asks: orders, evenings, degrees of strictness."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.question: FloorQuestion | None = None
        self.action_space = spaces.Discrete(actions.N_ACTIONS)
        self._visible = NOBODY

    def __getstate__(self) -> dict[str, Any]:
        """Without the question, which belongs to the factory; a copy is shown it anew."""
        return {**self.__dict__, "question": None}

    def space(self) -> spaces.Dict:
        """The observation space."""
        return self.encoder.space()

    def hears(self, question: Question) -> bool:
        """Every kind of the floor's questions that the agent is shown."""
        return is_of_floor(question) and self.encoder.describes(question)

    def look(self, question: FloorQuestion | None) -> None:
        """Take in a question, and choose the orders that are seen."""
        self.question = question
        self._visible = self.encoder.visible(question)

    def observe(self) -> Observation:
        """Blocks and mask; all zero when nothing is asked."""
        return self.encoder.encode(self.question, self._visible)

    def masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,); all of them when nothing is asked."""
        if self.question is None:
            return np.ones(actions.N_ACTIONS, dtype=np.bool_)
        return actions.mask(self.question, self._visible).astype(np.bool_)

    def read(self, action: Any) -> int:
        """The action as a whole number from 0 to 32."""
        return actions.whole_action(action)

    def judge(self, number: int) -> str | None:
        """Why a masked action is refused."""
        assert self.question is not None
        if actions.is_legal(self.question, self._visible, number):
            return None
        return actions.why_masked(self.question, self._visible, number)

    def decode(self, number: int) -> int:
        """The answer at the desk that a legal action means."""
        assert self.question is not None
        return actions.answer_of(self.question, self._visible, number)

    def nearest(self, number: int) -> int:
        """The legal action whose number is nearest; of two the lower."""
        legal = np.flatnonzero(self.masks())
        return int(legal[np.argmin(np.abs(legal - number))])

    def encode(self, answer: int) -> int:
        """The action that means an answer; 1 if that order is out of sight."""
        return actions.action_of(self.question, self._visible, answer)

    def rule_action(self) -> int:
        """What the prior rule would do; the house where no order is chosen; 0 at the end."""
        if not isinstance(self.question, OrderChoice):
            return 0 if self.question is None else int(self.question.usual())
        index = self.encoder.index(self.question.table)[self._visible]
        return 1 + int(index.argmax())


class HeldSeat(FloorSeat):
    """The same seat where lines may not always be held; at the end, every action is allowed.

    A mask without a legal action would give a learner that looks at it no distribution at all.
    """

    def __init__(self, encoder: Encoder, hold: str) -> None:
        super().__init__(encoder)
        self.holds = Holds(hold)
        self._may_not_hold = False

    def look(self, question: FloorQuestion | None) -> None:
        """Take in a question, and whether its line may be held."""
        super().look(question)
        self._may_not_hold = question is not None and self.holds.refuses(question)

    def observe(self) -> Observation:
        """Blocks and mask; blocks all zero and the mask all ones when nothing is asked."""
        seen = super().observe()
        if self.question is None:
            seen["mask"].fill(1)
        elif self._may_not_hold:
            seen["mask"][HOLD] = 0
        return seen

    def masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,); all of them when nothing is asked."""
        masks = super().masks()
        if self._may_not_hold:
            masks[HOLD] = False
        return masks

    def judge(self, number: int) -> str | None:
        """Why a masked action is refused."""
        if number == HOLD and self._may_not_hold:
            return self.holds.why
        return super().judge(number)
