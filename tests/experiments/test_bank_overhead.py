"""The benchmark of the bank: it times the inspector inside the run, and nothing else."""

from __future__ import annotations

import pytest

from benchmarks.pairs import pairs_from
from experiments.fitting.camera.bank_overhead import measure


def test_the_inspectors_share_is_measured_inside_the_run() -> None:
    found = measure(pairs=2, plant="small")
    assert 0.0 <= found.share_low <= found.share <= found.share_high < 0.5
    assert found.ratio > 0.0
    assert found.pieces_per_s > 1e5


@pytest.mark.parametrize("words", [["0"], ["-3"], ["2.5"], ["many"], [""], ["10001"], ["3", "4"]])
def test_a_wrong_number_of_pairs_is_said_on_one_line(words, capsys) -> None:
    with pytest.raises(SystemExit) as end:
        pairs_from(words, 40)
    assert end.value.code == 2
    assert "pairs: must be one whole number from 1 to 10,000" in capsys.readouterr().err


def test_pairs_are_those_asked_for() -> None:
    assert (pairs_from([], 40), pairs_from(["7"], 40)) == (40, 7)
