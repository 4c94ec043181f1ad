"""The command line: all mistakes at once with exit code 2, nothing written, honest endings."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.building.policy import policies_from, rule_from
from experiments.building.scenario import scenario_from
from experiments.command.main import run_main
from experiments.command.run_folder import RunFolder, versions
from experiments.simulating.options import SimulateOptions
from experiments.simulating.start import start_from
from factory_env.door.gather import Gather
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError
from factory_env.presets import CONF

Main = Callable[..., tuple[int, str, str]]


def check(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
    """What every main does first."""
    scenario = gather(scenario_from, options)
    gather(policies_from, options, options.agent, options.params)
    gather.done()
    assert scenario is not None
    return {
        "lines": len(scenario.plant.lines),
        "load": scenario.demand.load,
        "presses": scenario.plant.rooms.presses,
        "agent": options.agent,
    }


@pytest.fixture
def main(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Main:
    """Runs a main in an empty folder; returns exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str, task: Any = check) -> tuple[int, str, str]:
        code = 0
        try:
            run_main("simulate", task, argv)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_overrides_reach_the_task_and_the_summary_is_the_last_line(main: Main) -> None:
    code, out, _ = main(
        "plant=small", "plant.rooms.presses=7", "scenario.demand.load=1.0", "agent=edd"
    )
    summary = json.loads(out.splitlines()[-1])
    assert code == 0
    assert (summary["lines"], summary["presses"], summary["load"]) == (3, 7, 1.0)
    folder = Path(summary["run_folder"])
    assert folder.parent == Path("runs/simulate")
    assert json.loads((folder / "summary.json").read_text()) == summary
    assert "presses: 7" in (folder / "config.yaml").read_text()
    assert json.loads((folder / "versions.json").read_text())["packages"]["numpy"]


def test_all_wrong_words_and_values_are_reported_together(main: Main, tmp_path: Path) -> None:
    code, out, err = main(
        "plant=smal", "plant.rooms.preses=1", "load=2", "foo", "seed=1,2", "scenario.noise.cv=-1"
    )
    assert code == 2
    assert out == ""
    for words in (
        "did you mean small",
        "plant.rooms.presses",
        "scenario.demand.load",
        "key=value",
        "put -m in front",
        "command line scenario.noise.cv=-1: noise.cv",
    ):
        assert words in err
    assert "6 problems" in err
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_file_is_named_with_its_line(main: Main) -> None:
    text = (CONF / "plant" / "small.yaml").read_text().replace("operators: 40", "operators: 0")
    Path("mine.yaml").write_text(text)
    line = next(i for i, s in enumerate(text.splitlines(), 1) if "operators: 0" in s)
    code, _, err = main("plant=mine.yaml")
    assert code == 2
    assert f"mine.yaml:{line}: lines[1].operators" in err
    assert not Path("runs").exists()


