"""Recorded play of the scheduling environment, for imitation and offline learning.

>>> from factory_env.envs.datasets import load_dataset  # doctest: +SKIP
>>> load_dataset("small-v1").transitions().actions.shape  # doctest: +SKIP
"""

from factory_env.envs.datasets.dataset import Dataset, RecordedEpisode, Transitions
from factory_env.envs.datasets.reading import load_dataset

__all__ = ["Dataset", "RecordedEpisode", "Transitions", "load_dataset"]
