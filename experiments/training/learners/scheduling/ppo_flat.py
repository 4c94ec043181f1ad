"""``agent=ppo_flat``: MaskablePPO with plain layers over the whole observation, for comparison."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("ppo_flat"))
