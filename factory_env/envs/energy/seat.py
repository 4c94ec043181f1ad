"""The seat of who runs the site."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import Question
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.envs.energy import actions
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.observation import Row


class SiteSeat:
    """Hears how the site is to run; no action of five numbers is masked."""

    def __init__(self, encoder: EnergyEncoder) -> None:
        self.encoder = encoder
        self.question: EnergyChoice | None = None
        self.action_space = spaces.Box(-1.0, 1.0, (actions.N_CONTROLS,), dtype=np.float32)
        self._usual: EnergyAnswer | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Without the question, which belongs to the factory; a copy is shown it anew."""
        return {**self.__dict__, "question": None}

    def space(self) -> spaces.Box:
        """The observation space."""
        return self.encoder.space()

    def hears(self, question: Question) -> bool:
        """The site alone."""
        return isinstance(question, EnergyChoice)

    def look(self, question: EnergyChoice | None) -> None:
        """Take in a question, and what the rule would do."""
        self.question = question
        self._usual = None if question is None else self.encoder.usual(question)

    def observe(self) -> Row:
        """The row; all zero when nothing is asked."""
        return self.encoder.encode(self.question, self._usual)

    def read(self, action: Any) -> NDArray[np.float64]:
        """The action as five numbers from -1 to 1."""
        return actions.five_numbers(action)

    def judge(self, numbers: NDArray[np.float64]) -> str | None:
        """Nothing is refused."""
        return None

    def decode(self, numbers: NDArray[np.float64]) -> EnergyAnswer:
        """What the numbers mean, around what the rule would do."""
        assert self.question is not None
        assert self._usual is not None
        return actions.answer_of(numbers, self.question, self._usual)

    def nearest(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Itself: all are legal."""
        return numbers

    def encode(self, answer: EnergyAnswer) -> NDArray[np.float64]:
        """The numbers that mean an answer."""
        assert self.question is not None
        assert self._usual is not None
        return actions.action_of(answer, self.question, self._usual)
