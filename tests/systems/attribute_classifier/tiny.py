"""A classifier small enough for tests, and scenes for it."""

import numpy as np
import tensorflow as tf

from tests.systems import configs
from tfstory.datasets.shape_stories import generate_stories, labels
from tfstory.systems.attribute_classifier.system import AttributeClassifier

SIZE = 64


def config():
    """Returns the project's config cut down in size."""
    result = configs.load("attribute_classifier", "shapes")
    result.data.image_size = SIZE
    result.model.widths = (8, 12, 16)
    return result


def system():
    """Returns an untrained classifier."""
    return AttributeClassifier(config(), "")


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
