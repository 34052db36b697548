"""The curated schema: what a dataset's examples must look like."""

import hashlib
import os

import tensorflow as tf
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from tfstory.examples import ExampleFormat

_TYPES = {
    tf.string: schema_pb2.BYTES,
    tf.int64: schema_pb2.INT,
    tf.float32: schema_pb2.FLOAT,
}


def build(example_format: ExampleFormat) -> schema_pb2.Schema:
    """Returns the schema of examples of a format.

    Every feature is required in every example, those with a default value
    too: this default is for callers of a served model.

    Args:
      example_format: what the system reads.
    """
    schema = schema_pb2.Schema()
    for name, spec in example_format.spec.items():
        feature = schema.feature.add(name=name, type=_TYPES[spec.dtype])
        feature.presence.min_fraction = 1.0
        feature.presence.min_count = 1
        feature.shape.SetInParent()
        for size in spec.shape:
            feature.shape.dim.add(size=size)
        if name in example_format.pictures:
            # Without it, statistics would count encoded pictures as words.
            feature.image_domain.SetInParent()
    return schema


def write(example_format: ExampleFormat, directory: str) -> str:
    """Writes the schema as a text proto named by its content.

    The name changes with the content because ImportSchemaGen is cached by
    the name of its file.

    Args:
      example_format: as in `build`.
      directory: str, where to write; made where it is missing.

    Returns:
      str, the file's path.
    """
    text = text_format.MessageToString(build(example_format))
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = os.path.join(directory, f"{name}.pbtxt")
    tf.io.gfile.makedirs(directory)
    with tf.io.gfile.GFile(path, "w") as file:
        file.write(text)
    return path
