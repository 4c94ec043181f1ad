"""Folders of saved agents: which checkpoint counts, and a card that survives a kill."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

from agents.card import (
    CARD,
    SHIPPED,
    agent_folder,
    checkpoint_folder,
    read_card,
    write_card,
)
from agents.deep.joint.policy import load_joint
from agents.deep.load import load_agent
from agents.lookahead.load import load_lookahead
from agents.site_rules import site_rule
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


LOADERS = {
    "scheduling": load_agent,
    "energy": load_lookahead,
    "joint": lambda folder: load_joint(folder, site_rule),
}


def copied(kind: str, folder: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / kind, folder / kind))


@pytest.mark.parametrize("kind", LOADERS)
def test_a_card_without_a_key_or_with_another_value_is_refused_or_loads(
    kind: str, tmp_path: Path
) -> None:
    folder = copied(kind, tmp_path)
    card = read_card(folder)
    refused = set()
    for key in card:
        for other in (None, 3, {}, [], "x", {"k1": "a"}, {"width": 10**9}):
            changed = {**card, key: other}
            if other is None:
                del changed[key]
            (folder / CARD).write_text(json.dumps(changed))
            try:
                LOADERS[kind](folder)
            except ArtifactError:
                refused.add(key)
    wanted = {
        "scheduling": {"format", "features", "network", "network_args", "prior"},
        "energy": {"format", "kind", "numbers"},
        "joint": {"format", "kind", "features", "network_args", "order_prior", "site_prior"},
    }
    assert wanted[kind] <= refused


@pytest.mark.parametrize("kind", LOADERS)
def test_weights_without_end_or_cut_short_are_refused(kind: str, tmp_path: Path) -> None:
    path = next(copied(kind, tmp_path).glob("*.safetensors"))
    whole = path.read_bytes()
    tensors = load_file(path)
    name = next(iter(tensors))
    tensors[name].reshape(-1)[0] = float("nan")
    save_file(tensors, path)
    with pytest.raises(ArtifactError):
        LOADERS[kind](path.parent)
    for size in (0, 7, 100, len(whole) // 2):
        path.write_bytes(whole[:size])
        with pytest.raises(ArtifactError):
            LOADERS[kind](path.parent)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"format": 1e400}', "9" * 5000, "\0"])
def test_a_card_that_is_no_json_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / CARD).write_text(text)
    with pytest.raises(ArtifactError):
        read_card(tmp_path)
