"""``env=energy agent=es``: the numbers of the look-ahead learn on recorded runs."""

from experiments.training.es import es_lesson
from experiments.training.learner import Learner

PLUG = Learner(lesson=es_lesson)
