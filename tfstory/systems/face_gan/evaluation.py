"""face_gan's metrics as per-example sums."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import pictures
from tfstory.metrics.energy import energy_terms
from tfstory.metrics.picture_features import RandomConvolutions
from tfstory.metrics.ratio import Ratio
from tfstory.systems.face_gan.features import PICTURES, draw_seeds
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.face_gan.statistics import Statistics

# Named with the features that it is measured in.
ENERGY = f"energy_{RandomConvolutions.NAME}"

RATIOS: Mapping[str, Ratio] = {
    ENERGY: Ratio(
        "energy",
        "pictures",
        about="energy distance of generated to real pictures in the features "
        "of random convolutions",
    ),
    f"{ENERGY}_mean_picture": Ratio(
        "mean_picture_energy", "pictures", baseline_of=ENERGY
    ),
    "real_accuracy": Ratio(
        "real_right",
        "pictures",
        higher_is_better=True,
        about="real pictures that the discriminator takes for real; a half, "
        "of both, where it cannot tell",
    ),
    "fake_accuracy": Ratio(
        "fake_right",
        "pictures",
        higher_is_better=True,
        about="generated pictures that the discriminator takes for generated",
    ),
}


def sums(
    batch: Mapping[str, tf.Tensor],
    fake: tf.Tensor,
    model: FaceModel,
    features: RandomConvolutions,
    statistics: Statistics,
) -> dict[str, tf.Tensor]:
    """Returns the sums of `RATIOS`, float32 `[batch]` each.

    Args:
      batch: prepared batch.
      fake: float32, what the model draws for `draw_seeds(batch, 0)`.
      model: FaceModel.
      features: RandomConvolutions.
      statistics: Statistics.
    """
    real = pictures.to_unit(batch[PICTURES])
    other = model.draw(draw_seeds(batch, 1))
    mean = tf.convert_to_tensor(statistics.mean_picture)[tf.newaxis]
    references = tf.convert_to_tensor(statistics.references)
    real_features = features(real)
    mean_features = tf.broadcast_to(features(mean), tf.shape(real_features))
    real_right = model.discriminator(real) > 0.0
    fake_right = model.discriminator(fake) < 0.0
    return {
        "energy": energy_terms(
            features(fake), features(other), real_features, references
        ),
        "mean_picture_energy": energy_terms(
            mean_features, mean_features, real_features, references
        ),
        "real_right": tf.cast(real_right, tf.float32),
        "fake_right": tf.cast(fake_right, tf.float32),
        "pictures": tf.ones(tf.shape(real)[:1]),
    }
