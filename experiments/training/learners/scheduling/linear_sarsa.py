"""``agent=linear_sarsa``: SARSA over tuned rules, linear in the bins of the state."""

from experiments.training.tabular import tabular_learner

PLUG = tabular_learner("linear_sarsa")
