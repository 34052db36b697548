"""Windows of a fixed number of frames from prepared stories."""

import tensorflow as tf
import tensorflow_datasets as tfds

from tfstory import stories
from tfstory.datasets.dataset_builder import DatasetBuilder

_PER_FRAME = (stories.IMAGES, stories.SENTENCES, stories.DECIDED)


def windows(
    builder: DatasetBuilder, split: str, frames: int, stride: int = 1
) -> tf.data.Dataset:
    """Returns every run of `frames` consecutive frames of a split's stories.

    Stories shorter than a window give none. The order is the same in every
    run.

    Args:
      builder: a prepared dataset.
      split: "train", "validation" or "test".
      frames: int, frames a window.
      stride: int, frames between the starts of two windows of a story.

    Returns:
      Raw examples with the features of `stories.example_format`: `images`
      (encoded), `sentences` and `decided`, string `[frames]`; `story_id`
      ("id#first frame") and `source`, string `[]`; `story_length`, int64 `[]`.
    """
    decoders = tfds.decode.PartialDecoding(
        {
            name: builder.info.features[name]
            for name in (stories.STORY_ID, stories.SOURCE, *_PER_FRAME)
        },
        decoders={stories.IMAGES: tfds.decode.SkipDecoding()},
    )
    dataset = builder.read(split, decoders)

    def to_windows(story):
        length = tf.shape(story[stories.SENTENCES])[0]
        first = tf.range(0, tf.maximum(length - frames + 1, 0), stride)
        at = first[:, tf.newaxis] + tf.range(frames)
        count = tf.shape(first)[0]
        examples = {
            name: tf.ensure_shape(tf.gather(story[name], at), [None, frames])
            for name in _PER_FRAME
        }
        examples[stories.STORY_ID] = tf.strings.join(
            [story[stories.STORY_ID], "#", tf.strings.as_string(first)]
        )
        examples[stories.SOURCE] = tf.fill([count], story[stories.SOURCE])
        examples[stories.STORY_LENGTH] = tf.fill(
            [count], tf.cast(length, tf.int64)
        )
        return examples

    dataset = dataset.map(to_windows, num_parallel_calls=tf.data.AUTOTUNE)
    return dataset.unbatch().prefetch(tf.data.AUTOTUNE)
