"""Features that distances between pictures are measured in."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.metrics import frechet
from tfstory.metrics.picture_features import Inception, RandomConvolutions


def _pictures(seed, count=6, size=32):
    generator = np.random.default_rng(seed)
    return generator.random((count, size, size, 3)).astype("float32")


@pytest.mark.parametrize("size", [16, 64])
def test_random_features_are_the_same_whatever_the_run(size):
    pictures = _pictures(0, size=size)
    keras.utils.set_random_seed(1)
    first = RandomConvolutions(size)(pictures)
    keras.utils.set_random_seed(2)
    second = RandomConvolutions(size)(pictures)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (6, RandomConvolutions.SIZE)
    # Neither vanishing nor growing from layer to layer.
    assert 0.1 < np.std(first) < 10.0


def test_random_features_tell_what_is_where():
    features = RandomConvolutions(32)
    noise = _pictures(0, 800)
    flipped = noise * np.linspace(0.2, 1.0, 32)[:, None, None]
    real, same, other = (
        frechet.moments(features(tf.constant(x, tf.float32)))
        for x in (noise, _pictures(1, 800), flipped)
    )
    assert frechet.distance(real, other) > 4 * frechet.distance(real, same)


def test_no_trained_weights():
    assert RandomConvolutions(16).trainable_variables == []


def test_no_picture_has_no_features():
    """As a replica without examples needs it."""
    features = tf.function(RandomConvolutions(32))
    assert features(tf.zeros([0, 32, 32, 3])).shape == (0, 64)


def test_inception_without_its_file(tmp_path):
    with pytest.raises(UserError, match="there is no file"):
        Inception(str(tmp_path / "none.h5"))


@pytest.mark.filterwarnings("ignore:Skipping")
def test_inception_with_other_weights(tmp_path):
    path = str(tmp_path / "other.weights.h5")
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save_weights(
        path
    )
    with pytest.raises(UserError, match="does not hold"):
        Inception(path)


def test_inception_takes_pictures_in_the_unit_range(tmp_path):
    network = keras.applications.InceptionV3(
        include_top=False, weights=None, pooling="avg"
    )
    path = str(tmp_path / "inception.weights.h5")
    network.save_weights(path)
    pictures = tf.constant(_pictures(0, 1, 299))
    expected = network(
        keras.applications.inception_v3.preprocess_input(255.0 * pictures)
    )
    found = Inception(path)(pictures)
    assert found.shape == (1, 2048)
    np.testing.assert_allclose(found, expected, atol=1e-5)
