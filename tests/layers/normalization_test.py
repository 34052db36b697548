"""Normalisation by its name: what its statistics are taken over."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.normalization import GROUPS, KINDS, normalization

MAPS = np.float32(
    np.random.default_rng(0).normal(2.0, 3.0, size=[4, 5, 5, 2 * GROUPS])
)


def _standard(values, axes):
    mean = values.mean(axes, keepdims=True)
    return (values - mean) / np.sqrt(values.var(axes, keepdims=True) + 1e-3)


def test_a_batch_s_statistics_are_those_of_each_channel():
    found = normalization("batch")(tf.constant(MAPS), training=True)
    np.testing.assert_allclose(found, _standard(MAPS, (0, 1, 2)), atol=1e-4)


def test_a_group_s_are_those_of_each_example():
    in_groups = MAPS.reshape([4, 5, 5, GROUPS, 2])
    expected = _standard(in_groups, (1, 2, 4)).reshape(MAPS.shape)
    for training in (True, False):
        found = normalization("group")(tf.constant(MAPS), training=training)
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_none_leaves_maps_as_they_are():
    found = normalization("none")(tf.constant(MAPS), training=True)
    np.testing.assert_array_equal(found, MAPS)


def test_there_is_no_other_kind():
    assert KINDS == ("batch", "group", "none")
    with pytest.raises(ValueError, match="one of .*, not 'layer'"):
        normalization("layer")
