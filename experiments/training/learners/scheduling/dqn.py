"""``agent=dqn``: a masked, double, duelling DQN over candidates, discounted by elapsed time."""

from agents.deep.valued.learner import build_dqn
from agents.deep.valued.settings import DqnSettings
from experiments.training.recipe import Recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(Recipe(name="dqn", settings=DqnSettings, build=build_dqn))
