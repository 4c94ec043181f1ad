"""Folders of saved agents: which checkpoint counts, and a card that survives a kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.card import (
    CARD,
    SHIPPED,
    agent_folder,
    checkpoint_folder,
    read_card,
    write_card,
)
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole


def test_the_best_checkpoint_counts_before_the_last_and_the_folder_itself(tmp_path: Path) -> None:
    assert checkpoint_folder(tmp_path) == tmp_path
    for name in ("last", "best"):
        (tmp_path / name).mkdir()
        write_card(tmp_path / name, {"name": name})
        assert read_card(checkpoint_folder(tmp_path))["name"] == name


def test_pretrained_is_a_shipped_folder_and_any_other_word_a_path(tmp_path: Path) -> None:
    assert agent_folder("pretrained", "joint") == SHIPPED / "joint"
    assert agent_folder(tmp_path, "joint") == tmp_path
    for kind in ("scheduling", "energy", "joint"):
        assert read_card(agent_folder("pretrained", kind))["format"] == 1


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    write_card(tmp_path, {"name": "old"})

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / CARD, fail)
    assert read_card(tmp_path)["name"] == "old"


def test_a_card_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("[1]")
    with pytest.raises(ArtifactError, match="format None"):
        read_card(tmp_path)
