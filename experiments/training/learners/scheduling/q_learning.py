"""``agent=q_learning``: Q-learning over tuned rules."""

from experiments.training.tabular import tabular_learner

PLUG = tabular_learner("q_learning")
