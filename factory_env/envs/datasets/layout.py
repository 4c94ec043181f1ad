"""Where a dataset's parts lie on disk: Minari's layout, version 0.5.

``<name>/data/main_data.hdf5`` holds a group ``episode_<i>`` each, ``<name>/data/metadata.json`` the
rest; `minari.load_dataset` reads it as it is.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from factory_env.extras import how_to_install

if find_spec("h5py") is None:  # an optional dependency
    raise ImportError(f"datasets need h5py: {how_to_install('offline')}")

DATA: Final = "data"
ARRAYS: Final = "main_data.hdf5"
METADATA: Final = "metadata.json"
OWN: Final = "seamline"  # key of the metadata with what is ours
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "datasets"
# arrays of an episode beside its observations and infos
PLAIN: Final = ("actions", "rewards", "terminations", "truncations")
