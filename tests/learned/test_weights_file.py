"""Weights files: what was written is read, everything else is refused with one error."""

from __future__ import annotations

import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from factory_env.errors import InputError
from factory_env.learned.gan.classifier import Judge
from factory_env.learned.weights_file import load_network, save_network


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "judge.safetensors"
    network = Judge(8)
    save_network(path, "judge", network, network.sizes)
    return path, network


def refused(path) -> str:
    with pytest.raises(InputError) as caught:
        load_network(path, "judge", Judge)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_network_comes_back_as_it_was(saved) -> None:
    path, network = saved
    twin = load_network(path, "judge", Judge)
    for key, tensor in network.state_dict().items():
        assert torch.equal(tensor, twin.state_dict()[key])
    picture = torch.rand(3, 1, 28, 28)
    with torch.no_grad():
        assert torch.equal(network.eval()(picture), twin.eval()(picture))


def test_loading_draws_no_random_number(saved) -> None:
    path, _ = saved
    before = torch.get_rng_state()
    load_network(path, "judge", Judge)
    assert torch.equal(before, torch.get_rng_state())


def test_a_missing_file_is_refused(tmp_path) -> None:
    assert "nothing there" in refused(tmp_path / "judge.safetensors")


def test_a_pickle_is_refused_and_never_loaded(tmp_path) -> None:
    path = tmp_path / "judge.safetensors"
    struck = tmp_path / "struck"

    class Trap:
        def __reduce__(self):
            return open, (str(struck), "w")

    path.write_bytes(pickle.dumps(Trap()))
    assert "must be a safetensors file" in refused(path)
    torch.save({"a": Trap()}, path)
    assert "must be a safetensors file" in refused(path)
    assert not struck.exists()


def test_a_cut_off_file_is_refused(saved) -> None:
    path, _ = saved
    path.write_bytes(path.read_bytes()[:-100])
    assert "must be a safetensors file" in refused(path)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"kind": "judge", "version": "0", "width": "8"}, "version '0'"),
        ({"kind": "generator", "version": "1", "width": "8"}, "kind 'generator'"),
        ({"kind": "judge", "version": "1", "width": "wide"}, "must fit"),
        ({}, "kind None"),
    ],
)
def test_another_kind_or_version_is_refused(saved, header, said) -> None:
    path, _ = saved
    save_file(load_file(path), str(path), metadata=header)
    assert said in refused(path)


@pytest.mark.parametrize("width", ["9", "0", "-3", "80000"])
def test_sizes_that_do_not_fit_the_tensors_are_refused(saved, width) -> None:
    path, _ = saved
    header = {"kind": "judge", "version": "1", "width": width}
    save_file(load_file(path), str(path), metadata=header)
    assert "judge.safetensors" in refused(path)


def test_an_unknown_size_is_refused(saved) -> None:
    path, _ = saved
    header = {"kind": "judge", "version": "1", "depth": "3"}
    save_file(load_file(path), str(path), metadata=header)
    assert "judge.safetensors" in refused(path)


def test_weights_that_are_not_finite_are_refused(saved) -> None:
    path, network = saved
    with torch.no_grad():
        network.head.weight[0, 0] = float("nan")
    save_network(path, "judge", network, network.sizes)
    assert "head.weight is not" in refused(path)
