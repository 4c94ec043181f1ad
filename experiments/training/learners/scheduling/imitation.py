"""``agent=imitation``: imitation of the planner, and no more."""

from dataclasses import replace

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(replace(ppo_recipe("imitation"), only_imitates=True))