def test_a_users_own_files_take_overrides_too(main: Main) -> None:
    Path("mine.yaml").write_text((CONF / "plant" / "small.yaml").read_text())
    Path("busy.yaml").write_text((CONF / "scenario" / "default.yaml").read_text())
    code, out, _ = main(
        "plant=mine.yaml", "scenario=busy.yaml", "plant.rooms.presses=9", "scenario.demand.load=1.2"
    )
    summary = json.loads(out.splitlines()[-1])
    assert (code, summary["presses"], summary["load"]) == (0, 9, 1.2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("agent=atsc",), "did you mean atc"),
        (("params.k9=1",), "must be a parameter of atcs"),
        (("params.k1=-1",), "number more than 0"),
        (("plant=nowhere.yaml",), "nowhere.yaml"),
        (("scenario.calendar.shift_end_min=100",), "must not be empty"),
        (("plant.lines.0.operators=0",), "lines[0].operators"),
        (("hydra.run.dir=full",), "new or empty folder"),
    ],
)
def test_wrong_input_ends_with_2(main: Main, words: tuple[str, ...], message: str) -> None:
    Path("full").mkdir()
    Path("full/file").write_text("kept")
    code, out, err = main(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(p.name for p in Path().iterdir()) == ["full"]


@pytest.mark.slow
def test_many_runs_with_m_get_folders_of_their_own(main: Main) -> None:
    code, out, _ = main("-m", "plant=small", "scenario.demand.load=0.9,1.0")
    folders = [json.loads(s)["run_folder"] for s in out.splitlines() if s.startswith("{")]
    assert code == 0
    assert len(set(folders)) == 2


def test_ctrl_c_ends_with_130_and_one_line(main: Main) -> None:
    def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        raise KeyboardInterrupt

    code, _, err = main(task=task)
    assert code == 130
    assert err.strip() == "simulate: interrupted"


def test_a_folder_with_results_survives_a_late_error(main: Main) -> None:
    def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        (run.path / "checkpoint").write_text("hours of work")
        rule_from("nothing")
        return {}

    code, _, _ = main(task=task)
    assert code == 2
    assert len(list(Path("runs/simulate").glob("*/checkpoint"))) == 1


def test_a_rule_takes_its_parameters() -> None:
    assert rule_from("atcs", {"k1": 3}, "none").k1 == 3.0  # type: ignore[attr-defined]
    with pytest.raises(InputError):
        rule_from("fifo", {"k1": 3}, "none")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plant.lines[9].operators=3",), "plant.lines.9.operators: must be a known key"),
        (("plant.lines.polo-9.operators=3",), "did you mean plant.lines.polo-1.operators"),
        (("seed=${oc.env:HOME}",), "is not filled in"),
        (("agent=${nothing}",), "is not filled in"),
        (("agent=???",), "must be given"),
        (("seed=1#2",), "must be a whole number"),
        (("seed=[1",), "close every bracket"),
        (("seed=99999999999999999999",), "at most 18 digits"),
        (("~seed",), "no key can be taken away"),
        (("+foo=1",), "must be a known key"),
        (("hydra.verbose=true",), "not offered"),
        (("--config-name", "nope"), "must be a known flag"),
        (("--config-dir", "/nowhere"), "must be a known flag"),
        (("--experimental-rerun", "x.pickle"), "must be a known flag"),
        (("-m", "seed=glob(*)"), "glob chooses among shipped files"),
        (("-m", "seed=range(1,1e9)"), "at most 10000 runs"),
        (("-m", "seed=range(1,5,0)"), "values that can be counted"),
        (("-m", "plant=glob(nope)"), "must fit a shipped file"),
        (("-m", "seed=1,2", "hydra.run.dir=x"), "is for one run"),
        (("plant=/dev/zero",), "must be a shipped plant"),
        (("plant=nope.yaml", "plant.lines.9.operators=3"), "must be a known plant"),
        (("orders=nope (1), März.csv",), "must be a readable file"),
    ],
)
def test_one_wrong_word_is_one_problem(main: Main, words: tuple[str, ...], message: str) -> None:
    def check_orders(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        gather(start_from, options)
        return check(options, run, gather)

    has_plant = any(word.startswith("plant=") for word in words)
    code, out, err = main(*(() if has_plant else ("plant=small",)), *words, task=check_orders)
    assert (code, out) == (2, "")
    assert "1 problem in the input" in err
    assert message in err
    assert list(Path().iterdir()) == []


def test_an_item_of_a_list_goes_by_number_in_brackets_or_by_name(main: Main) -> None:
    def count(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, Any]:
        gather.done()
        lines = scenario_from(options).plant.lines
        return {line.name: line.operators for line in lines}

    words = ("plant.lines[0].operators=33", "plant.lines.polo-1.operators=41")
    _, out, _ = main("plant=small", *words, task=count)
    summary = json.loads(out.splitlines()[-1])
    assert (summary["tee-1"], summary["polo-1"], summary["shirt-1"]) == (33, 41, 55)


@pytest.mark.parametrize("name", ["böse (1), #&=.yaml", "${oc.env:HOME}.yaml", "it's [2].yaml"])
def test_a_plant_of_any_name_is_read_and_noted_as_it_is(main: Main, name: str) -> None:
    Path(name).write_text((CONF / "plant" / "small.yaml").read_text())
    code, out, _ = main(f"plant={name}", "plant.rooms.presses=9")
    summary = json.loads(out.splitlines()[-1])
    assert (code, summary["presses"]) == (0, 9)
    config = read_yaml(Path(summary["run_folder"]) / "config.yaml", literal=True)
    assert config["sources"]["plant"] == name


@pytest.mark.slow
def test_a_sweep_over_shipped_files_runs_each(main: Main) -> None:
    code, out, _ = main("-m", "plant=glob(*a*)")
    counts = [json.loads(s)["lines"] for s in out.splitlines() if s.startswith("{")]
    assert code == 0
    assert counts == [16, 3]  # large and small


def test_a_commit_is_that_of_the_packages_own_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    words = ["commit", "-q", "--allow-empty", "-m", "somebody's"]
    subprocess.run([*git, *words], cwd=tmp_path, check=True)
    monkeypatch.setattr("experiments.command.run_folder.ROOT", tmp_path)
    monkeypatch.setattr("experiments.command.run_folder.__file__", str(tmp_path / "lib" / "a.py"))
    assert versions()["commit"] is None


def test_a_key_with_two_values_is_noted_and_the_last_one_counts(main: Main) -> None:
    _, _, err = main("seed=1", "seed=2", "agent=EDD")
    assert "note: seed: given twice, '1' and '2'; the last one counts" in err


def test_a_line_that_is_none_is_answered_with_the_names_of_the_lines(main: Main) -> None:
    code, _, err = main("plant.lines.nope.operators=3")
    assert code == 2
    assert "known here: 0 to 7, tee-1" in err


def test_a_rule_in_capitals_is_answered_with_its_name(main: Main) -> None:
    code, _, err = main("agent=EDD")
    assert code == 2
    assert "did you mean edd?" in err


def test_a_key_without_a_value_is_refused(main: Main) -> None:
    code, _, err = main("orders=")
    assert code == 2
    assert "orders: must have a value; got nothing" in err


def test_the_folder_of_a_run_that_ended_early_is_called_so(main: Main) -> None:
    Path("runs/simulate/june").mkdir(parents=True)
    code, _, err = main("name=june")
    assert code == 2
    assert "holds no finished run" in err
