"""The codec of examples of any format."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory import examples, stories
from tfstory.datasets import records
from tfstory.errors import UserError

_RAW = {
    "pictures": {
        examples.EXAMPLE_ID: [b"one", b"two"],
        examples.SOURCE: [b"faces", b"faces"],
        # Final zeros are part of a picture.
        examples.IMAGE: [b"\x89PNG\x00\x00", b"\x00"],
    },
    "numbers": {examples.VALUE: np.float32([0.25, -1.5e-3])},
    "texts": {examples.TEXT: ["größer".encode(), b"x"]},
    "tokens": {examples.TOKENS: np.int64([[3, 0, 1], [2, 2, 2]])},
}
_FORMATS = {
    "pictures": examples.PICTURES,
    "numbers": examples.NUMBERS,
    "texts": examples.TEXTS,
    "tokens": examples.token_sequences(3),
}


def _dataset(kind):
    return tf.data.Dataset.from_tensor_slices(_RAW[kind])


@pytest.mark.parametrize("kind", _FORMATS)
def test_records_come_back_as_written(kind, tmp_path):
    assert records.write(_dataset(kind), tmp_path) == 2
    back = records.read(str(tmp_path / "*"), _FORMATS[kind])
    assert back.element_spec == _dataset(kind).element_spec
    batch = next(back.batch(2).as_numpy_iterator())
    for name, values in _RAW[kind].items():
        assert batch[name].tolist() == np.asarray(values, object).tolist()


def test_what_has_a_default_may_be_absent():
    example = examples.encode({examples.IMAGE: b"x"})
    parsed = examples.PICTURES.parse([example.SerializeToString()])
    assert parsed[examples.SOURCE].numpy().tolist() == [b""]


@pytest.mark.parametrize("kind", _FORMATS)
def test_the_thing_itself_must_be_there(kind):
    with pytest.raises(tf.errors.InvalidArgumentError):
        _FORMATS[kind].parse([tf.train.Example().SerializeToString()])


def test_examples_of_another_kind_are_refused():
    numbers = _dataset("numbers").element_spec
    with pytest.raises(UserError, match="'gaussians' has .* value, and .*ima"):
        stories.example_format(5).check(numbers, "gaussians")
    examples.NUMBERS.check(numbers, "gaussians")
