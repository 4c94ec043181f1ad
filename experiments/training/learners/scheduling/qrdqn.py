"""``agent=qrdqn``: the DQN with quantiles of the return in place of its mean."""

from agents.deep.valued.learner import build_dqn
from agents.deep.valued.settings import QrDqnSettings
from experiments.training.recipe import Recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(Recipe(name="qrdqn", settings=QrDqnSettings, build=build_dqn))
