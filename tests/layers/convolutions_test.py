"""Convolutions as layers: Keras's own, and of none too."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers import convolutions

KINDS = {
    "Conv1D": [8, 3],
    "Conv2D": [8, 8, 3],
    "Conv2DTranspose": [8, 8, 3],
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_some_are_as_kerass(kind):
    shape = KINDS[kind]
    options = {"strides": 2, "padding": "same", "activation": "relu"}
    ours = getattr(convolutions, kind)(4, 3, **options)
    keras_own = getattr(keras.layers, kind)(4, 3, **options)
    for layer in (ours, keras_own):
        layer.build([None, *shape])
    keras_own.set_weights(ours.get_weights())
    x = tf.random.stateless_normal([2, *shape], [1, 2])
    np.testing.assert_allclose(ours(x), keras_own(x), atol=1e-6)
    # Checkpoints and exports know weights by their paths.
    assert ours.name.startswith(keras_own.name.rstrip("0123456789_"))
    assert [w.path.split("/")[1:] for w in ours.weights] == [
        w.path.split("/")[1:] for w in keras_own.weights
    ]


@pytest.mark.parametrize("kind", list(KINDS))
def test_none_gives_none_of_the_right_shape(kind):
    shape = KINDS[kind]
    layer = getattr(convolutions, kind)(4, 3, strides=2, padding="same")
    layer.build([None, *shape])
    some, none = layer(tf.ones([1, *shape])), layer(tf.zeros([0, *shape]))
    assert none.shape == [0, *some.shape[1:]]
