"""SSIM against an independent implementation."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.metrics import ssim


def _reference_ssim(a, b):
    """SSIM by Wang et al.'s formula, window by window, in float64."""
    offsets = np.arange(11) - 5
    line = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(line, line)
    window /= window.sum()
    c1, c2 = 0.01**2, 0.03**2
    values = []
    for channel in range(3):
        for row in range(a.shape[0] - 10):
            for column in range(a.shape[1] - 10):
                part = np.s_[row : row + 11, column : column + 11, channel]
                x, y = a[part].astype(float), b[part].astype(float)
                mean_x, mean_y = (window * x).sum(), (window * y).sum()
                var_x = (window * (x - mean_x) ** 2).sum()
                var_y = (window * (y - mean_y) ** 2).sum()
                cov = (window * (x - mean_x) * (y - mean_y)).sum()
                values.append(
                    (2 * mean_x * mean_y + c1)
                    * (2 * cov + c2)
                    / (mean_x**2 + mean_y**2 + c1)
                    / (var_x + var_y + c2)
                )
    return np.mean(values)


def _pictures(seed, shape=(3, 20, 17, 3)):
    return np.random.default_rng(seed).random(shape, np.float32)


def test_equals_an_independent_implementation():
    target = _pictures(0)
    noise = _pictures(1)
    predicted = target * np.reshape([0.9, 0.5, 0.0], [3, 1, 1, 1]) + (
        noise * np.reshape([0.1, 0.5, 1.0], [3, 1, 1, 1])
    ).astype(np.float32)
    expected = [
        _reference_ssim(a, b) for a, b in zip(predicted, target, strict=True)
    ]
    result = ssim.ssim(predicted, target).numpy()
    np.testing.assert_allclose(result, expected, atol=1e-4)
    assert result[0] > result[1] > result[2]


def test_is_one_for_equal_pictures_and_negative_for_an_inverted_pattern():
    target = _pictures(2)
    np.testing.assert_allclose(ssim.ssim(target, target), 1, atol=1e-6)
    assert np.all(ssim.ssim(1 - target, target).numpy() < 0)


def test_flat_pictures_have_the_value_of_their_means():
    # No variance: SSIM = (2ab + c1) / (a^2 + b^2 + c1).
    a, b = 0.2, 0.6
    expected = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)
    result = ssim.ssim(tf.fill([1, 11, 11, 3], a), tf.fill([1, 11, 11, 3], b))
    np.testing.assert_allclose(result, [expected], rtol=1e-3)


def test_too_small_pictures_are_refused():
    with pytest.raises(ValueError, match="11x11 pixels or more, not 12x8"):
        ssim.ssim(tf.zeros([1, 12, 8, 3]), tf.zeros([1, 12, 8, 3]))


def test_exports_with_an_unknown_batch_size(tmp_path):
    module = tf.Module()
    spec = tf.TensorSpec([None, 16, 16, 3], tf.float32)
    module.ssim = tf.function(
        lambda a, b: {"ssim": ssim.ssim(a, b)}, input_signature=[spec, spec]
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.ssim)
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    a, b = _pictures(3, (5, 16, 16, 3)), _pictures(4, (5, 16, 16, 3))
    result = loaded(a=tf.constant(a), b=tf.constant(b))["ssim"]
    np.testing.assert_allclose(result, ssim.ssim(a, b), atol=1e-6)
