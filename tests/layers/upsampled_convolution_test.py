"""Against upsampling and convolution, one after the other."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.upsampled_convolution import UpsampledConvolution


def _pair(channels, filters):
    """The layer, and the two that it stands for, with its kernel."""
    keras.utils.set_random_seed(0)
    layer = UpsampledConvolution(filters)
    layer.build((None, None, None, channels))
    convolution = keras.layers.Conv2D(
        filters, 3, padding="same", use_bias=False
    )
    convolution.build((None, None, None, channels))
    convolution.kernel.assign(layer.kernel)
    upsample = keras.layers.UpSampling2D(interpolation="nearest")
    return layer, lambda x: convolution(upsample(x)), convolution


def test_it_is_upsampling_and_convolution():
    layer, both, _ = _pair(3, 5)
    x = tf.random.stateless_normal([2, 4, 6, 3], [1, 2])
    result = layer(x)
    assert result.shape == [2, 8, 12, 5]
    np.testing.assert_allclose(result, both(x), atol=1e-5)


def test_by_hand():
    """One pixel, and a kernel that tells its rows and columns."""
    layer = UpsampledConvolution(1)
    layer.build((None, 1, 1, 1))
    layer.kernel.assign(np.arange(1.0, 10.0).reshape(3, 3, 1, 1))
    # Each result sums the taps that fall on the four copies of the pixel.
    np.testing.assert_allclose(
        layer(tf.fill([1, 1, 1, 1], 2.0))[0, :, :, 0],
        2.0
        * np.array(
            [[5 + 6 + 8 + 9, 4 + 5 + 7 + 8], [2 + 3 + 5 + 6, 1 + 2 + 4 + 5]]
        ),
    )


def test_gradients_are_the_same():
    layer, both, convolution = _pair(3, 2)
    x = tf.random.stateless_normal([2, 3, 3, 3], [1, 2])
    target = tf.random.stateless_normal([2, 6, 6, 2], [3, 4])
    found = []
    for function, kernel in ((layer, layer.kernel), (both, convolution.kernel)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(target * function(x))
        found.append(tape.gradient(loss, [x, kernel.value]))
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("jit", [False, True])
def test_sizes_need_not_be_known(jit):
    layer, both, _ = _pair(2, 3)
    run = tf.function(
        layer,
        input_signature=[tf.TensorSpec([None, None, None, 2])],
        jit_compile=jit,
    )
    for shape in ([1, 2, 3, 2], [3, 4, 4, 2]):
        x = tf.random.stateless_normal(shape, [1, 2])
        np.testing.assert_allclose(run(x), both(x), atol=1e-5)


def test_none_gives_none_of_the_right_shape():
    layer = UpsampledConvolution(2)
    layer.build([None, 3, 4, 3])
    assert layer(tf.zeros([0, 3, 4, 3])).shape == [0, 6, 8, 2]
