"""``agent=sarsa``: SARSA over tuned rules."""

from experiments.training.tabular import tabular_learner

PLUG = tabular_learner("sarsa")
