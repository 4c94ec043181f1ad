"""``agent=ppo``: MaskablePPO with the order-scoring network."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("ppo"))
