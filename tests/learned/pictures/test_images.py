"""Reading the original IDX files: what is right is read, what is wrong is named."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from factory_env.errors import InputError
from factory_env.learned.pictures.images import decode_idx, read_garments
from tests.learned.small_garments import TEST, TRAIN, small_garments, write_idx

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize("packed", [False, True])
def test_packed_and_plain_files_give_the_same_garments_and_leave_shoes_out(
    tmp_path, packed
) -> None:
    found = read_garments(write_idx(tmp_path, packed=packed), None)
    wanted = small_garments()
    assert len(found.train_pictures) == TRAIN
    assert len(found.test_pictures) == TEST
    assert np.array_equal(found.train_pictures, wanted.train_pictures)
    assert np.array_equal(found.test_category, wanted.test_category)


def test_an_idx_file_is_decoded_in_row_order() -> None:
    content = struct.pack(">4I", 2051, 2, 28, 28) + bytes(784) + bytes([7]) + bytes(783)
    found = decode_idx(content, 2051)
    assert found.shape == (2, 28, 28)
    assert found[1, 0, 0] == 7
    assert found.sum() == 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0\0\x08", "only 3 bytes"),
        (struct.pack(">2I", 2050, 0), "magic 2050"),
        (struct.pack(">2I", 2049, 5) + b"abc", "3 values where its header promises 5"),
        (struct.pack(">2I", 2049, 1) + b"abc", "3 values where its header promises 1"),
    ],
)
def test_a_wrong_label_file_is_told_apart(content, said) -> None:
    assert said in decode_idx(content, 2049)


def test_pictures_of_another_size_are_refused() -> None:
    assert "32 x 32" in decode_idx(struct.pack(">4I", 2051, 0, 32, 32), 2051)


def problems_of(folder, checksums=None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_garments(folder, checksums)
    return [str(p) for p in caught.value.problems]


def test_every_missing_file_is_named_at_once(tmp_path) -> None:
    found = problems_of(tmp_path)
    assert len(found) == 4
    assert all("no such file" in text for text in found)


def test_a_wrong_magic_is_one_error(tmp_path) -> None:
    path = write_idx(tmp_path) / IMAGES
    path.write_bytes(b"\0\0\0\0" + path.read_bytes()[4:])
    (found,) = problems_of(tmp_path)
    assert "magic 0" in found


def test_a_cut_off_file_is_one_error(tmp_path) -> None:
    path = write_idx(tmp_path) / IMAGES
    path.write_bytes(path.read_bytes()[:-1])
    (found,) = problems_of(tmp_path)
    assert "header promises" in found


def test_a_damaged_gzip_is_one_error(tmp_path) -> None:
    path = write_idx(tmp_path, packed=True) / f"{IMAGES}.gz"
    path.write_bytes(path.read_bytes()[:-20])
    (found,) = problems_of(tmp_path)
    assert "must unpack" in found


def test_a_file_that_is_no_gzip_is_one_error(tmp_path) -> None:
    (write_idx(tmp_path, packed=True) / f"{LABELS}.gz").write_bytes(b"no gzip at all")
    (found,) = problems_of(tmp_path)
    assert "must unpack" in found


def test_a_changed_pixel_fails_the_checksum(tmp_path) -> None:
    import hashlib

    names = [f"{p}-{k}-ubyte" for p in ("train", "t10k") for k in ("images-idx3", "labels-idx1")]
    write_idx(tmp_path)
    known = {n: hashlib.sha256((tmp_path / n).read_bytes()).hexdigest() for n in names}
    read_garments(tmp_path, known)
    path = tmp_path / IMAGES
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    (found,) = problems_of(tmp_path, known)
    assert "checksum" in found


def test_a_class_id_above_nine_is_refused(tmp_path) -> None:
    path = write_idx(tmp_path) / LABELS
    path.write_bytes(path.read_bytes()[:-1] + bytes([10]))
    (found,) = problems_of(tmp_path)
    assert "class ids must be 0 to 9; got 10 at picture 241" in found


def test_labels_of_another_set_are_refused(tmp_path) -> None:
    path = write_idx(tmp_path) / LABELS
    path.write_bytes(struct.pack(">2I", 2049, 6) + bytes([0, 1, 2, 3, 4, 6]))
    (found,) = problems_of(tmp_path)
    assert "242 pictures, 6 labels" in found


def test_a_class_without_pictures_is_refused(tmp_path) -> None:
    path = write_idx(tmp_path) / LABELS
    content = path.read_bytes()
    path.write_bytes(content[:8] + content[8:].replace(bytes([6]), bytes([4])))
    (found,) = problems_of(tmp_path)
    assert "none of shirt" in found


def test_the_public_files_are_the_originals(data_dir) -> None:
    folder = data_dir / "fashion_mnist"
    if not folder.is_dir():
        pytest.skip("no fashion_mnist in the public data folder")
    found = read_garments(folder)
    assert found.train_pictures.shape == (36_000, 28, 28)  # six classes of 6,000
    assert np.bincount(found.test_category).tolist() == [1000] * 6
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
        first = file.read(8 + 10)[8:]
    # the publisher's first ten test labels: 9 2 1 1 6 1 4 6 5 7
    assert list(first) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    assert found.test_category[:7].tolist() == [2, 1, 1, 5, 1, 4, 5]
