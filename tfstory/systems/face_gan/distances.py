"""Distances of generated to real pictures, over whole sets of both."""

from collections.abc import Iterable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.metrics import frechet, sliced_wasserstein
from tfstory.metrics.against_real import MODEL, REAL, against_real
from tfstory.metrics.picture_features import Inception, RandomConvolutions
from tfstory.systems.face_gan.features import PICTURES, draw_seeds
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.face_gan.statistics import Statistics

# What each distance stands beside: the seed's baseline, and the floor that
# real pictures set.
MEAN_PICTURE = "mean_picture"
REAL_TRAIN = "real_train"


def distances(
    batches: Iterable[Mapping[str, tf.Tensor]],
    model: FaceModel,
    features: RandomConvolutions,
    statistics: Statistics,
    inception_weights: str = "",
) -> dict[str, float]:
    """Measures as many generated pictures as there are held-out real ones.

    Args:
      batches: prepared batches of held-out examples.
      model: FaceModel.
      features: RandomConvolutions.
      statistics: Statistics of the training pictures.
      inception_weights: str, see `Inception`; "" leaves it out.

    Returns:
      `frechet_<features>` and `sliced_wasserstein` of the model; with
      `_mean_picture` of the mean of the training pictures, with `_real_train`
      of training pictures: as many as are held out, at most `REFERENCES`, in
      the Frechet distance, and of all `REFERENCES` in the other, which their
      number changes by little. Inception features have no `_real_train`.

    Raises:
      UserError: the weights of Inception are not there.
    """
    kinds = [features]
    if inception_weights:
        kinds.append(Inception(inception_weights))
    held_out = list(batches)
    mean = statistics.mean_picture.numpy()
    sets: dict[str, list[np.ndarray]] = {REAL: [], MODEL: [], MEAN_PICTURE: []}
    for batch in held_out:
        real = pictures.to_unit(batch[PICTURES]).numpy()
        sets[REAL].append(real)
        sets[MODEL].append(model.draw(draw_seeds(batch, 0)).numpy())
        sets[MEAN_PICTURE].append(np.broadcast_to(mean, real.shape))
    result = {}
    for kind in kinds:
        result.update(_frechet(sets, kind, statistics))
    sketches = {
        name: sliced_wasserstein.sketch(np.concatenate(parts))
        for name, parts in sets.items()
    }
    sketches[REAL_TRAIN] = statistics.sketch.numpy()
    distance = sliced_wasserstein.distance
    return result | against_real("sliced_wasserstein", sketches, distance)


def _frechet(sets, kind, statistics):
    moments = {
        name: frechet.moments(np.concatenate([kind(part) for part in parts]))
        for name, parts in sets.items()
    }
    if kind.NAME == RandomConvolutions.NAME:
        count = sum(map(len, sets[REAL]))
        moments[REAL_TRAIN] = statistics.moments(count)
    return against_real(f"frechet_{kind.NAME}", moments, frechet.distance)
