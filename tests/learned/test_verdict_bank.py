"""The table of the network's verdicts, and the inspector that draws from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.ports import Pieces
from factory_env.errors import InputError
from factory_env.inspectors.cnn import Cnn
from factory_env.learned.defects import KINDS, UNSEEN
from factory_env.learned.scores import roc_auc
from factory_env.learned.verdict_bank import VerdictBank, load_bank
from factory_env.library import load_library

ROOT = Path(__file__).parents[2]
N = 10_000
LUCK = (np.arange(N) + 0.5) / N  # every quantile once: rates are exact


def made_bank() -> VerdictBank:
    """Sound pieces score 0 to 0.5, defective ones 0.5 to 1, 100 of each."""
    probability = np.tile(np.linspace(0.5, 1.0, 100, dtype=np.float32), (len(KINDS), 1))
    probability[0] -= 0.5
    return VerdictBank(probability=probability)


def code(name: str) -> int:
    return 1 + [kind.name for kind in load_library().defects].index(name)


def flagged(inspector: Cnn, defect: int) -> float:
    given = Pieces(
        defect=np.full(N, defect, np.int8), severity=LUCK, shift_hour=np.zeros(N), luck=LUCK
    )
    return float(inspector.judge(given).mean())


def test_a_table_comes_back_as_it_was_written(tmp_path) -> None:
    made_bank().save(tmp_path / "bank.npz")
    found = load_bank(tmp_path / "bank.npz")
    assert np.array_equal(found.probability, made_bank().probability)
    assert [p.name for p in tmp_path.iterdir()] == ["bank.npz"]


@pytest.mark.parametrize("content", [b"", b"no table", b"PK\x03\x04 cut off"])
def test_a_damaged_table_is_told(tmp_path, content) -> None:
    (tmp_path / "bank.npz").write_bytes(content)
    with pytest.raises(InputError, match="must be a table of verdicts"):
        load_bank(tmp_path / "bank.npz")


def test_a_missing_table_and_one_of_other_kinds_are_told(tmp_path) -> None:
    with pytest.raises(InputError, match="must be a table"):
        load_bank(tmp_path / "bank.npz")
    np.savez(tmp_path / "bank.npz", kinds=np.array(["sound"]), probability=np.ones((1, 3)))
    with pytest.raises(InputError, match="must hold a row for each of"):
        load_bank(tmp_path / "bank.npz")
    np.savez(tmp_path / "bank.npz", kinds=np.array(KINDS), probability=np.full((8, 3), 2.0))
    with pytest.raises(InputError, match="must hold probabilities"):
        load_bank(tmp_path / "bank.npz")


def test_the_threshold_weighs_a_second_look_against_an_escape() -> None:
    # at the gate 1 in 5 is defective, a look costs 1, an escape 9: flag above 1 / 10.
    # p = 0.1 at the gate is odds 1/9; odds where half are defective: 1/9 x 0.8 / 0.2 = 4/9
    inspector = Cnn(false_alarm_usd=1.0, escape_usd=9.0, defective_share=0.2, bank=made_bank())
    assert inspector.threshold == pytest.approx((4 / 9) / (1 + 4 / 9))


def test_seen_kinds_are_flagged_as_often_as_the_table_says_or_by_the_persons_false_alarm() -> None:
    inspector = Cnn(false_alarm_usd=3.0, escape_usd=1.0, defective_share=0.5, bank=made_bank())
    assert inspector.threshold == pytest.approx(0.75)  # the upper half of each defective row
    for name in KINDS[1:]:
        assert flagged(inspector, code(name)) == pytest.approx(0.5 + 0.5 * 0.02, abs=0.005), name
    assert flagged(inspector, 0) == pytest.approx(0.02, abs=0.005)


def test_kinds_that_no_camera_sees_are_left_to_the_person() -> None:
    inspector = Cnn(false_alarm_usd=3.0, escape_usd=1.0, defective_share=0.5, bank=made_bank())
    for name in UNSEEN:
        assert flagged(inspector, code(name)) == pytest.approx(0.85, abs=0.005), name


def test_a_run_with_the_bank_imports_no_torch() -> None:
    program = "import sys, factory_env.inspectors.cnn as c; c.Cnn(); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_shipped_table_tells_sound_pieces_from_defective_ones() -> None:
    probability = load_bank().probability
    for row, name in enumerate(KINDS[1:], start=1):
        assert roc_auc(probability[row], probability[0]) > 0.7, name
