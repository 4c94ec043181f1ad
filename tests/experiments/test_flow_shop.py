"""The sewing line as a permutation flow shop: NEH and makespans of Taillard's instances."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from agents.exact.neh import neh_sequence
from experiments.validating.flow_shop import makespan, read_instance, read_sequence
from factory_env.errors import InputError

QUICK = ("tai001", "tai002", "tai015", "tai021", "tai036", "tai048", "tai060")


def listed(data_dir: Path) -> dict[str, dict[str, str]]:
    with (data_dir / "scheduling" / "pfsp" / "bounds.csv").open() as file:
        return {row["instance"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", QUICK)
def test_the_line_gives_the_listed_neh_makespan(name: str, data_dir: Path) -> None:
    row = listed(data_dir)[name]
    times = read_instance(data_dir / "scheduling" / row["path"])
    assert makespan(times, neh_sequence(times)) == float(row["neh_makespan"])


@pytest.mark.slow
def test_the_line_gives_every_listed_neh_makespan(data_dir: Path) -> None:
    rows = listed(data_dir)
    assert len(rows) == 60
    for row in rows.values():
        times = read_instance(data_dir / "scheduling" / row["path"])
        assert makespan(times, neh_sequence(times)) == float(row["neh_makespan"]), row


def test_a_hand_computed_makespan() -> None:
    # job 0: 2 then 3, job 1: 4 then 1. Order 0, 1: machine 1 ends 2, 6; machine 2 ends 5, 7
    times = np.array([[2, 3], [4, 1]])
    assert makespan(times, np.array([0, 1])) == 7.0
    assert makespan(times, np.array([1, 0])) == 9.0  # machine 1: 4, 6; machine 2: 5, 9


def test_any_permutation_agrees_with_the_textbook_recursion() -> None:
    rng = np.random.default_rng(3)
    times = rng.integers(0, 50, size=(12, 7))  # zeros included
    for _ in range(20):
        sequence = rng.permutation(12)
        done = np.zeros(8)
        for job in sequence:
            for k in range(7):
                done[k + 1] = max(done[k + 1], done[k]) + times[job, k]
        assert makespan(times, sequence) == done[-1]


@pytest.mark.parametrize(
    ("text", "first"), [("0 1 2", 0), ("1\n2\n3\n", 1), ("2, 1, 3", 1), ("2 0 1", 0)]
)
def test_jobs_count_from_0_or_1(tmp_path: Path, text: str, first: int) -> None:
    (tmp_path / "s").write_text(text)
    sequence, counted_from = read_sequence(tmp_path / "s", 3)
    assert counted_from == first
    assert sorted(sequence.tolist()) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["must hold jobs and machines"]),
        ("2 2 1 2 3", ["2 x 2 = 4 times; got 3"]),
        ("2 1 4 -3", [":1: times: must not be negative; got -3"]),
        ("0 3", ["jobs: must be at least 1"]),
        ("2 1\n4 x\n1.5 y", [":2: number", "'x'", ":3: number", "'1.5'", "'y'"]),
    ],
)
def test_a_wrong_instance_is_reported(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "f.txt").write_text(text)
    with pytest.raises(InputError) as caught:
        read_instance(tmp_path / "f.txt")
    assert all(w in str(caught.value) for w in words)


def test_a_wrong_sequence_is_reported_whole(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("1\n1\n7\n")
    with pytest.raises(InputError) as caught:
        read_sequence(tmp_path / "s", 3)
    text = str(caught.value)
    assert all(w in text for w in (":2: job: must be there once", ":3: job", "2, 3 missing"))
