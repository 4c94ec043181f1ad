"""`inspect_images.py` as a person uses it: a folder of everything, wrong words, wrong folders."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from experiments.command.main import run_main
from experiments.command.words import name_bare_folder
from experiments.inspect_images import task
from experiments.inspecting.folder import entries_of
from experiments.inspecting.judging import kinds_at
from experiments.inspecting.options import InspectOptions
from experiments.inspecting.words import sentences
from factory_env.learned.inspection.defects import KINDS
from factory_env.learned.inspection.eye import at_share
from tests.learned.small_garments import tees

GREY = np.rint(tees(70) * 255).astype(np.uint8)


def inspect(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    run_main("inspect_images", task, name_bare_folder(words, "folder"))
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Every odd file: some are judged, some are not, nothing is left out in silence."""
    folder = tmp_path / "my pictures, ${new} = 'all'"
    (folder / "more" / "deeper").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name, i in (("tee.png", 0), ("no suffix", 1), ('more/deeper/$x$ 漢字,\n"q".png', 2)):
        Image.fromarray(GREY[i]).resize((90, 120)).save(folder / name, "PNG")
    Image.fromarray(GREY[3]).save(os.fsdecode(os.fsencode(folder) + b"/odd-\xff.png"), "PNG")
    (folder / "again.png").write_bytes((folder / "tee.png").read_bytes())
    (folder / "cut.png").write_bytes((folder / "tee.png").read_bytes()[:200])
    (folder / "empty.jpg").touch()
    (folder / ".hidden.png").write_bytes((folder / "tee.png").read_bytes())
    (folder / "words.txt").write_text("no picture", encoding="utf-8")
    Image.new("RGB", (40, 30), "red").save(folder / "red.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "nowhere.png").symlink_to(folder / "gone.png")
    (folder / "round").symlink_to(folder)
    return folder


def test_every_file_of_a_folder_has_its_row_and_the_sheet_is_drawn(own, tmp_path, capsys) -> None:
    out = tmp_path / "run"
    found = inspect([str(own), f"hydra.run.dir={out}"], capsys)
    assert found == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    with (out / "pictures.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    judged = {name: row for name, row in rows.items() if not row["reason"]}
    assert set(judged) == {  # "again.png" comes before "tee.png"
        "again.png",
        "no suffix",
        "odd-\\xff.png",
        'more/deeper/$x$ 漢字,\\n"q".png',
    }
    assert {name: row["reason"] for name, row in rows.items() if row["reason"]} == {
        "tee.png": "same content as again.png",
        "cut.png": rows["cut.png"]["reason"],
        "empty.jpg": "empty file, 0 bytes",
        ".hidden.png": "hidden file",
        ".hidden": "hidden folder",
        "words.txt": "no picture, or damaged: not read as PNG, JPEG, BMP, GIF, TIFF, WebP",
        "red.png": "no garment to be seen: nothing stands out from the border",
        "pipe.png": "no regular file",
        "nowhere.png": "link to nothing",
        "round": "link to a folder, not followed",
    }
    assert "truncated" in rows["cut.png"]["reason"]
    assert (found["pictures"], found["skipped"]) == (4, 10)
    flagged = [row for row in judged.values() if row["verdict"] == "defective"]
    assert found["defective"] == len(flagged)
    for row in judged.values():
        kinds = [float(row[f"probability_{kind}"]) for kind in KINDS]
        assert sum(kinds) == pytest.approx(1, abs=1e-3)
        assert float(row["defect_probability"]) == pytest.approx(1 - kinds[0], abs=2e-4)
        assert (row["verdict"] == "defective") == (float(row["defect_probability"]) >= 0.5)
        assert (row["defect"] in KINDS[1:]) == (row["verdict"] == "defective")
    assert rows["no suffix"]["width_px"] == "90"
    assert found["sheets"] == ["sheet_1.png"]
    assert imread(out / "sheet_1.png")[:, :, :3].std() > 0.05


def test_many_pictures_in_batches_and_the_sheet_shows_the_most_likely(tmp_path, capsys) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i, picture in enumerate(GREY):
        Image.fromarray(picture).save(folder / f"{i:02d}.png")
    found = inspect(
        [
            str(folder),
            "limit=68",
            "threshold=0",
            "sheet=3",
            "defective_share=0.5",
            f"hydra.run.dir={tmp_path / 'run'}",
        ],
        capsys,
    )
    assert (found["pictures"], found["defective"], found["left_out"]) == (68, 68, 2)
    assert (found["shown"], found["sheets"]) == (3, ["sheet_1.png"])


def test_fabric_is_judged_by_the_stain_network_and_by_stains_alone(tmp_path, capsys) -> None:
    cloth = np.random.default_rng(3).normal(150, 6, (224, 224))
    y, x = np.mgrid[:224, :224]
    mark = np.where(np.hypot(y - 120, x - 60) < 12, 0.4, 1)
    for name, picture in (("clean", cloth), ("marked", cloth * mark), ("part", cloth[:90])):
        Image.fromarray(picture.astype(np.uint8)).save(tmp_path / f"{name}.png")
    out = tmp_path / "run"
    found = inspect(
        [str(tmp_path), "look=fabric", "defective_share=0.5", f"hydra.run.dir={out}"], capsys
    )
    assert (found["pictures"], found["defects"], found["look"]) == (2, {"stain": 1}, "fabric")
    with (out / "pictures.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert (rows["clean.png"]["verdict"], rows["marked.png"]["defect"]) == ("sound", "stain")
    assert (rows["marked.png"]["category"], rows["marked.png"]["category_probability"]) == (
        "fabric",
        "",
    )
    assert "less than 112 pixels" in rows["part.png"]["reason"]
    assert imread(out / "sheet_1.png")[:, :, :3].std() > 0.05


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none", "look=denim"], ["look: must be garment or fabric"]),
        (["none", "look=fabric", "weights=none"], ["stain.safetensors", "must be a file"]),
        ([], ["folder: must be given"]),
        (["file.png"], ["folder: must be a folder"]),
        (["empty"], ["must hold a picture that can be judged", "an empty folder"]),
        (["none"], ["must hold a picture that can be judged", "1 x no picture, or damaged"]),
        (["none", "weights=empty"], ["inspection.safetensors", "must be a file"]),
        (["none", "weights=none"], ["must be a safetensors file"]),
        (
            [
                "gone",
                "threshold=2",
                "defective_share=1",
                "limit=0",
                "sheet=no",
                "subfolders=3",
                "weights=gone",
            ],
            ["7 problems"],
        ),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_said_and_nothing_is_left(
    words, said, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "none"):
        (tmp_path / folder).mkdir()
    (tmp_path / "none" / "inspection.safetensors").write_text("no weights")
    (tmp_path / "file.png").touch()
    with pytest.raises(SystemExit) as end:
        inspect(words, capsys)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for part in said:
        assert part in err
    assert not list(tmp_path.glob("runs/*/*"))


def test_the_first_bare_word_is_the_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=b").mkdir()
    assert name_bare_folder(["limit=3", "my folder"], "folder") == ["limit=3", "folder='my folder'"]
    assert name_bare_folder(["a=b", "limit=3"], "folder") == ["folder='a=b'", "limit=3"]
    assert name_bare_folder(["--cfg", "job", "x"], "folder") == ["--cfg", "job", "folder='x'"]
    assert name_bare_folder(["folder=x"], "folder") == ["folder=x"]
    assert name_bare_folder(["x", "y"], "folder") == ["folder='x'", "y"], "only the first"


def test_probabilities_move_to_the_share_and_kinds_keep_their_proportions() -> None:
    fitted = np.random.default_rng(2).dirichlet(np.ones(len(KINDS)), 30).astype(np.float32)
    moved = kinds_at(fitted, 0.08)
    assert moved.sum(1) == pytest.approx(1, abs=1e-5)
    assert 1 - moved[:, 0] == pytest.approx(at_share(1 - fitted[:, 0], 0.08), abs=1e-5)
    assert moved[:, 1] / moved[:, 2] == pytest.approx(fitted[:, 1] / fitted[:, 2], rel=1e-3)
    assert kinds_at(fitted, 0.5) == pytest.approx(fitted, abs=1e-5)


def test_the_threshold_is_told_in_the_terms_of_the_network(tmp_path) -> None:
    options = InspectOptions(folder=tmp_path)
    same = at_share(np.array([options.fitted_threshold], np.float32), options.defective_share)
    assert same[0] == pytest.approx(options.threshold, abs=1e-5)
    assert "0.92 where half are defective" in " ".join(sentences(options))


def test_without_subfolders_a_folder_is_named_and_left(own) -> None:
    names = {e.name: e.reason for e in entries_of(own, subfolders=False)}
    assert names["more"] == "a folder; subfolders=true looks into it"
    assert len(names) == 14
