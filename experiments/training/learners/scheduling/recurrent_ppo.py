"""``agent=recurrent_ppo``: PPO with a network that remembers the run, masked inside."""

from agents.deep.recurrent_ppo import RecurrentPpoSettings, build_recurrent_ppo
from experiments.training.recipe import Recipe, discount_callbacks
from experiments.training.scheduling import lines_learner

PLUG = lines_learner(
    Recipe(
        name="recurrent_ppo",
        settings=RecurrentPpoSettings,
        build=build_recurrent_ppo,
        callbacks=discount_callbacks,
    )
)
