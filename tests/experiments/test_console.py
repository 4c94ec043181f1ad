"""``seamline <command>``: help of one screen, own version, completion, names of run folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.command.commands import list_commands, list_plugs, read_purpose
from experiments.command.completion import BASH, complete_line
from experiments.command.config_keys import read_groups, read_keys
from experiments.command.console import main
from experiments.command.own_words import take_own_words

ROOT = Path(__file__).parents[2]
LINES_OF_A_SCREEN = 60
SLOW = (
    "torch",
    "stable_baselines3",
    "sb3_contrib",
    "tensorboard",
    "pandas",
    "scipy.special",
    "pvlib",
)


def seamline(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "experiments", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_help_lists_every_command_on_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    out = capsys.readouterr().out
    assert len(out.splitlines()) <= 34  # a terminal of 36 lines: 22 commands
    for command in list_commands():
        assert command in out
        assert 20 < len(read_purpose(command)) <= 96, command


@pytest.mark.parametrize("command", list_commands())
def test_the_help_of_a_command_shows_its_keys_with_comments_on_one_screen(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([command, "--help"])
    out = capsys.readouterr().out
    assert len(out.splitlines()) <= LINES_OF_A_SCREEN + 10 * (
        command in ("train", "fit", "simulate")
    )
    for key in read_keys(command):
        assert f"{key.name}=" in out
        if key.comment and not key.is_group:
            assert key.comment.split()[0] in out


def test_the_help_of_simulate_names_rules_and_shipped_plants(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["simulate", "--help"])
    out = capsys.readouterr().out
    for word in ("atcs_match", "pretrained", "small", "pv_battery", "order book"):
        assert word in out


def test_the_version_is_that_of_the_product(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--version"])
    assert capsys.readouterr().out == "seamline 0.1.0\n"
    main(["simulate", "--version"])
    assert capsys.readouterr().out == "seamline 0.1.0\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["simulat"], "did you mean simulate?"),
        (["--nope"], "must be a command"),
        (["completion", "fish"], "must name a shell"),
        (["\x1b[31m"], "got '?[31m'"),
    ],
)
def test_what_is_no_command_ends_with_2_and_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert message.replace("'?[31m'", "") in err
    assert len(err.splitlines()) == 1


def test_rules_are_listed_without_importing_them() -> None:
    from agents import rules
    from factory_env.catalogue import plug_names

    assert list_plugs("agents/rules") == list(plug_names(rules))


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("seamline sim", "simulate"),
        ("seamline simulate pl", "plant="),
        ("seamline simulate plant=mi", "plant=mid"),
        ("seamline simulate plant=mid agent=atcs_", "agent=atcs_match"),
        ("seamline simulate pictures=", "pictures=false"),
        ("seamline evaluate eval.", "eval.episodes="),
        ("seamline train agent=", "agent=ppo"),
        ("seamline inspect-images ", "folder="),
        ("seamline completion ", "zsh"),
    ],
)
def test_the_tabulator_completes(line: str, word: str) -> None:
    assert word in complete_line(line)


def test_bash_completes_what_stands_behind_an_equals_sign(tmp_path: Path) -> None:
    (tmp_path / "seamline").write_text(f'#!/bin/sh\nexec {sys.executable} -m experiments "$@"\n')
    (tmp_path / "seamline").chmod(0o755)
    typed = "seamline simulate plant=mi"
    script = f"""{BASH}
COMP_LINE="{typed}"; COMP_POINT={len(typed)}
COMP_WORDS=(seamline simulate plant = mi); COMP_CWORD=4
_seamline; echo "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "mid", done.stderr


def test_groups_are_the_folders_of_conf() -> None:
    assert read_groups("simulate") == {
        "plant",
        "scenario",
        "disruptions",
        "demand",
        "site",
        "tariff",
        "inspector",
    }


def test_a_name_names_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = take_own_words("simulate", ["agent=edd", "name=june book", "json=true"])
    assert own.folder == Path("runs/simulate/june book")
    assert own.rest == ["agent=edd"]
    assert own.json
    assert not own.problems


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "-x", "a\nb", "x" * 101, "a."])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    (problem,) = take_own_words("simulate", [f"name={name}"]).problems
    assert "must be a folder" in problem.rule


def test_a_name_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("runs/simulate/old").mkdir(parents=True)
    (problem,) = take_own_words("simulate", ["name=old"]).problems
    assert problem.rule == "must be new"
    (problem,) = take_own_words("simulate", ["-m", "name=new", "seed=1,2"]).problems
    assert problem.rule == "is for one run"


def test_calibrate_keeps_its_own_name() -> None:
    assert take_own_words("calibrate", ["name=mine"]).rest == ["name=mine"]


def test_python_m_runs_a_command_and_brings_nothing_that_learns(tmp_path: Path) -> None:
    code = (
        "import sys; from experiments.command.console import main;"
        "main(['simulate', 'plant=small', 'pictures=false', 'name=first', 'json=false']);"
        f"print(sorted(set({SLOW}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "runs/simulate/first/summary.json").is_file()
    done = seamline("simulate", "agent=nobody", folder=tmp_path)
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["completion", "bash"], ["simulate", "--help"]])
def test_a_full_disk_is_one_line(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "experiments", *words],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == "seamline: No space left on device\n"


def test_only_what_learns_brings_what_learns() -> None:
    others = [name for name in list_commands() if name not in ("train", "fit", "search")]
    code = (
        f"import sys, {', '.join(f'experiments.{name}' for name in others)};"
        f"print(sorted(set({SLOW[:4]}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_importing_the_world_brings_neither_compiler_nor_learner() -> None:
    code = (
        "import sys, factory_env;"
        f"print(sorted(set({(*SLOW, 'numba', 'matplotlib')}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_front_door_has_every_name_it_promises() -> None:
    import factory_env

    for name in factory_env.__all__:
        assert getattr(factory_env, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = factory_env.nothing
