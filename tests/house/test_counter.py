"""The counter of `benchmarks/house.py` on houses of a few lines, their cases counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.counting import arrows, doors, plugs, sizes, words
from benchmarks.counting.figures import FIGURES
from benchmarks.counting.source import House, Source, read_house
from tests.conftest import ROOT


def house(**files: str) -> House:
    """A house of these files; ``__`` in a name is a slash, ``___init`` the mark of a package."""
    names = {
        n: n.replace("___init", "/@").replace("__", "/").replace("@", "__init__") for n in files
    }
    sources = [Source(f"{names[n]}.py", text) for n, text in files.items()]
    return House(Path("."), tuple(sorted(sources, key=lambda s: s.file)))


def lines(places) -> list[tuple[str, int]]:
    return sorted((p.file, p.line) for p in places)


def test_a_circle_is_seen_through_a_function_and_through_type_checking() -> None:
    circle = house(
        factory_env__a="def f():\n    from factory_env import b\n",
        factory_env__b="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import agents.c\n",
        agents__c="from factory_env.a import f\n",
        agents__d="from agents.c import f\n",
    )
    [place] = arrows.circles(circle)
    assert place.text == "3 files: agents/c.py, factory_env/a.py, factory_env/b.py"


def test_a_relative_import_is_an_arrow_and_a_name_is_none() -> None:
    graph = arrows.arrows(
        house(
            agents__x__one="from .two import three\nfrom ..y import four\n",
            agents__x__two="three = 3\n",
            agents__y="four = 4\n",
        )
    )
    assert graph == {
        "agents.x.one": {"agents.x.two", "agents.y"},
        "agents.x.two": set(),
        "agents.y": set(),
    }


def test_two_circles_that_share_no_file_are_two() -> None:
    knots = arrows.knots({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}, "e": {"a"}})
    assert sorted(map(sorted, knots)) == [["a", "b"], ["c", "d"]]


def test_a_factory_is_counted_as_an_argument_but_not_at_home() -> None:
    text = "def f(a: Factory, *, b: 'list[Factory] | None', c: FactoryView) -> Factory: ...\n"
    counted = doors.factory_arguments(
        house(factory_env__sim__energy__meter=text, factory_env__sim__history__fork=text)
    )
    assert [p.text for p in counted] == ["a: Factory", "b: 'list[Factory] | None'"]


def test_a_raw_config_is_counted_wherever_it_is_handed_on() -> None:
    text = "class A:\n    def f(self, cfg: omegaconf.DictConfig | None, n: int): ...\n"
    assert lines(doors.config_arguments(house(experiments__a=text))) == [("experiments/a.py", 2)]


def test_reaching_into_a_run_is_counted_and_rounding_down_is_not() -> None:
    text = "t = Factory(s).world.tables\nf = self.factory.floor\nn = math.floor(2.5)\n"
    reached = doors.reaches(house(agents__a=text, factory_env__sim__b=text, tests__sim__c=text))
    assert lines(reached) == [("agents/a.py", 1), ("agents/a.py", 2)]


def test_private_names_are_counted_read_imported_and_patched_but_not_ones_own() -> None:
    text = (
        "from agents.a import _secret, open_door\n"
        "monkeypatch.setattr(door, '_lock', None)\n"
        "y = x._inner._replace(a=1).__class__\n"
        "def f(self): return self._mine\n"
    )
    counted = doors.private_reads_in_tests(house(tests__a=text, agents__b=text))
    assert lines(counted) == [("tests/a.py", 1), ("tests/a.py", 2), ("tests/a.py", 3)]


def test_a_kind_of_question_is_counted_once_a_file_under_any_of_its_names() -> None:
    kinds = house(
        factory_env__decisions__tea_choice=(
            "class TeaChoice:\n    asks: ClassVar[str] = 'choose_tea'\n"
        ),
        factory_env__decisions__cake_choice="class CakeChoice:\n    pass\n",
        factory_env__decision="Decision = TeaChoice\nwords = TeaChoice | CakeChoice\n",
        agents__team="def choose_tea(): ...\nx: Decision\n",
        agents__other="x: CakeChoice\n",
    )
    counted = sorted((p.file, p.line) for p in plugs.question_kinds_in_ask(kinds))
    assert counted == [
        ("agents/team.py", 1),
        ("factory_env/decision.py", 1),
        ("factory_env/decision.py", 2),
    ]


def test_only_the_station_may_know_of_washing() -> None:
    counted = plugs.wash_elsewhere(
        house(
            factory_env__sim__stations__washing="wash = 1\n",
            factory_env__sim__work__lot="a = 1\nWASHED = 2\n",
            factory_env__kpi__water="wash = 1\n",
        )
    )
    assert lines(counted) == [("factory_env/sim/work/lot.py", 2)]


def test_a_folder_of_two_plugs_is_a_registry_and_a_third_file_a_stranger() -> None:
    counted = plugs.strangers_in_registries(
        house(
            agents__rules__one="PLUG = One\n",
            agents__rules__two="PLUG: type = Two\n",
            agents__rules__three="def f(): ...\n",
            agents__rules___init="",
            agents__deep__four="PLUG = Four\n",
            agents__deep__five="def f(): ...\n",
        )
    )
    assert lines(counted) == [("agents/rules/three.py", 1)]


def test_sizes_are_counted_from_one_above_the_limit() -> None:
    def body(lines: int) -> str:
        return '    """What."""\n' + "    x = 1\n" * lines

    assert not sizes.long_bodies(house(agents__a="def f():\n" + body(40)))
    assert sizes.long_bodies(house(agents__a="def f():\n" + body(41)))
    assert not sizes.long_classes(house(agents__a="class A:\n" + body(198)))
    assert sizes.long_classes(house(agents__a="class A:\n" + body(199)))
    seven, eight = (", ".join("abcdefgh"[:n]) for n in (7, 8))
    text = "class A:\n    def __init__(self, {}): ...\n"
    assert not sizes.wide_constructors(house(agents__a=text.format(seven)))
    assert sizes.wide_constructors(house(agents__a=text.format(eight)))
    mains = house(experiments__tune="x = 1\n" * 61, experiments__tuning__a="x = 1\n" * 61)
    assert lines(sizes.long_mains(mains)) == [("experiments/tune.py", 1)]
    assert not sizes.long_mains(house(experiments__tune="x = 1\n" * 60))


def test_a_line_kept_from_the_formatter_is_counted_in_tests_too() -> None:
    assert len(sizes.fmt_skips(house(tests__a=f"x = 1  {sizes.KEEP}\ny = 2\n"))) == 1


@pytest.mark.parametrize("name", ["asked", "_drawn", "placed"])
def test_a_participle_is_no_name_of_a_function(name) -> None:
    assert words.participle_names(house(agents__a=f"def {name}(): ...\n"))


@pytest.mark.parametrize(
    "name", ["ask", "seed", "cut", "is_asked", "draw_garment", "style_code", "take_over"]
)
def test_a_verb_or_a_claim_is_a_name_of_a_function(name) -> None:
    assert not words.participle_names(house(agents__a=f"def {name}(): ...\n"))
    assert not words.preposition_names(house(agents__a=f"def {name}(): ...\n"))


def test_a_name_that_ends_in_a_preposition_is_counted_and_a_property_is_not() -> None:
    text = "def ratios_of(): ...\ndef x_from_y(): ...\ndef is_asked_for(): ...\n"
    text += "class A:\n    @property\n    def due_at(self): ...\n"
    assert lines(words.preposition_names(house(agents__a=text))) == [("agents/a.py", 1)]


def test_a_value_called_found_is_counted_at_each_use() -> None:
    text = "def f(found):\n    return found\nx.found = 1\n"
    assert lines(words.found_values(house(tests__a=text))) == [("tests/a.py", 1), ("tests/a.py", 2)]


def test_mocks_tests_and_missing_packages_are_counted_in_the_product_only() -> None:
    text = (
        "from unittest.mock import patch\nimport tests.play\n"
        "try:\n    import solver\nexcept (ImportError, OSError):\n    pass\n"
    )
    counted = words.borrowed_from_tests(house(experiments__a=text, tests__a=text))
    assert lines(counted) == [("experiments/a.py", n) for n in (1, 2, 5)]


def test_entries_are_files_and_folders_without_the_mark_of_a_package() -> None:
    rooms = house(
        experiments___init="", experiments__a="", experiments__b__c="", experiments__b__d=""
    )
    assert [p.file for p in rooms.entries("experiments")] == ["experiments/a.py", "experiments/b"]


def test_the_command_prints_places_of_one_figure_and_refuses_a_word_it_does_not_know() -> None:
    command = [sys.executable, "benchmarks/house.py"]
    done = subprocess.run([*command, "show=sim_entries"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(read_house(ROOT).entries("factory_env/sim"))
    done = subprocess.run([*command, "shwo=reaches"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "'shwo=reaches'" in done.stderr
    assert "show= with one of" in done.stderr


def test_the_command_ends_with_the_figures_as_json(tmp_path) -> None:
    (tmp_path / "factory_env").mkdir()
    (tmp_path / "factory_env" / "a.py").write_text("def f(cfg: DictConfig): ...\n")
    done = subprocess.run(
        [sys.executable, "benchmarks/house.py", f"root={tmp_path}", f"folder={tmp_path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures.keys() == FIGURES.keys()
    assert figures == dict.fromkeys(FIGURES, 0) | {"config_arguments": 1}
    assert json.loads((tmp_path / "summary.json").read_text()) == figures
