"""The table of the network's verdicts: how it is kept, and what the shipped one says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from factory_env.errors import InputError
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.verdict_bank import (
    CONDITIONS,
    SEEN,
    VerdictBank,
    load_bank,
    shipped_bank,
)
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.scores import roc_auc

ROOT = Path(__file__).parents[3]
CELLS = (len(CONDITIONS), len(GARMENTS))
K = len(SEEN)


def made_bank() -> VerdictBank:
    """Four sound answers and two a cell, each as large as its place in the table tells."""
    sound = np.arange(4)[::-1, None] * np.full((*CELLS, 4, K), 0.01)
    bins = 0.02 * (1 + np.arange(5)[:, None, None])
    defective = bins + np.array([[0.01], [0.0]]) * np.ones((*CELLS, K, 5, 2, K))
    half = (part.astype(np.float16).astype(np.float32) for part in (sound, defective))
    return VerdictBank(**dict(zip(("sound", "defective"), half, strict=True)))


def test_a_table_comes_back_as_it_was_written(tmp_path) -> None:
    made_bank().save(tmp_path / "bank.npz")
    found = load_bank(tmp_path / "bank.npz")
    assert np.array_equal(found.sound, made_bank().sound)
    assert np.array_equal(found.defective, made_bank().defective)
    assert np.array_equal(found.ratio, made_bank().ratio)
    assert [p.name for p in tmp_path.iterdir()] == ["bank.npz"]


def test_the_entries_of_a_state_lie_where_the_table_says() -> None:
    bank, states = made_bank(), np.arange(len(KINDS))
    flat = bank.ratio[1, 2]
    assert bank.count(states).tolist() == [4] + [2] * K
    for state, first in zip(states, bank.first(states), strict=True):
        own = bank.sound[1, 2] if state == 0 else bank.defective[1, 2, state - 1].reshape(-1, K)
        ratio = own / (1 - own.sum(-1, keepdims=True))
        np.testing.assert_allclose(flat[first : first + len(own)], ratio, rtol=1e-5)


@pytest.mark.parametrize("content", [b"", b"no table", b"PK\x03\x04 cut off"])
def test_a_damaged_table_is_told(tmp_path, content) -> None:
    (tmp_path / "bank.npz").write_bytes(content)
    with pytest.raises(InputError, match="must be a table of verdicts") as error:
        load_bank(tmp_path / "bank.npz")
    assert "allow_pickle" not in str(error.value), "nobody is told to unpickle"


def test_a_missing_table_and_one_of_other_axes_or_numbers_are_told(tmp_path) -> None:
    path, bank = tmp_path / "bank.npz", made_bank()
    with pytest.raises(InputError, match="must be a table"):
        load_bank(path)
    names = {"kinds": KINDS, "garments": GARMENTS, "conditions": CONDITIONS}
    parts = {"sound": bank.sound, "defective": bank.defective}
    for change, words in (
        ({"kinds": ("sound",)}, "kinds must be sound, stain"),
        ({"garments": ("tee", "hat")}, "garments must be tee"),
        ({"sound": bank.sound[:, :5]}, "must hold answers for every"),
        ({"defective": bank.defective[..., 0]}, "must hold answers for every"),
        ({"sound": bank.sound + 2}, "must hold probabilities"),
        ({"defective": bank.defective * np.nan}, "must hold probabilities"),
    ):
        np.savez(path, **{k: np.array(v) for k, v in {**names, **parts, **change}.items()})
        with pytest.raises(InputError, match=words):
            load_bank(path)


def test_a_run_with_the_bank_imports_no_torch() -> None:
    program = (
        "import sys, factory_env.inspectors.cnn_live, factory_env.inspectors.cnn as c\n"
        "from factory_env import load_scenario\n"
        "c.Cnn.of(load_scenario('small'), ())\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_shipped_table_tells_sound_pieces_from_defective_ones_the_more_the_worse() -> None:
    bank = shipped_bank()
    sound, defective = bank.sound.sum(-1)[0], bank.defective.sum(-1)[0]
    for k, name in enumerate(SEEN):
        area = [roc_auc(defective[:, k, b].ravel(), sound.ravel()) for b in range(bank.bins)]
        assert np.mean(area) > 0.7, name
        assert area[-1] > area[0], name


def test_drift_makes_the_network_worse() -> None:
    """Far off in light, it takes more sound pieces for defective, or tells fewer apart."""
    bank = shipped_bank()
    area = {
        condition: roc_auc(bank.defective.sum(-1)[i].ravel(), bank.sound.sum(-1)[i].ravel())
        for i, condition in enumerate(CONDITIONS)
    }
    assert area["lighting"] < area["usual"] - 0.01
    assert area["new_styles"] < area["usual"]
