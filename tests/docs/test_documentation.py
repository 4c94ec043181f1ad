"""What the documentation shows is true: code runs, files exist, numbers are the defaults."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml

import factory_env
from factory_env.domain.ports import Pieces

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WITH_PYTHON = [p for p in PAGES if "```python" in p.read_text(encoding="utf-8")]
# made by a training run, not written by hand
MADE_LATER = {"docs/pictures/comparison.png"}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def modules_with_examples() -> list[str]:
    """Names of the modules whose docstrings hold examples."""
    files = [f for top in ("factory_env", "agents") for f in sorted((ROOT / top).rglob("*.py"))]
    with_examples = [f.relative_to(ROOT) for f in files if ">>> " in f.read_text("utf-8")]
    return [".".join(f.with_suffix("").parts).removesuffix(".__init__") for f in with_examples]


def default_numbers(tree: Any, path: str = "") -> dict[str, Any]:
    """The scenario file's values by dotted key; lists are values."""
    if not isinstance(tree, dict):
        return {path: tree}
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found |= default_numbers(value, f"{path}.{key}".lstrip("."))
    return found


def run_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the page's Python blocks in one module; returns the names they leave."""
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", module)  # dataclasses look their module up
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"```python\n(.*?)```", text, re.DOTALL):
        # blank lines put the block at its own line, so that a traceback points into the page
        source = "\n" * (text[: match.start()].count("\n") + 1) + match.group(1)
        exec(compile(source, str(page), "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


@pytest.mark.slow_cases("docs/tutorial.md")
@pytest.mark.parametrize("page", WITH_PYTHON, ids=name_of)
def test_the_python_blocks_of_a_page_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(page, monkeypatch)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    files = [(page.parent / link).resolve() for link in links if "://" not in link]
    missing = {f.relative_to(ROOT).as_posix() for f in files if not f.exists()}
    assert missing - MADE_LATER == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    text = re.sub(r"```python.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    folders = "agents|benchmarks|conf|examples|experiments|factory_env|tests"
    named = set(re.findall(rf"\b(?:{folders})/[\w/]+\.(?:py|yaml|csv)\b", text))
    examples = {"agents/rules/least_waste.py"}
    assert sorted(n for n in named - examples if not (ROOT / n).is_file()) == []


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_in_the_docstrings_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_model_page_shows_every_default_with_its_value() -> None:
    text = (ROOT / "docs" / "model" / "data.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", text, re.MULTILINE))
    scenario = yaml.safe_load((ROOT / "conf" / "scenario" / "default.yaml").read_text("utf-8"))
    defaults = default_numbers(scenario)
    defaults.pop("name")
    steps = defaults.pop("costs.late_steps")
    said = shown.pop("costs.late_steps")
    days, shares = (re.findall(r"[\d.]+", part) for part in said.split(":"))
    assert [float(d) for d in days] == [s["after_days"] for s in steps]
    assert [float(s) / 100 for s in shares] == pytest.approx([s["share"] for s in steps])
    assert {
        key: yaml.safe_load(value)
        for key, value in shown.items()
        if key in defaults or "." in key or key in scenario
    } == defaults


def test_the_model_page_shows_the_plants_as_they_are() -> None:
    text = (ROOT / "docs" / "model" / "data.md").read_text(encoding="utf-8")
    pattern = r"^\| `(small|mid|large)` \| (\d+) \| (\d+) \| (\d+) \|"
    shown = {name: tuple(map(int, rest)) for name, *rest in re.findall(pattern, text, re.MULTILINE)}
    plants = {name: factory_env.load_scenario(name).plant for name in ("small", "mid", "large")}
    assert shown == {
        name: (
            len(plant.lines),
            plant.workers,
            sum(sum(line.machines.values()) for line in plant.lines),
        )
        for name, plant in plants.items()
    }


def test_the_extensions_shown_fit_their_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # each example of the page is used as the plug it claims to be
    monkeypatch.chdir(tmp_path)
    names = run_page(ROOT / "docs" / "extending.md", monkeypatch)
    small = factory_env.load_scenario("small")
    factory = factory_env.Factory(small, seed=1)
    question = factory.advance()
    assert question is not None
    block = names["Value"]({})
    out = np.zeros(block.rows * len(block.features), dtype=np.float32)
    block.write(question, np.arange(len(question.table)), out)
    assert all(f.low <= x <= f.high for f, x in zip(block.features, out, strict=True))
    reward, earned = names["LostLabour"](), 0.0
    while question is not None:
        factory.answer(names["LeastWaste"]().choose(question))
        question = factory.advance()
        earned += reward.since_last(factory)
    parts = factory.cost_parts_usd
    assert earned == pytest.approx(-(parts["changeover"] + parts["learning"]))
    styles = names["Spread"]().collection(small.library.products, np.random.default_rng(0))
    assert len(styles) == 3 * len(small.library.products)
    codes = np.array([0, 1, 1], dtype=np.int8)
    luck = np.array([0.1, 0.1, 0.3])
    given = Pieces(defect=codes, severity=luck, shift_hour=np.zeros(3), luck=luck)
    assert names["Sampling"]().judge(given).tolist() == [False, True, False]
