"""Weights of an oracle: drawn, saved, and read with all that can be wrong."""

import dataclasses
import io
import pickle

import numpy as np
import pytest
import tensorflow as tf

from tfstory.sampling import oracle_parameters

_GATES = ("i", "f", "og", "c")


@pytest.fixture
def path(tmp_path):
    parameters = oracle_parameters.draw_parameters(0, 7, 3)
    oracle_parameters.save(tmp_path / "oracle.npz", parameters)
    return tmp_path / "oracle.npz"


def test_weights_are_standard_normal_and_repeat_with_the_seed():
    one, again, other = (
        oracle_parameters.draw_parameters(seed, 500) for seed in (1, 1, 2)
    )
    for name, weights in dataclasses.asdict(one).items():
        np.testing.assert_array_equal(weights, getattr(again, name))
        assert not np.array_equal(weights, getattr(other, name))
        # Four standard errors.
        few = 4 / np.sqrt(weights.size)
        assert weights.dtype == np.float32
        assert abs(weights.mean()) < few and abs(weights.std() - 1) < few
    assert one.vocabulary_size == 500 and one.units == 32


def test_weights_are_the_same_numbers_in_a_graph():
    @tf.function
    def trace():
        return tf.constant(oracle_parameters.draw_parameters(3, 7, 2).kernel)

    expected = oracle_parameters.draw_parameters(3, 7, 2).kernel
    np.testing.assert_array_equal(trace(), expected)


def test_a_file_has_the_published_form_and_comes_back(path):
    arrays = dict(np.load(path))
    assert {name: array.shape for name, array in arrays.items()} == {
        "emb": (7, 3),
        **{letter + gate: (3, 3) for letter in "WU" for gate in _GATES},
        **{f"b{gate}": (3,) for gate in _GATES},
        "Wo_out": (3, 7),
        "bo_out": (7,),
    }
    back = oracle_parameters.load(path)
    drawn = oracle_parameters.draw_parameters(0, 7, 3)
    for name, weights in dataclasses.asdict(drawn).items():
        np.testing.assert_array_equal(weights, getattr(back, name))
    np.testing.assert_array_equal(arrays["Uog"], back.recurrent_kernel[:, 6:9])


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("emb", None, "lacks the array emb"),
        ("Wo_out", None, "lacks the array Wo_out"),
        ("Uog", None, "lacks the array Uog"),
        ("emb", np.zeros(7), "emb is no matrix"),
        ("bf", np.zeros(4), r"bf is \[4\], not \[3\]"),
        ("bo_out", np.zeros(8), r"bo_out is \[8\], not \[7\]"),
        ("Wc", np.full((3, 3), np.nan), "Wc is not finite"),
        ("bc", np.array(["a"] * 3), "no .npz file or pickle of numbers"),
        ("bc", np.array([{}] * 3), "no .npz file or pickle of numbers"),
    ],
)
def test_a_file_of_another_form(path, name, array, message):
    arrays = dict(np.load(path))
    del arrays[name]
    if array is not None:
        arrays[name] = array
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=message):
        oracle_parameters.load(path)


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_published_pickle(path, protocol):
    arrays = np.load(path)
    order = ["emb"]
    for gate in _GATES:
        order += [f"W{gate}", f"U{gate}", f"b{gate}"]
    values = [arrays[name] for name in [*order, "Wo_out", "bo_out"]]
    pickled = io.BytesIO(pickle.dumps(values, protocol))
    found, expected = map(oracle_parameters.load, (pickled, path))
    for name, weights in dataclasses.asdict(expected).items():
        np.testing.assert_array_equal(weights, getattr(found, name))
    short = io.BytesIO(pickle.dumps(values[1:], protocol))
    with pytest.raises(ValueError, match="no list of 15 arrays"):
        oracle_parameters.load(short)


def test_a_file_of_one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match="no .npz file"):
        oracle_parameters.load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"text"])
def test_a_file_that_is_broken(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no .npz file"):
        oracle_parameters.load(path)
