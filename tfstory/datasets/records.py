"""Raw examples as TFRecord files of `tf.train.Example`, gzipped."""

import contextlib
import os

import tensorflow as tf

from tfstory import examples

_COMPRESSION = "GZIP"
_BATCH = 64


def write(
    dataset: tf.data.Dataset, directory: str | os.PathLike, shards: int = 1
) -> int:
    """Writes raw examples, one after the other in turn to each shard.

    Files appear under their names once all are whole; records that were in
    the directory before are removed.

    Args:
      dataset: raw examples, unbatched: feature name to tensor.
      directory: where to write `examples-<i>-of-<n>.tfrecord.gz`.
      shards: int, number of files.

    Returns:
      The number of examples written.
    """
    directory = os.fspath(directory)
    tf.io.gfile.makedirs(directory)
    paths = [
        os.path.join(directory, f"examples-{i:05d}-of-{shards:05d}.tfrecord.gz")
        for i in range(shards)
    ]
    unfinished = [f"{path}.incomplete" for path in paths]
    count = 0
    with contextlib.ExitStack() as stack:
        writers = [
            stack.enter_context(tf.io.TFRecordWriter(path, _COMPRESSION))
            for path in unfinished
        ]
        for raw in dataset.as_numpy_iterator():
            example = examples.encode(raw)
            writers[count % shards].write(example.SerializeToString())
            count += 1
    for path in tf.io.gfile.glob(f"{directory}/examples-*.tfrecord.gz"):
        tf.io.gfile.remove(path)
    for path, source in zip(paths, unfinished, strict=True):
        tf.io.gfile.rename(source, path, overwrite=True)
    return count


def read(
    patterns: str | list[str], example_format: examples.ExampleFormat
) -> tf.data.Dataset:
    """Reads raw examples, in the order of the file names and in each file.

    Args:
      patterns: file patterns.
      example_format: what the examples are.

    Returns:
      Raw examples, unbatched, with the features of the format.
    """
    files = tf.data.Dataset.list_files(patterns, shuffle=False)
    records = tf.data.TFRecordDataset(files, compression_type=_COMPRESSION)
    return (
        records.batch(_BATCH)
        .map(example_format.parse, num_parallel_calls=tf.data.AUTOTUNE)
        .unbatch()
    )
