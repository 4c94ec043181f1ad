"""``env=joint agent=ppo``: MaskablePPO runs lines and site together."""

from experiments.training.joint import joint_lesson
from experiments.training.learner import Learner

PLUG = Learner(lesson=joint_lesson)
