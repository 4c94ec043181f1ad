"""Without pictures the live camera shows designs, and expects what the bank says of these."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.inspectors.cnn import Cnn
from factory_env.inspectors.cnn_live import CnnLive
from factory_env.presets import load_scenario


@pytest.mark.parametrize(("pictures", "kind"), [(None, "new_styles"), (".", "none")])
def test_the_live_camera_expects_what_it_is_shown(pictures, kind) -> None:
    keys = {"inspection.pictures": pictures}
    live, table = (
        load_scenario("small", inspector=name, overrides=more)
        for name, more in (("cnn_live", keys), ("cnn", {"inspection.drift.kind": kind}))
    )
    styles = Catalogue().collection(live.library.products, np.random.default_rng(0))
    mine, bank = CnnLive.of(live, styles), Cnn.of(table, styles)
    np.testing.assert_array_equal(mine.marked(0, 0.0, 1.0), bank.marked(0, 0.0, 1.0))
    for a, b in zip(
        mine.expected(0, 0.0, 0.05, np.ones(1)),
        bank.expected(0, 0.0, 0.05, np.ones(1)),
        strict=True,
    ):
        np.testing.assert_array_equal(a, b)
