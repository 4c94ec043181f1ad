"""YAML of users: plain values in, one clear error for everything else, and never much memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from factory_env.door.yaml_text import read_yaml, yaml_text
from factory_env.errors import InputError
from factory_env.presets import CONF, is_shipped, read_group

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)


def test_the_shipped_files_are_read_as_omegaconf_reads_them() -> None:
    files = sorted(CONF.rglob("*.yaml"))
    assert len(files) > 40
    for path in files:
        if path.parent.name != "what":  # questions are read here alone: their ``on`` is a word
            assert read_yaml(path) == OmegaConf.to_container(OmegaConf.load(path)), path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: ${nothing}", "is not filled in"),
        ("name: ${oc.env:HOME}", "is not filled in"),
        ('name: "${"', "is not filled in"),
        ("name: ???", "must be given"),
        ("x: !!set {a, b}", "no tags"),
        ("x: !!timestamp 2020-01-01", "no tags"),
        ("x: !!binary aGk=", "no tags"),
        ('x: !!int ""', "readable YAML"),
        ("x: !!bool maybe", "readable YAML"),
        ('x: !!python/object/apply:os.system ["echo hi"]', "constructor for the tag"),
        ("~: 3", "a key must be a word; got null"),
        ("yes: 3", "a key must be a word; got true"),
        ("[1, 2]: 3", "readable YAML"),
        (f"x: {'[' * 200}{']' * 200}", "at most 24 levels"),
        (f"x: {'[' * 100_000}", "at most 24 levels"),
        (f"x: {'{a: ' * 300}", "at most 24 levels"),
        (BOMB, "aliases that multiply"),
        ("a: &a [*a]", "aliases that multiply"),
        (f"x: 1{'0' * 400}", "at most 18 digits"),
        (f"x: 1{'0' * 5000}", "readable YAML"),
        ("a: 1\na: 2", "duplicate key a, line 2"),
        ("a: 1\n---\nb: 2", "another document"),
        ('x: "\\e[31m"', "no control characters"),
        ("x: a\0b", "not allowed"),
        ("", "keys and values; got nothing"),
        ("- 1", "keys and values; got list"),
        ("a: [1", "readable YAML"),
    ],
)
def test_what_is_no_plain_value_is_one_clear_error(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert len(error.value.problems) == 1
    assert words in str(error.value)
    assert str(path) in str(error.value)


def test_a_number_that_nobody_meant_is_a_word(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("a: 10:30\nb: 010\nc: 0x1F\nd: 2020-01-01\ne: 1e5\nf: 1_000\ng: .5\nh: on\n")
    assert read_yaml(path) == {
        "a": "10:30",  # YAML 1.1 reads 630
        "b": "010",  # and 8
        "c": "0x1F",
        "d": "2020-01-01",
        "e": 1e5,
        "f": 1000,
        "g": 0.5,
        "h": True,
    }


def test_merges_of_merges_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    merges = (f"a{i}: &a{i} {{<<: [{','.join([f'*a{i - 1}'] * 9)}]}}\n" for i in range(1, 12))
    path.write_text("a0: &a0 {x: 1}\n" + "".join(merges))
    assert read_yaml(path)["a11"] == {"x": 1}


@pytest.mark.parametrize("kind", ["device", "folder", "missing", "large"])
def test_what_is_no_plain_file_of_a_size_is_refused_unread(kind: str, tmp_path: Path) -> None:
    path = {"device": Path("/dev/zero"), "folder": tmp_path}.get(kind, tmp_path / "x.yaml")
    if kind == "device" and not path.exists():
        pytest.skip("no /dev/zero on this system")
    if kind == "large":
        path.touch()
        os.truncate(path, 10**10)  # a hole: it takes no room
    with pytest.raises(InputError, match=r"plain file|at most 4 MB|readable file"):
        read_yaml(path)


def test_what_a_run_wrote_is_read_as_it_stands(tmp_path: Path) -> None:
    values = {"orders": "${x}.csv", "n": 1, "share": 1e-7, "word": "1e5", "at": "10:30", "no": None}
    path = tmp_path / "config.yaml"
    path.write_text(yaml_text(values))
    assert read_yaml(path, literal=True) == values
    assert OmegaConf.load(path)["word"] == "1e5"


def test_a_users_file_may_lay_over_shipped_parts_but_not_reach_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("defaults: [/_station/default@station, _self_]\nname: mine\n")
    assert read_group("inspector", str(path))["station"] == read_group("_station", "default")
    for word in ("/../secret@station", "3", "nothing", "/_station/none@station"):
        path.write_text(f"defaults: [{word}]\nname: mine\n")
        with pytest.raises(InputError, match="must name shipped files"):
            read_group("inspector", str(path))


def test_a_name_that_climbs_out_of_a_folder_is_not_shipped() -> None:
    assert is_shipped("tuned", "mid")
    assert not is_shipped("tuned", "../plant/mid")
    assert not is_shipped("tuned", "/etc/passwd")


def test_a_table_in_place_of_a_yaml_file_is_told(tmp_path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("time,EUR/kWh\n2026-01-01 01:00,0.2\n", encoding="utf-8")
    with pytest.raises(InputError, match="got a table; a YAML or JSON file, which names the table"):
        read_yaml(path)
