"""What a served classifier answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import examples, pictures
from tfstory.systems.attribute_classifier.model import Classifier

_NOTHING = ""


def signatures(
    classifier: Classifier,
    attributes: Mapping[str, Sequence[str]],
    image_size: int,
) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      classifier: Classifier.
      attributes: name to values, those from 1 on.
      image_size: int, pixels.
    """
    names = {
        name: tf.constant([_NOTHING, *values])
        for name, values in attributes.items()
    }

    def named(encoded: tf.Tensor) -> dict[str, tf.Tensor]:
        decoded = pictures.decode(encoded, image_size)
        logits = classifier(pictures.to_unit(decoded))
        return {
            name: tf.gather(names[name], tf.argmax(part, axis=-1))
            for name, part in logits.items()
        }

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="images")]
    )
    def classify(images):
        return named(images)

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def serving_default(serialized):
        return named(examples.PICTURES.parse(serialized)[examples.IMAGE])

    return {"serving_default": serving_default, "classify": classify}


def request_inputs(
    batch: Mapping[str, np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Turns raw pictures into requests.

    Args:
      batch: `image`, bytes `[batch]`.

    Returns:
      signature name to input name to array.
    """
    return {"classify": {"images": batch[examples.IMAGE]}}
