"""The figures of the house that need runs are read from what the commands leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.counting import proofs
from benchmarks.house import TARGETS, read_options

EVALUATE = """
import json, sys
from pathlib import Path
[folder] = [w.partition("=")[2] for w in sys.argv[1:] if w.startswith("hydra.run.dir=")]
assert "agent=pretrained" in sys.argv
Path(folder).mkdir(exist_ok=True)
Path(folder, "summary.json").write_text(json.dumps({"agent_total_cost_usd": 123.5}))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A house of two commands that answer at once, and two folders of tests."""
    for file, text in {
        "experiments/evaluate.py": EVALUATE,
        "benchmarks/speed.py": "print('a table')\nprint('{\"decision_in_simpy_cycles\": 90.5}')\n",
        "tests/golden/test_a.py": "def test_a(): assert True\n",
        "tests/laws/test_b.py": "def test_b(): assert False\n",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_cost_is_read_from_the_summary_of_a_run(checkout) -> None:
    assert proofs.total_cost_usd(checkout) == 123.5


def test_the_speed_is_read_from_the_last_line(checkout) -> None:
    assert proofs.decision_in_simpy_cycles(checkout) == 90.5


@pytest.mark.slow
def test_tests_that_fail_are_told(checkout) -> None:
    assert proofs.passes(checkout, ("tests/golden",)) is True
    assert proofs.passes(checkout, ("tests/golden", "tests/laws")) is False


def test_a_command_that_fails_ends_the_measurement_with_its_words(checkout) -> None:
    (checkout / "experiments" / "evaluate.py").write_text("raise SystemExit('no agent')")
    with pytest.raises(SystemExit, match="no agent"):
        proofs.total_cost_usd(checkout)


def test_every_proof_has_a_target_and_the_long_one_is_left_out_unless_asked_for() -> None:
    short, whole = (proofs.proofs(Path("."), with_all_tests=w) for w in (False, True))
    assert whole.keys() == TARGETS.keys()
    assert whole.keys() - short.keys() == {proofs.MINUTES}


def test_the_options_of_the_command_are_read(checkout) -> None:
    (checkout / "factory_env").mkdir()
    options = read_options([f"root={checkout}", "show=circles", "runs=true", "json=false"])
    assert options.root == checkout.resolve()
    assert (options.show, options.runs, options.json, options.tests) == (
        "circles",
        True,
        False,
        False,
    )
    with pytest.raises(SystemExit, match="cannot read 'runs=maybe'"):
        read_options(["runs=maybe"])
