"""``agent=ppo_plan``: MaskablePPO that sees what plans cost."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("ppo_plan"))
