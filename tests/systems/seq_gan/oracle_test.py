"""Which oracle judges a run's sequences."""

import numpy as np
import pytest

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
    with pytest.raises(UserError, match="oracle gone.npz"):
        tiny.seq_gan({"evaluation.oracle": "gone.npz"})
    path = tmp_path / "oracle.npz"
    oracle_parameters.save(path, oracle_parameters.draw_parameters(0, 9, 2))
    with pytest.raises(UserError, match="has 9 tokens, and the data have 12"):
        tiny.seq_gan({"evaluation.oracle": str(path)})
