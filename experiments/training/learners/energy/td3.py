"""``env=energy agent=td3``: twin delayed deterministic policy gradient runs the site."""

from experiments.training.energy import energy_lesson
from experiments.training.learner import Learner

PLUG = Learner(lesson=energy_lesson)
