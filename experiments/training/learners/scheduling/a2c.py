"""``agent=a2c``: masked advantage actor-critic with the order-scoring network."""

from agents.deep.a2c import A2cSettings, build_a2c
from experiments.training.recipe import Recipe, discount_callbacks
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(
    Recipe(name="a2c", settings=A2cSettings, build=build_a2c, callbacks=discount_callbacks)
)
