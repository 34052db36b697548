"""Sequences of an oracle as a dataset."""

import ml_collections
import numpy as np
import pytest

from tfstory import examples
from tfstory.datasets import registry
from tfstory.datasets.load import load
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError
from tfstory.sampling import oracle_parameters

_FEW = {
    "vocabulary_size": 50,
    "length": 6,
    "train_examples": 40,
    "validation_examples": 10,
    "test_examples": 12,
}


def _builder(data_dir, manual_dir=None, **arguments):
    arguments = {**_FEW, **arguments}
    return prepare("oracle_sequences", data_dir, manual_dir, arguments)


def _tokens(builder, split="train"):
    loaded = builder.examples(split, None)
    return np.stack(
        [raw[examples.TOKENS] for raw in loaded.as_numpy_iterator()]
    )


@pytest.fixture
def folder(tmp_path):
    def write(vocabulary_size=50, files=("target_params",)):
        folder = tmp_path / "oracle"
        folder.mkdir()
        drawn = oracle_parameters.draw_parameters(9, vocabulary_size, 4)
        for file in files:
            oracle_parameters.save(folder / f"{file}.npz", drawn)
        return folder

    return write


def test_sequences_have_the_length_and_counts_asked_for(tmp_path):
    builder = _builder(tmp_path)
    shapes = {s: _tokens(builder, s).shape for s in builder.info.splits}
    assert shapes == {"train": (40, 6), "validation": (10, 6), "test": (12, 6)}
    tokens = _tokens(builder)
    assert tokens.dtype == np.int64
    assert tokens.min() >= 0 and tokens.max() < 50
    config = ml_collections.ConfigDict(
        {"data": {"dataset": "oracle_sequences", "builder": _FEW}}
    )
    spec = load(config, tmp_path, "test").element_spec
    assert set(spec) == set(examples.token_sequences(6).spec)


def test_seeds_decide_the_sequences_and_splits_differ(tmp_path):
    one = _builder(tmp_path / "a")
    again = _builder(tmp_path / "b")
    np.testing.assert_array_equal(_tokens(one), _tokens(again))
    for changed in ({"seed": 1}, {"oracle_seed": 1}):
        other = _builder(tmp_path / "a", **changed)
        assert not np.array_equal(_tokens(one), _tokens(other))
    train = set(map(tuple, _tokens(one)))
    assert not train & set(map(tuple, _tokens(one, "test")))


def test_the_oracle_lies_beside_its_sequences(tmp_path):
    builder = _builder(tmp_path)
    oracle = builder.oracle()
    drawn = oracle_parameters.draw_parameters(0, 50)
    found = oracle.parameters
    np.testing.assert_array_equal(found.embeddings, drawn.embeddings)
    own = -np.mean(oracle.log_probabilities(_tokens(builder)))
    uniform = np.random.default_rng(0).integers(0, 50, (40, 6))
    assert own + 1.0 < -np.mean(oracle.log_probabilities(uniform))


def test_an_oracle_of_a_file(folder, tmp_path):
    builder = _builder(tmp_path / "data", folder(), oracle="file")
    wanted = oracle_parameters.draw_parameters(9, 50, 4)
    found = builder.oracle().parameters
    np.testing.assert_array_equal(found.kernel, wanted.kernel)
    assert _tokens(builder).shape == (40, 6)


def test_a_file_that_is_no_oracle(folder, tmp_path):
    path = folder()
    (path / "target_params.npz").write_bytes(b"text")
    with pytest.raises(UserError, match="target_params.npz: it is no .npz"):
        _builder(tmp_path / "data", path, oracle="file")


def test_more_than_one_file(folder, tmp_path):
    path = folder(files=("one", "two"))
    with pytest.raises(UserError, match="found 2 such files; expected one"):
        _builder(tmp_path / "data", path, oracle="file")


def test_an_oracle_of_another_vocabulary(folder, tmp_path):
    with pytest.raises(UserError, match="set --builder.vocabulary_size=40"):
        _builder(tmp_path / "data", folder(40), oracle="file")


def test_an_oracle_of_a_file_needs_one(tmp_path):
    with pytest.raises(UserError, match="has no download: put one .npz or"):
        _builder(tmp_path, oracle="file")


def test_a_random_oracle_takes_no_files(folder, tmp_path):
    with pytest.raises(UserError, match="takes no files"):
        _builder(tmp_path / "data", folder())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"oracle": "both"}, "oracle must be random or file, not 'both'"),
        ({"length": 0}, "length must be at least 1"),
        ({"vocabulary_size": 0}, "vocabulary_size must be at least 1"),
    ],
)
def test_refuses_other_arguments(tmp_path, arguments, message):
    with pytest.raises(UserError, match=message):
        registry.builder("oracle_sequences", tmp_path, **arguments)
