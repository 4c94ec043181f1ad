"""The learner whose settings are searched."""

from __future__ import annotations

from experiments.training.choice import FILES, SCHEDULING, load_learner
from experiments.training.learner import Learner
from experiments.training.options import TrainOptions
from factory_env.door.gather import Gather
from factory_env.errors import wrong


def searched_learner(options: TrainOptions, gather: Gather) -> Learner:
    """The learner that the options name.

    Raises
    ------
    InputError
        With what ``gather`` has so far, if it is none that can be searched.
    """
    if not options.has_learner:
        gather.done()
    learner = load_learner(SCHEDULING, options.learner)
    if learner.recipe is None:
        known = [name for name in FILES[SCHEDULING] if load_learner(SCHEDULING, name).recipe]
        right = "agent=" + " or agent=".join(known)
        gather.add([wrong("command line", "agent", "is not searched", options.learner, right)])
        gather.done()
    return learner
