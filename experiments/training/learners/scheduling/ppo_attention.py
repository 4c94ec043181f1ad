"""``agent=ppo_attention``: MaskablePPO with orders and lines as tokens that look at each other."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("ppo_attention"))
