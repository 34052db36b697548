"""The curated schema: what a dataset of stories must look like."""

import hashlib
import os

import ml_collections
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from tfstory import stories


def build(config: ml_collections.ConfigDict) -> schema_pb2.Schema:
    """Returns the schema of windows of `config.data.frames` frames.

    Every feature of the codec (`tfstory.stories.encode`) is required in every
    example; pictures and sentences come one a frame.

    Args:
      config: the run's config.
    """
    frames = config.data.frames
    schema = schema_pb2.Schema()
    _add(schema, stories.STORY_ID, schema_pb2.BYTES)
    _add(schema, stories.SOURCE, schema_pb2.BYTES)
    _add(schema, stories.STORY_LENGTH, schema_pb2.INT)
    images = _add(schema, stories.IMAGES, schema_pb2.BYTES, frames)
    # Without it, statistics would count encoded pictures as words.
    images.image_domain.SetInParent()
    _add(schema, stories.SENTENCES, schema_pb2.BYTES, frames)
    _add(schema, stories.DECIDED, schema_pb2.BYTES, frames)
    return schema


def write(config: ml_collections.ConfigDict, directory: str) -> str:
    """Writes the schema as a text proto named by its content.

    The name changes with the content because ImportSchemaGen is cached by
    the name of its file.

    Args:
      config: the run's config.
      directory: str, where to write; made where it is missing.

    Returns:
      str, the file's path.
    """
    text = text_format.MessageToString(build(config))
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = os.path.join(directory, f"{name}.pbtxt")
    tf.io.gfile.makedirs(directory)
    with tf.io.gfile.GFile(path, "w") as file:
        file.write(text)
    return path


def _add(
    schema: schema_pb2.Schema,
    name: str,
    kind: schema_pb2.FeatureType,
    length: int | None = None,
) -> schema_pb2.Feature:
    feature = schema.feature.add(name=name, type=kind)
    feature.presence.min_fraction = 1.0
    feature.presence.min_count = 1
    feature.shape.SetInParent()
    if length is not None:
        feature.shape.dim.add(size=length)
    return feature
