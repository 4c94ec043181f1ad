"""The made part of the results page is what ``docs/results.json`` says, and can be made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.studying.publishing import (
    BEGIN,
    END,
    check_publishing,
    make_section,
    publish_results,
    read_published,
    read_section,
)

STUDY: dict[str, Any] = {
    "study": "mine",
    "title": "Mine against the rules",
    "baseline": "best_rule",
    "evaluation_seeds": [100_000, 100_049],
    "training_seeds": {"mine": [1, 2]},
    "policies": {"edd": "edd", "mine": {"runs": ["a", "b"]}},
    "scenarios": {"small": {"plant": "small"}},
    "cells": 150,
    "cells_played": 150,
    "figures": {"mine_vs_rule": 0.75, "mine_vs_rule_ci_low": 0.7, "mine_vs_rule_ci_high": 0.81},
    "time_figures": {"mine_ms": 0.51},
    "times": [],
    "curves": [{"policy": "mine"}],
    "tables": {
        "aggregates": [
            {
                "policy": "mine",
                "training_seeds": 2,
                "ratio": 0.75,
                "ratio_ci_low": 0.7,
                "ratio_ci_high": 0.81,
                "improvement": 0.9,
                "improvement_ci_low": 0.8,
                "improvement_ci_high": 1.0,
            }
        ],
        "profiles": [{"policy": "mine", "limit": 1.0}],
        "costs": [],
        "differences": [],
        "gaps": [],
        "parts": [],
    },
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "results.md"
    path.write_text(f"# Results\n\nBy hand.\n\n{BEGIN}\nold\n{END}\n\n## More by hand\n")
    return path


def test_the_page_says_what_the_published_results_say() -> None:
    assert read_section() == make_section(read_published())


def test_publishing_makes_the_tables_and_keeps_what_people_wrote(
    page: Path, tmp_path: Path
) -> None:
    assert publish_results(STUDY, tmp_path / "results.json", page)
    text = page.read_text()
    assert text.startswith("# Results\n\nBy hand.\n\n")
    assert text.endswith(f"{END}\n\n## More by hand\n")
    assert "| `mine_vs_rule` | 0.750 | 0.700 to 0.810 |" in text
    assert "| `mine_ms` | 0.510 |  |" in text
    assert "| mine | 2 | 0.750 (0.700 to 0.810) | 0.90 (0.80 to 1.00) |" in text
    assert "Cheapest is mine: 0.750 of the cost of the best rule of each scenario" in text
    assert "old" not in text
    published = json.loads((tmp_path / "results.json").read_text())
    assert published["figures"]["mine_vs_rule"] == 0.75
    assert not {"curves"} & set(published["studies"]["mine"])


def test_publishing_again_changes_nothing_and_another_study_stands_beside_it(
    page: Path, tmp_path: Path
) -> None:
    json_path = tmp_path / "results.json"
    publish_results(STUDY, json_path, page)
    before = (page.read_text(), json_path.read_text())
    publish_results(STUDY, json_path, page)
    assert (page.read_text(), json_path.read_text()) == before
    other = {**STUDY, "study": "another", "figures": {"x": 1.0}, "time_figures": {}}
    publish_results(other, json_path, page)
    assert list(read_published(json_path)["studies"]) == ["another", "mine"]
    assert read_published(json_path)["figures"].keys() >= {"x", "mine_vs_rule"}
    assert read_section(page) == make_section(read_published(json_path))


def test_a_study_that_lacks_runs_is_not_published(page: Path, tmp_path: Path) -> None:
    before = page.read_text()
    assert not publish_results({**STUDY, "cells_played": 149}, tmp_path / "r.json", page)
    assert page.read_text() == before
    assert not (tmp_path / "r.json").exists()


def test_a_page_without_marks_can_not_be_published_to(page: Path) -> None:
    assert check_publishing(page) == []
    assert check_publishing() == []
    page.write_text("# Results\n")
    (problem,) = check_publishing(page)
    assert problem.field == "publish"
