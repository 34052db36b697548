"""Differentiable augmentation: each change by hand, and its gradient."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory import augment

# Of brightness, saturation, contrast, moves down and right, and the cut:
# where nothing changes.
STILL = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]


def _picture(size=8):
    generator = np.random.default_rng(0)
    return generator.random((1, size, size, 3)).astype("float32")


def _augmented(pictures, policy, **draws):
    row = list(STILL)
    for key, value in draws.items():
        row[int(key[1:])] = value
    rows = tf.constant([row] * len(pictures))
    return augment.augment(tf.constant(pictures), rows, (policy,)).numpy()


@pytest.mark.parametrize("policy", ["color", "translation"])
def test_the_middle_changes_nothing(policy):
    picture = _picture()
    np.testing.assert_allclose(_augmented(picture, policy), picture, atol=1e-6)
    np.testing.assert_allclose(
        augment.augment(picture, tf.constant([STILL]), ()), picture, atol=1e-6
    )


def test_brightness():
    picture = _picture()
    brighter = _augmented(picture, "color", d0=0.9)
    np.testing.assert_allclose(brighter, picture + 0.2, atol=1e-6)


def test_saturation():
    picture = _picture()
    grey = picture.mean(axis=3, keepdims=True)
    np.testing.assert_allclose(
        _augmented(picture, "color", d1=0.0),
        np.broadcast_to(grey, picture.shape),
        atol=1e-6,
    )
    np.testing.assert_allclose(
        _augmented(picture, "color", d1=0.75),
        grey + 1.5 * (picture - grey),
        atol=1e-6,
    )


def test_contrast():
    picture = _picture()
    mean = picture.mean()
    np.testing.assert_allclose(
        _augmented(picture, "color", d2=0.0),
        mean + 0.5 * (picture - mean),
        atol=1e-6,
    )


def test_translation():
    picture = _picture()  # 8 pixels: moves by one at most.
    moved = _augmented(picture, "translation", d3=0.0)
    np.testing.assert_allclose(moved[:, 1:], picture[:, :-1], atol=1e-6)
    np.testing.assert_array_equal(moved[:, 0], np.full([1, 8, 3], 0.5))
    moved = _augmented(picture, "translation", d4=0.99)
    np.testing.assert_allclose(moved[:, :, :-1], picture[:, :, 1:], atol=1e-6)
    np.testing.assert_array_equal(moved[:, :, -1], np.full([1, 8, 3], 0.5))


def test_cutout():
    picture = _picture()
    cut = _augmented(picture, "cutout", d5=0.5, d6=0.0)
    expected = picture.copy()
    # 4 x 4 pixels around row 4 and column 0.
    expected[:, 2:6, :2] = 0.5
    np.testing.assert_allclose(cut, expected, atol=1e-6)


def test_each_picture_has_its_own_draws():
    pictures = np.concatenate([_picture()] * 2)
    draws = tf.constant([STILL, [0.9, *STILL[1:]]])
    first, second = augment.augment(pictures, draws, ("color",)).numpy()
    np.testing.assert_allclose(first, pictures[0], atol=1e-6)
    np.testing.assert_allclose(second, pictures[1] + 0.2, atol=1e-6)


@pytest.mark.parametrize("policy", augment.POLICIES)
def test_gradients_reach_the_picture(policy):
    pictures = tf.constant(_picture(4), tf.float64)
    draws = tf.constant([[0.3, 0.8, 0.1, 0.0, 0.9, 0.6, 0.7]], tf.float64)
    theoretical, numerical = tf.test.compute_gradient(
        lambda x: augment.augment(x, draws, (policy,)), [pictures]
    )
    np.testing.assert_allclose(theoretical[0], numerical[0], atol=1e-5)
    assert np.abs(theoretical[0]).sum() > 1.0


def test_draws_at_their_ends_stay_in_range():
    for end in (0.0, np.nextafter(np.float32(1.0), np.float32(0.0))):
        draws = tf.fill([1, augment.DRAWS], end)
        for dtype in (tf.float32, tf.float16):
            x = tf.cast(_picture(), dtype)
            changed = augment.augment(x, draws, augment.POLICIES)
            assert changed.dtype == dtype
            assert np.isfinite(changed).all()


def test_a_policy_that_there_is_not():
    with pytest.raises(ValueError, match="no augmentation 'rotation'"):
        augment.augment(_picture(), tf.constant([STILL]), ("rotation",))
