"""What an example is: its features and the `tf.train.Example` codec.

A dataset says what its examples have, a system what it reads: stories
(`tfstory.stories`), single pictures, single numbers, lines of text or
sequences of tokens.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory.errors import UserError

# What an example is called in its dataset, and the dataset's name.
EXAMPLE_ID = "example_id"
SOURCE = "source"
# One encoded picture (PNG, JPEG): bytes.
IMAGE = "image"
# What can be seen in it: int64 `[places, attributes]`.
LABELS = "labels"
# One number.
VALUE = "value"
# One line of text: UTF-8 bytes.
TEXT = "text"
# A sequence whose tokens are numbers from the start: int64 `[length]`.
TOKENS = "tokens"


@dataclasses.dataclass(frozen=True)
class ExampleFormat:
    """The features of raw examples, one `tf.train.Example` each.

    Attributes:
      spec: feature name to how it is parsed; what has a default value may be
        absent from a caller's Example.
      pictures: names of the features that hold encoded pictures.
      slices: names of the features that evaluation reports by.
    """

    spec: Mapping[str, tf.io.FixedLenFeature]
    pictures: Sequence[str] = ()
    slices: Sequence[str] = ()

    def parse(self, serialized: tf.Tensor) -> dict[str, tf.Tensor]:
        """Parses a batch of serialised Examples.

        Args:
          serialized: string `[batch]`.

        Returns:
          Feature name to tensor `[batch, ...]`, shaped as `spec` says.

        Raises:
          tf.errors.InvalidArgumentError: an Example lacks a feature, or has
            one of another shape.
        """
        return tf.io.parse_example(serialized, dict(self.spec))

    def check(self, features: Collection[str], dataset: str) -> None:
        """Checks that a dataset's examples are of this format.

        Args:
          features: names of the features that they have.
          dataset: the dataset's name.

        Raises:
          UserError: a feature is missing.
        """
        missing = [name for name in self.spec if name not in features]
        if missing:
            raise UserError(
                f"config.data.dataset {dataset!r} has examples of "
                f"{', '.join(sorted(features))}, and the system reads "
                f"{', '.join(missing)} too; choose another dataset"
            )


PICTURES = ExampleFormat(
    spec={
        EXAMPLE_ID: tf.io.FixedLenFeature([], tf.string, default_value=b""),
        SOURCE: tf.io.FixedLenFeature([], tf.string, default_value=b""),
        IMAGE: tf.io.FixedLenFeature([], tf.string),
    },
    pictures=(IMAGE,),
    slices=(SOURCE,),
)
NUMBERS = ExampleFormat(spec={VALUE: tf.io.FixedLenFeature([], tf.float32)})
TEXTS = ExampleFormat(spec={TEXT: tf.io.FixedLenFeature([], tf.string)})


def labelled_pictures(places: int, attributes: int) -> ExampleFormat:
    """Returns the format of pictures with `LABELS`."""
    return dataclasses.replace(
        PICTURES,
        spec={
            **PICTURES.spec,
            LABELS: tf.io.FixedLenFeature([places, attributes], tf.int64),
        },
    )


def token_sequences(length: int) -> ExampleFormat:
    """Returns the format of sequences of `length` tokens."""
    return ExampleFormat(
        spec={TOKENS: tf.io.FixedLenFeature([length], tf.int64)}
    )


def encode(raw: Mapping[str, Any]) -> tf.train.Example:
    """Returns an example of any format as `tf.train.Example`.

    Args:
      raw: feature name to value or array; text as bytes.
    """
    return tf.train.Example(
        features=tf.train.Features(
            feature={name: _feature(value) for name, value in raw.items()}
        )
    )


def _feature(value: Any) -> tf.train.Feature:
    values = np.asarray(value, object if _is_text(value) else None).ravel()
    if values.dtype.kind == "f":
        return tf.train.Feature(
            float_list=tf.train.FloatList(value=values.tolist())
        )
    if values.dtype.kind in "biu":
        return tf.train.Feature(
            int64_list=tf.train.Int64List(value=values.tolist())
        )
    return tf.train.Feature(
        bytes_list=tf.train.BytesList(value=values.tolist())
    )


def _is_text(value: Any) -> bool:
    """Whether it holds bytes; NumPy's own type would drop final zeros."""
    if isinstance(value, (list, tuple)):
        return not value or isinstance(value[0], bytes)
    return isinstance(value, bytes)
