"""Words as they were typed: which are files, which flags there are, how lists are pointed into."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from experiments.command.words import (
    point_key,
    quote_path,
    refuse_word,
    split_words,
)

NAMES = (
    "bücher.csv",
    "订单.csv",
    "a#b.csv",
    "book (1).csv",
    "a&b.csv",
    "a=b.csv",
    "a[1].csv",
    "a{b}.csv",
    "it's.csv",
    'q"q.csv',
    "a,b.csv",
    "~x.csv",
    "a b.csv",
    "${oc.env:HOME}.csv",
    "a;b|c<d>.csv",
    "back\\slash.csv",
    "end\\",
    "100%.csv",
    "a:b.csv",
    "é!?*.csv",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_existing_path_is_a_path_whatever_its_letters(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).touch()
    word = quote_path(f"orders={name}")
    assert refuse_word(word) is None
    value = OverridesParser.create().parse_override(word).value()
    assert str(value).replace(r"\${", "${") == name  # OmegaConf takes the backslash away


def test_a_branch_of_a_folder_with_blanks_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my run, (2)").mkdir()
    assert quote_path("branch=my run, (2)@day 1 10:00") == "branch='my run, (2)@day 1 10:00'"


@pytest.mark.parametrize(
    "word",
    [
        "agent=my run, (2):start",
        "agent=my file, (2).py:Policy@alpha:0.5",
        "agent=sb3:my file, (2).py@hold:free",
    ],
)
def test_who_decides_may_lie_under_any_letters(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my run, (2)").mkdir()
    Path("my file, (2).py").touch()
    assert quote_path(word) == f"agent='{word.removeprefix('agent=')}'"
    assert quote_path("agent=my.py:A,my.py:B") == "agent=my.py:A,my.py:B"  # two, of a sweep


def test_a_tilde_is_the_home_unless_a_file_bears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("book.csv").touch()
    assert quote_path("orders=~/book.csv") == f"orders='{tmp_path}/book.csv'"
    assert quote_path("orders=~nobody/book.csv") == "orders=~nobody/book.csv"


def test_a_value_that_hydra_reads_as_it_stands_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("1").touch()
    assert quote_path("seed=1") == "seed=1"
    assert quote_path("inspectors=[cnn,human]") == "inspectors=[cnn,human]"


@pytest.mark.parametrize(
    ("key", "pointed"),
    [
        ("plant.lines[1].operators", "plant.lines.1.operators"),
        ("plant.lines.polo-1.operators", "plant.lines.1.operators"),
        ("plant.lines.line 2.x.operators", "plant.lines.2.operators"),
        ("plant.lines.1.operators", "plant.lines.1.operators"),
        ("plant.lines.nobody.operators", "plant.lines.nobody.operators"),
        ("calendar.breaks[0][1]", "calendar.breaks.0.1"),
        ("seed", "seed"),
    ],
)
def test_an_item_of_a_list_goes_by_its_number_or_its_name(key: str, pointed: str) -> None:
    lines = [{"name": name, "operators": 3} for name in ("tee-1", "polo-1", "line 2.x")]
    config = {"plant": {"lines": lines}, "calendar": {"breaks": [[600, 630]]}, "seed": 0}
    assert point_key(key, config) == pointed


@pytest.mark.parametrize(
    "word", ["seed=${oc.env:HOME}", "seed='${x}'", "a${b}=1", "seed=???", "seed=1\n", "a\x1b=1"]
)
def test_nothing_is_filled_in_and_nothing_reaches_a_terminal(word: str) -> None:
    problem = refuse_word(word)
    assert problem is not None
    assert str(problem).isprintable()


def test_flags_that_bring_another_config_or_a_pickle_are_refused() -> None:
    argv = ["--config-dir", "/x", "--experimental-rerun=x.pickle", "-m", "--cfg", "job", "seed=1"]
    split = split_words(argv)
    assert [problem.field for problem in split.problems] == ["--config-dir", "--experimental-rerun"]
    assert split.words == ("seed=1",)
    assert split.flags[-3:] == ("-m", "--cfg", "job")
    assert [p.field for p in split_words(["--cfg", "nope"]).problems] == ["--cfg"]
