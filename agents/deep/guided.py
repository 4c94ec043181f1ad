"""The network as its own teacher: where plans are made with far more care, it answers better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import load

from agents.deep.checkpoint import fill_weights
from agents.deep.goal import LinesStage, open_stage
from agents.deep.imitating import Chances
from factory_env.decisions.order_choice import OrderChoice


@dataclass(frozen=True, slots=True)
class GuidedTeacher:
    """A planner that the network guides: its scores over plans of many moves (expert iteration)."""

    stage: LinesStage
    weights: bytes
    moves: int  # plans tried at a question

    def open(self) -> Chances:
        """How likely every answer is to the network."""
        env, policy = open_stage(self.stage)
        fill_weights(policy.network, load(self.weights), "the network's weights")
        policy.network.train(mode=False)
        env.encoder.set_plan_moves(self.moves)

        def label(question: OrderChoice) -> NDArray[np.float64]:
            scores = policy.score(question)
            assert scores is not None
            scores = np.where(np.isnan(scores) | ~question.legal(), -np.inf, scores)
            chances = np.exp(scores - scores.max())
            return np.asarray(chances / chances.sum())

        return label
