"""Named randomness: repeatable, independent by name, uniform, with the stated mean and spread."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.kernel.streams import Streams, from_table, lognormal_table, uniforms

NAMES = [
    ("arrivals", "knit"),
    ("arrivals", "woven"),
    ("line", 3, "absence"),
    ("line", 4, "absence"),
    ("order", 17, "defects"),
    ("order", 17, "time"),
    ("order", 18, "time"),
]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_stream_begins_anew_whatever_else_was_drawn(name) -> None:
    streams = Streams(7)
    first = streams.generator(*name).random(5)
    streams.generator("arrivals", "knit").random(1000)
    np.testing.assert_array_equal(streams.generator(*name).random(5), first)
    assert streams.key(*name) == Streams(7).key(*name)


def test_every_name_and_seed_is_a_stream_of_its_own() -> None:
    keys = {int(Streams(seed).key(*name)) for seed in range(50) for name in NAMES}
    firsts = {Streams(seed).generator(*name).random() for seed in range(50) for name in NAMES}
    assert len(keys) == len(firsts) == 50 * len(NAMES)


def test_the_order_of_a_name_counts() -> None:
    assert Streams(1).key("a", "b") != Streams(1).key("b", "a")
    assert Streams(1).key("order", 1, "time") != Streams(1).key("order", 2, "time")


def test_neighbouring_streams_are_uncorrelated() -> None:
    n = 20_000
    draws = np.array(
        [uniforms(Streams(s).key("order", o, "time"), n) for s in (0, 1) for o in range(6)]
    )
    off = np.corrcoef(draws) - np.eye(12)
    assert np.abs(off).max() < 4.5 / np.sqrt(n)  # 66 pairs; standard error 1 / sqrt(n)
    within = [np.corrcoef(d[:-1], d[1:])[0, 1] for d in draws]
    assert np.abs(within).max() < 4.5 / np.sqrt(n)


def test_counter_draws_are_uniform() -> None:
    n, cells = 200_000, 100
    draws = uniforms(Streams(3).key("order", 1, "defects"), n)
    assert draws.min() >= 0.0
    assert draws.max() < 1.0
    counts = np.bincount((draws * cells).astype(int), minlength=cells)
    chi2 = ((counts - n / cells) ** 2 / (n / cells)).sum()
    # chi-square with 99 degrees of freedom: mean 99, sd sqrt(198) = 14.1; four of them
    assert abs(chi2 - 99.0) < 4 * 14.1


def test_a_longer_draw_begins_with_the_shorter_one() -> None:
    key = Streams(3).key("order", 1, "time")
    np.testing.assert_array_equal(uniforms(key, 100)[:10], uniforms(key, 10))


@pytest.mark.parametrize("cv", [0.1, 0.2, 0.5])
def test_the_noise_table_has_mean_one_exactly_and_the_stated_spread(cv) -> None:
    table = lognormal_table(cv)
    assert table.shape == (4096,)
    assert table.mean() == pytest.approx(1.0, abs=1e-12)
    assert table.std() == pytest.approx(cv, rel=0.01)
    assert (np.diff(table) > 0).all()
    # lognormal: the median is 1 / sqrt(1 + cv^2)
    assert np.median(table) == pytest.approx(1.0 / np.sqrt(1.0 + cv * cv), rel=1e-3)


def test_no_noise_is_a_factor_of_one() -> None:
    assert (lognormal_table(0.0) == 1.0).all()


def test_draws_from_the_table_keep_mean_and_spread() -> None:
    draws = from_table(Streams(3).key("order", 1, "time"), 1000, 100, lognormal_table(0.2))
    assert draws.shape == (1000, 100)
    assert draws.mean() == pytest.approx(1.0, abs=4 * 0.2 / np.sqrt(100_000))
    assert draws.std() == pytest.approx(0.2, rel=0.02)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed must be 0 or more"):
        Streams(-1)
