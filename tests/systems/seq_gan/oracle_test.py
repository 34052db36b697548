"""Which oracle judges a run's sequences."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.errors import UserError
from tfstory.sampling import oracle_parameters


def test_random_oracles_come_back_by_their_seed():
    system = tiny.seq_gan({"data.builder.oracle_seed": 3})
    found = system.oracle_parameters()
    expected = oracle_parameters.draw_parameters(3, tiny.SIZE)
    np.testing.assert_array_equal(found.kernel, expected.kernel)


def test_an_oracle_of_a_file_is_named(tmp_path):
    changes = {"data.builder.oracle": "file"}
    assert tiny.seq_gan(changes).oracle_parameters() is None
    path = tmp_path / "oracle.npz"
    written = oracle_parameters.draw_parameters(0, tiny.SIZE, units=3)
    oracle_parameters.save(path, written)
    changes["evaluation.oracle"] = str(path)
    found = tiny.seq_gan(changes).oracle_parameters()
    np.testing.assert_array_equal(found.kernel, written.kernel)


def test_melodies_have_none():
    system = tiny.seq_gan({"data.dataset": "melodies"})
    assert system.oracle_parameters() is None
    assert system.writes_melodies(system.config)


def test_an_oracle_must_be_readable_and_of_the_data(tmp_path):
    system = tiny.seq_gan({"evaluation.oracle": "gone.npz"})
    with pytest.raises(UserError, match=r"oracle gone.npz: it cannot be read"):
        system.adapt([])
    path = tmp_path / "oracle.npz"
    oracle_parameters.save(path, oracle_parameters.draw_parameters(0, 9, 2))
    system = tiny.seq_gan({"evaluation.oracle": str(path)})
    with pytest.raises(UserError, match="has 9 tokens, and the data have 12"):
        system.evaluate(tiny.batch(system))


def test_what_is_written_needs_no_oracle():
    """As on a machine to which the run alone was copied."""
    system = tiny.seq_gan({"evaluation.oracle": "gone.npz"})
    written = system.model.write_by_seeds(tf.constant([1, 2], tf.int64), 1.0)
    assert written.tokens.shape == [2, system.codec.length]
