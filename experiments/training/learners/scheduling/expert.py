"""``agent=expert``: imitation of the planner, then PPO, then of the planner that it guides."""

from experiments.training.recipe import ppo_recipe
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(ppo_recipe("expert"))
