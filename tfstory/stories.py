"""What a story is: feature names, shapes and the `tf.train.Example` codec.

A story is an ordered sequence of frames; a frame is a picture and a sentence.
One `tf.train.Example` holds one story, or a window of consecutive frames of
one. Pictures stay encoded (PNG, JPEG) until the input pipeline decodes them.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import tensorflow as tf

from tfstory import examples

STORY_ID = "story_id"
IMAGES = "images"
SENTENCES = "sentences"
# The sentences with every word that the story leaves open replaced by "_";
# built-in data alone knows it. Empty strings where a dataset does not.
DECIDED = "decided"
# Where the story comes from (a dataset's name), and how many frames the whole
# story has: the slices that evaluation reports.
SOURCE = examples.SOURCE
STORY_LENGTH = "story_length"


@dataclasses.dataclass(frozen=True)
class Story:
    """A whole story, or a window of one, as Python values.

    Attributes:
      story_id: name of the story, unique within its dataset.
      source: name of the dataset that the story comes from.
      images: encoded pictures, one a frame.
      sentences: one a frame.
      decided: the sentences with undecided words as "_", one a frame; empty
        where the dataset does not know which words are decided.
      story_length: frames of the whole story; None means `len(images)`.
    """

    story_id: str
    source: str
    images: Sequence[bytes]
    sentences: Sequence[str]
    decided: Sequence[str] = ()
    story_length: int | None = None

    def __post_init__(self):
        if len(self.images) != len(self.sentences):
            raise ValueError(
                f"story {self.story_id!r} has {len(self.images)} pictures "
                f"and {len(self.sentences)} sentences"
            )
        if self.decided and len(self.decided) != len(self.sentences):
            raise ValueError(
                f"story {self.story_id!r} has {len(self.sentences)} sentences "
                f"and {len(self.decided)} decided sentences"
            )


def encode(story: Story) -> tf.train.Example:
    """Returns the story as the `tf.train.Example` of the data contract."""
    decided = story.decided or [""] * len(story.sentences)
    return examples.encode(
        {
            STORY_ID: story.story_id.encode(),
            SOURCE: story.source.encode(),
            STORY_LENGTH: story.story_length or len(story.images),
            IMAGES: list(story.images),
            SENTENCES: [s.encode() for s in story.sentences],
            DECIDED: [s.encode() for s in decided],
        }
    )


def feature_spec(frames: int) -> Mapping[str, tf.io.FixedLenFeature]:
    """Returns the parsing spec of stories with `frames` frames.

    `decided` may be absent and is then empty strings; `source` and
    `story_length` may be absent too, so that a caller of a served model need
    not know them.

    Args:
      frames: int, frames a story.
    """
    return {
        STORY_ID: tf.io.FixedLenFeature([], tf.string, default_value=b""),
        SOURCE: tf.io.FixedLenFeature([], tf.string, default_value=b""),
        STORY_LENGTH: tf.io.FixedLenFeature([], tf.int64, default_value=frames),
        IMAGES: tf.io.FixedLenFeature([frames], tf.string),
        SENTENCES: tf.io.FixedLenFeature([frames], tf.string),
        DECIDED: tf.io.FixedLenFeature(
            [frames], tf.string, default_value=[b""] * frames
        ),
    }


def example_format(frames: int) -> examples.ExampleFormat:
    """Returns the format of stories with `frames` frames.

    Parsed, a batch has `images`, `sentences`, `decided` string
    `[batch, frames]`; `story_id`, `source` string `[batch]`; `story_length`
    int64 `[batch]`. It is an error where an Example lacks `images` or
    `sentences`, or has another number of frames.
    """
    return examples.ExampleFormat(
        spec=feature_spec(frames),
        pictures=(IMAGES,),
        slices=(SOURCE, STORY_LENGTH),
    )
