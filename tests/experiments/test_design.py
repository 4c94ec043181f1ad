"""`design.py`: sliders, ways, neighbours and reckonings, from the command line to the files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread, imsave

from experiments.command.options import read_options
from experiments.designing.existing import of_folder, of_season
from experiments.designing.options import DesignOptions
from experiments.designing.picture_value import picture_value, sewn_orders
from experiments.designing.reckoning import reckoned
from experiments.designing.session import session, studio_of
from experiments.designing.timing import designs_seconds
from factory_env import Scenario, load_scenario
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles
from factory_env.styling.drawer import Drawer
from factory_env.styling.mapping import look_at, styles_of
from tests.conftest import ROOT

PLAIN = DesignOptions(category="shirt", count=4, steps=3, nearest=2, seed=5)


@pytest.fixture(scope="module")
def drawn() -> Scenario:
    """The small plant on drawn designs."""
    return load_scenario("small", demand="drawn")


def main(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "experiments/design.py", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_leaves_sheets_pictures_and_a_row_a_design(tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = main(
        "demand=drawn",
        "plant=small",
        "category=dress",
        "count=3",
        "between=[1,17]",
        "steps=3",
        "sliders.complexity=0.8",
        f"hydra.run.dir={out}",
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert [row["design"] for row in found["designs"]] == [
        "0",
        "1",
        "2",
        "1 to 17, 0 %",
        "1 to 17, 50 %",
        "1 to 17, 100 %",
    ]
    assert found["slider_error"]["complexity"] < 0.2
    for row in found["designs"]:
        assert row["cost_usd"] == pytest.approx(row["labour_usd"] + row["fabric_usd"])
        assert row["cost_usd"] < row["price_usd"]
        assert list(row["pieces_per_day"]) == ["shirt-1"]
        assert 0.0 <= row["novelty"] <= 1.0
    assert len(list((out / "designs").glob("*.png"))) == 6
    assert imread(out / "designs" / "0.png").shape[:2] == (28, 28)
    for sheet in ("designs.png", "nearest.png"):
        picture = imread(out / sheet)
        assert picture.shape[1] > 600
        assert picture[:, :, :3].std() > 0.05  # something is drawn on it


@pytest.mark.slow
def test_a_wrong_command_names_everything_that_is_wrong_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = main(
        "demand=drawn",
        "category=gown",
        "count=0",
        "sliders.width=3",
        "between=[3]",
        f"hydra.run.dir={out}",
    )
    assert done.returncode == 2
    for words in ("category", "count", "sliders.width", "between", "4 problems"):
        assert words in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"count": 201}, "count"),
        ({"count": True}, "count"),
        ({"steps": 1}, "steps"),  # a way has two ends
        ({"between": [2, 2]}, "between"),  # no way
        ({"between": "3,17"}, "between"),
        ({"sliders": {"colour": 0.5}}, "sliders.colour"),
        ({"sliders": {"length": float("nan")}}, "sliders.length"),
        ({"fabric_usd_per_kg": -1}, "fabric_usd_per_kg"),
        ({"category": 3}, "category"),
    ],
)
def test_wrong_options_are_refused(change, field: str) -> None:
    gather = Gather()
    read_options(DesignOptions, change, gather)
    assert [p.field for p in gather.problems] == [field]


def test_design_number_n_is_the_same_whatever_else_is_drawn(drawn: Scenario) -> None:
    few, many = (session(drawn, replace(PLAIN, count=n)) for n in (2, 6))
    assert np.array_equal(few.look.pictures, many.look.pictures[:2])
    way = session(drawn, replace(PLAIN, count=1, between=(1, 4)))
    assert np.array_equal(way.look.pictures[1], many.look.pictures[1])
    assert np.array_equal(way.look.pictures[-1], many.look.pictures[4])


def test_complexity_by_slider_makes_designs_dearer_to_sew(drawn: Scenario) -> None:
    simple, rich = (session(drawn, replace(PLAIN, sliders={"complexity": c})) for c in (0.1, 0.9))
    minutes, usd, output = (
        [np.mean([key(r) for r in s.reckonings]) for s in (simple, rich)]
        for key in (
            lambda r: r.smv_min,
            lambda r: r.labour_usd,
            lambda r: max(r.lines.values()),
        )
    )
    assert minutes[1] > 1.1 * minutes[0]
    assert usd[1] > 1.1 * usd[0]
    assert output[1] < output[0] / 1.1


def test_labour_falls_with_the_size_of_the_order_and_fabric_does_not(drawn: Scenario) -> None:
    season = season_styles(drawn, Streams(0))
    small, large = (
        reckoned(drawn, season, season[:3], pieces=n, fabric_usd_per_kg=6.5) for n in (600, 6000)
    )
    for a, b in zip(small, large, strict=True):
        assert a.labour_usd > b.labour_usd
        assert a.fabric_usd == b.fabric_usd
        assert a.cost_usd == a.labour_usd + a.fabric_usd


def test_a_scenario_without_a_drawing_source_is_refused(short: Scenario) -> None:
    with pytest.raises(InputError, match="demand=gan or demand=drawn"):
        studio_of(short)


def test_the_neighbour_of_a_season_design_is_itself(drawn: Scenario) -> None:
    found = of_season(season_styles(drawn, Streams(0)))
    eye = studio_of(drawn).classifier
    again = eye.features((found.pictures / 255.0).astype(np.float32))
    apart = np.linalg.norm(again[:, None] - found.features[None], axis=2)
    assert apart.argmin(axis=1).tolist() == list(range(len(found.names)))


def test_a_folder_of_own_pictures_is_compared_with(drawn: Scenario, tmp_path: Path) -> None:
    season = of_season(season_styles(drawn, Streams(0)))
    for name, picture in zip("ab", season.pictures[:2], strict=True):
        imsave(tmp_path / f"{name}.png", np.dstack([picture] * 3))
    found = session(drawn, replace(PLAIN, data_dir=str(tmp_path)))
    assert found.existing.names == ("a", "b")
    assert np.array_equal(found.existing.pictures, season.pictures[:2])
    assert found.existing.features == pytest.approx(season.features[:2], abs=1e-3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda f: None, "train-images-idx3-ubyte"),  # an empty folder
        (lambda f: (f / "a.png").write_bytes(b"no picture"), "must be a PNG picture"),
        (lambda f: imsave(f / "a.png", np.zeros((20, 28))), "must have 28 x 28 pixels"),
        (lambda f: imsave(f / "a.png", np.zeros((28, 28))), "must hold 2 pictures or more"),
        (lambda f: f.rmdir(), "must be a folder"),
    ],
)
def test_a_wrong_folder_is_refused(make, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    make(folder)
    with pytest.raises(InputError, match=words):
        of_folder(str(folder), 0, Drawer().classifier)


@pytest.mark.slow
def test_real_garments_can_be_the_existing_designs(drawn: Scenario, data_dir: Path) -> None:
    found = session(drawn, replace(PLAIN, data_dir=str(data_dir / "fashion_mnist")))
    assert len(found.existing.names) == 6000  # shirts of the training pictures
    assert found.existing.names[0].startswith("picture")


def test_two_hundred_designs_become_styles_in_half_a_second() -> None:
    assert designs_seconds(Drawer(), rounds=3) < 0.5


def test_styles_of_two_hundred_designs_are_those_of_each_alone() -> None:
    drawer, category = Drawer(), np.arange(12) % 6
    pictures = drawer.draw(category, drawer.latents(12, np.random.default_rng(1)))
    products = load_scenario("small").library.products
    together = styles_of(look_at(pictures, drawer.classifier), products)
    for i, style in enumerate(together):
        alone = styles_of(look_at(pictures[i : i + 1], drawer.classifier), products)[0]
        assert alone.product.operations == style.product.operations
        assert alone.smv_min == pytest.approx(style.smv_min)


@pytest.mark.slow
def test_with_shuffled_pictures_the_cost_of_schedules_is_predicted_worse(drawn: Scenario) -> None:
    from agents.rules.atcs import Atcs

    runs = sewn_orders(drawn, Atcs(), range(24))
    value = picture_value(runs, np.random.default_rng(1))
    assert value.order_error["true"] < 0.95 * value.order_error["shuffled"]
    assert value.r2["true"] > value.r2["shuffled"]
    # a shuffled picture is worth no more than none
    assert value.order_error["shuffled"] == pytest.approx(value.order_error["none"], rel=0.05)
