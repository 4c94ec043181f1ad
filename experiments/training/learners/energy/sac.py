"""``env=energy agent=sac``: soft actor-critic runs the site."""

from experiments.training.energy import energy_lesson
from experiments.training.learner import Learner

PLUG = Learner(lesson=energy_lesson)
