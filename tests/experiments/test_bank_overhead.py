"""The benchmark of the bank: it times the inspector inside the run, and nothing else."""

from __future__ import annotations

from experiments.bank_overhead import measure


def test_the_inspectors_share_is_measured_inside_the_run() -> None:
    found = measure(pairs=2, plant="small")
    assert 0.0 <= found.share_low <= found.share <= found.share_high < 0.5
    assert found.ratio > 0.0
    assert found.pieces_per_s > 1e5
