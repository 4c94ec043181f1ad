"""The style of the house, held by a machine: sizes, words, imports, and one set of defaults."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factory_env import Scenario
from factory_env.domain.disruptions import Disruptions
from factory_env.domain.market import Market
from factory_env.presets import load_scenario, read_group
from tests.conftest import ROOT

SHIPPED = ("factory_env", "agents", "experiments", "benchmarks")
FILES = sorted(p for folder in SHIPPED for p in (ROOT / folder).rglob("*.py"))
LIBRARY = [p for p in FILES if p.relative_to(ROOT).parts[0] in ("factory_env", "agents")]
LONGEST_FILE = 400
KEEPS_STATES = "agents/deep/randomness.py"  # of a stopped training: it draws nothing
LONGEST_BODY = 40

# function -> why it may be longer; compiled kernels are one loop and split badly
LONG_BODIES = {
    "line_flow.py:_recursion": "compiled kernel",
    # laid out by the formatter, still to be cut; this list only shrinks
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def bodies(path: Path) -> dict[str, int]:
    """Lines of code of every function of a file, its docstring and signature left out."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            has_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            body = node.body[1:] if has_doc else node.body
            if body:
                found[f"{path.name}:{node.name}"] = node.end_lineno - body[0].lineno + 1
    return found


def test_files_are_found() -> None:
    assert len(LIBRARY) > 60


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_short_and_says_what_it_is(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "first line must be a docstring"


def test_function_bodies_are_short() -> None:
    lengths = {f: n for path in FILES for f, n in bodies(path).items()}
    long = {f: n for f, n in lengths.items() if n > LONGEST_BODY and f not in LONG_BODIES}
    assert not long
    assert all(lengths[f] > LONGEST_BODY for f in LONG_BODIES), "an exception is not needed"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_names_say_what_is_inside(path) -> None:
    assert not re.search(r"util|helper|common|manager|misc", path.name)


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_the_library_neither_prints_nor_postpones(path) -> None:
    text = path.read_text(encoding="utf-8")
    calls = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)]
    assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_nobody_uses_global_randomness_or_the_wall_clock(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"np\.random\.(seed|rand|randn|randint|choice|normal|uniform)\b", text)
    if name(path) != KEEPS_STATES:
        assert not re.search(r"^\s*(import random|from random import)", text, re.MULTILINE)
    if path.relative_to(ROOT).parts[1] in ("sim", "domain", "decisions", "kpi"):
        assert not re.search(r"^\s*(import|from) (time|datetime)\b", text, re.MULTILINE)


def modules_after(statement: str) -> set[str]:
    """Top-level modules loaded in a fresh process after ``statement``."""
    program = f"{statement}\nimport sys\nprint(' '.join({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_world_imports_no_learner() -> None:
    loaded = modules_after(
        "import factory_env\nfrom factory_env.envs.scheduling.env import SchedulingEnv\n"
        "from agents.rules.edd import Edd"
    )
    assert "simpy" in loaded
    assert not loaded & {"torch", "stable_baselines3", "sb3_contrib", "matplotlib", "pandas"}
    assert not loaded & {
        "pvlib",
        "holidays",
    }  # only a run with a site or with holidays pays for them


def test_importing_the_house_draws_no_random_number() -> None:
    program = (
        "import random, numpy as np\n"
        "before = random.getstate(), np.random.get_state()[1].tobytes()\n"
        "import factory_env, factory_env.envs.scheduling.env, agents.rules.atcs_match\n"
        "rule = agents.rules.atcs_match.PLUG()\n"
        "factory_env.simulate(factory_env.load_scenario('small'), rule, 1)\n"
        "after = random.getstate(), np.random.get_state()[1].tobytes()\n"
        "assert before == after\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_the_default_scenario_file_equals_the_defaults_in_code() -> None:
    shipped = load_scenario("small", "default")
    fields = {f.name: f for f in dataclasses.fields(Scenario)}
    checked = set()
    for part, field in fields.items():
        value = getattr(shipped, part)
        if field.default is not dataclasses.MISSING:
            assert value == field.default, part
            checked.add(part)
        elif field.default_factory is not dataclasses.MISSING:
            assert value == field.default_factory(), part
            checked.add(part)
    assert fields.keys() - checked == {"name", "plant", "library", "demand"}
    demand = shipped.demand
    for field in dataclasses.fields(demand):
        if field.default is not dataclasses.MISSING:
            assert getattr(demand, field.name) == field.default, f"demand.{field.name}"


def test_the_default_scenario_file_names_every_field() -> None:
    given = read_group("scenario", "default")
    # in files of their own
    elsewhere = {"plant", "library", "disruptions", "market", "inspection", "energy"}
    # ``asks`` says in one place what four parts have a switch for
    assert given.keys() - {"asks"} == {f.name for f in dataclasses.fields(Scenario)} - elsewhere
    shipped = load_scenario("small", "default")
    for part, value in given.items():
        built = getattr(shipped, part)
        assert part != "asks" or list(built) == value
        if dataclasses.is_dataclass(built):
            names = {f.name for f in dataclasses.fields(built)} - {"holiday_days"}  # the door's
            assert value.keys() == names, part


def test_the_calm_file_equals_the_defaults_in_code_and_every_level_names_every_field() -> None:
    assert load_scenario("small").disruptions == Disruptions()
    fields = {f.name: f for f in dataclasses.fields(Disruptions)}
    for level in sorted(p.stem for p in (ROOT / "conf" / "disruptions").glob("*.yaml")):
        given = read_group("disruptions", level)
        assert given.keys() == fields.keys(), level
        built = load_scenario("small", disruptions=level).disruptions
        assert built.name == level
        for part, value in given.items():
            if dataclasses.is_dataclass(getattr(built, part)):
                names = {f.name for f in dataclasses.fields(getattr(built, part))}
                assert value.keys() == names, (level, part)


def test_the_default_demand_file_equals_the_defaults_in_code_and_every_file_names_every_field() -> (
    None
):
    assert load_scenario("small").market == Market()
    fields = {f.name for f in dataclasses.fields(Market)}
    for name in sorted(p.stem for p in (ROOT / "conf" / "demand").glob("*.yaml")):
        assert read_group("demand", name).keys() == fields, name
        built = load_scenario("small", demand=name)
        assert built.market.name == name
        assert built.designs == (built.market.designs or "catalogue")
