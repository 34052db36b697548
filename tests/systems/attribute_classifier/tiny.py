"""A classifier small enough for tests, and scenes for it."""

import numpy as np
import tensorflow as tf

from tests.systems import configs
from tfstory.datasets.clevr_sv import drawing, scenes
from tfstory.datasets.clevr_sv import labels as clevr_labels
from tfstory.datasets.shape_stories import generate_stories, labels
from tfstory.systems.attribute_classifier.system import AttributeClassifier

SIZE = 64


def config(name="shapes"):
    """Returns a config of the project cut down in size.

    Args:
      name: file in `configs/attribute_classifier`.
    """
    result = configs.load("attribute_classifier", name)
    result.data.image_size = SIZE
    result.model.widths = (8, 12, 16)
    return result


def system(name="shapes"):
    """Returns an untrained classifier, of a config as `config` takes it."""
    return AttributeClassifier(config(name), "")


def raw_batch(count=3):
    """Returns raw scenes, the first of as many stories."""
    scenes = [
        (story.images[0], labels.label(story.scenes[0]))
        for story in generate_stories(0, "train", count, SIZE)
    ]
    return {
        "image": tf.constant([picture for picture, _ in scenes]),
        "labels": tf.constant(np.stack([label for _, label in scenes])),
    }


def raw_clevr_batch():
    """Returns the raw scenes of a CLEVR-SV story."""
    scene = scenes.random_scene(0, 0)
    items = [solid.item for solid in scene.solids]
    labelled = [clevr_labels.label(items[: i + 1]) for i in range(len(items))]
    return {
        "image": tf.constant(drawing.draw(scene)),
        "labels": tf.constant(np.stack(labelled)),
    }
