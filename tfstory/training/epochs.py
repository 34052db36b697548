"""Feeds the stages: the same batches in every run, from any step on."""

import math
from collections.abc import Callable, Mapping

import ml_collections
import numpy as np
import tensorflow as tf

from tfstory.errors import UserError

Batch = Mapping[str, tf.Tensor]
# Examples that one call of `prepare` takes while the cache is filled.
_FILL = 64
# Batches that are made before they are asked for.
_AHEAD = 8
# Of `shuffle_memory_mib`, where a config does not name it.
_SHUFFLE_MEMORY_MIB = 512


class CachedExamples:
    """Prepared examples in memory, shuffled as a whole.

    Pictures are decoded once a run. `prepare` decides the dtypes, so uint8
    pictures take a quarter of the memory of float32 ones. Every batch that
    it returns must have the same shapes but for the first axis.

    Args:
      raw: raw examples, unbatched, in a fixed order.
      prepare: `System.prepare`.
      name: what to call the examples in errors.
    """

    def __init__(self, raw: tf.data.Dataset, prepare: Callable, name: str):
        # Accelerator memory is for the networks.
        with tf.device("CPU:0"):
            parts = list(_fetched(raw.batch(_FILL), prepare))
            if not parts:
                raise UserError(_nothing(name))
            self._features = {
                key: tf.concat([part.pop(key) for part in parts], axis=0)
                for key in tuple(parts[0])
            }
        self.count = len(next(iter(self._features.values())))

    def keys(self, seed: tf.Tensor | None) -> tf.data.Dataset:
        """Returns what `fetch` takes, unbatched.

        Args:
          seed: int32 `[2]` that decides the order; None keeps the order.
        """
        order = tf.range(self.count)
        if seed is not None:
            order = tf.random.experimental.stateless_shuffle(order, seed)
        return tf.data.Dataset.from_tensor_slices(order)

    def fetch(self, keys: tf.Tensor) -> dict[str, tf.Tensor]:
        """Returns the prepared batch of a batch of keys."""
        return {key: tf.gather(x, keys) for key, x in self._features.items()}


class StreamedExamples:
    """Examples read and prepared anew every epoch, for sets beyond memory.

    Args:
      raw: raw examples, unbatched, in a fixed order; read once here, to count
        and measure them.
      prepare: `System.prepare`.
      shuffle_buffer: examples, still encoded, that wait for their turn.
      shuffle_bytes: about as many bytes do these take at most: examples of
        the mean size fill no more.
      name: what to call the examples in errors.
    """

    def __init__(
        self,
        raw: tf.data.Dataset,
        prepare: Callable,
        shuffle_buffer: int,
        shuffle_bytes: int,
        name: str,
    ):
        self._raw = raw
        self.fetch = prepare
        self.count, size = (
            raw.reduce(
                np.zeros(2, np.int64),
                lambda sums, example: sums + tf.stack([1, _bytes(example)]),
            )
            .numpy()
            .tolist()
        )
        if not self.count:
            raise UserError(_nothing(name))
        fitting = shuffle_bytes * self.count // max(1, size)
        self.shuffled = max(1, min(shuffle_buffer, fitting))

    def keys(self, seed: tf.Tensor | None) -> tf.data.Dataset:
        """Returns the raw examples; `seed` as in `CachedExamples.keys`."""
        if seed is None:
            return self._raw
        if not tf.executing_eagerly():
            # Of this graph alone: `shuffle` joins it to `seed`, and fails on
            # a tensor where it is 0.
            tf.random.set_seed(1)
        return self._raw.shuffle(
            self.shuffled,
            seed=tf.random.stateless_uniform([], seed, None, None, tf.int64),
            reshuffle_each_iteration=False,
        )


Examples = CachedExamples | StreamedExamples


def examples_of(
    raw: tf.data.Dataset,
    prepare: Callable,
    config: ml_collections.ConfigDict,
    name: str,
) -> Examples:
    """Returns examples as a run's config wants them fed.

    Args:
      raw: raw examples, unbatched, in a fixed order.
      prepare: `System.prepare`.
      config: `config.training`: `cache`, whether prepared examples stay in
        memory; if not, `shuffle_buffer`, examples that wait for their turn,
        and `shuffle_memory_mib`, MiB that these may take (512 where it is
        not named).
      name: what to call the examples in errors.

    Raises:
      UserError: there are no examples.
    """
    if config.cache:
        return CachedExamples(raw, prepare, name)
    memory = config.get("shuffle_memory_mib", _SHUFFLE_MEMORY_MIB)
    return StreamedExamples(
        raw, prepare, config.shuffle_buffer, memory * 2**20, name
    )


def one_pass(examples: Examples, batch_size: int) -> tf.data.Dataset:
    """Returns prepared batches of one pass in the fixed order."""
    return _fetched(examples.keys(None).batch(batch_size), examples.fetch)


def steps_per_pass(examples: Examples, batch_size: int) -> int:
    """Returns the steps of one pass; the last may have a smaller batch."""
    return -(-examples.count // batch_size)


def steps_at_once(most: int, *lengths: int) -> int:
    """Returns how many steps to run in one call of TensorFlow.

    Args:
      most: at most so many.
      *lengths: steps that calls must end after, such as an epoch's.

    Returns:
      The largest number that divides all lengths.
    """
    common = math.gcd(*lengths)
    return next(n for n in range(most, 0, -1) if common % n == 0)


def batches(
    examples: Examples,
    batch_size: int,
    strategy: tf.distribute.Strategy,
    *,
    seed: tuple[int, int] | None = None,
    first_step: int = 0,
):
    """Returns prepared batches of pass after pass, without an end.

    A pass's order depends on the seed and its number alone, so the batches
    from any step on are those of an unbroken run. Each global batch is split
    over the replicas here, the last of a pass too: automatic sharding would
    join what is left of one pass to the next. Where a batch has fewer
    examples than there are replicas, some replicas get an empty one.

    Args:
      examples: Examples.
      batch_size: examples a step, over all replicas.
      strategy: the strategy that trains.
      seed: of the order, one a stage; None keeps the fixed order.
      first_step: step to begin with; those before are of an earlier run.

    Returns:
      What `fit` takes: a dataset, distributed where there are replicas.
    """

    first_pass, done_steps = divmod(
        first_step, steps_per_pass(examples, batch_size)
    )

    def pass_batches(number: tf.Tensor) -> tf.data.Dataset:
        order = None
        if seed is not None:
            order = tf.random.experimental.stateless_fold_in(seed, number)
        done = tf.constant(done_steps * batch_size, tf.int64)
        done = tf.where(number == first_pass, done, 0)
        return examples.keys(order).skip(done).batch(batch_size)

    def feed(context: tf.distribute.InputContext) -> tf.data.Dataset:
        dataset = tf.data.Dataset.range(first_pass, tf.int64.max)
        dataset = dataset.flat_map(pass_batches)
        if context.num_replicas_in_sync > 1:
            dataset = dataset.flat_map(lambda batch: _shards(batch, context))
        return _fetched(dataset, examples.fetch)

    return strategy.distribute_datasets_from_function(feed)


def _shards(batch, context: tf.distribute.InputContext) -> tf.data.Dataset:
    """Splits a global batch into the parts of this worker's replicas."""
    replicas = context.num_replicas_in_sync
    here = replicas // context.num_input_pipelines
    first = context.input_pipeline_id * here
    size = tf.shape(tf.nest.flatten(batch)[0], tf.int64)[0]

    def shard(replica: tf.Tensor):
        start = size * replica // replicas
        end = size * (replica + 1) // replicas
        return tf.nest.map_structure(lambda x: x[start:end], batch)

    return tf.data.Dataset.range(first, first + here).map(shard)


def _fetched(keys: tf.data.Dataset, fetch: Callable) -> tf.data.Dataset:
    """Returns what `fetch` makes of each batch of keys, ahead of its use.

    Without TensorFlow's tuning: it wakes up ever less often, up to a minute
    apart, and now and then an iterator that is let go waits for that, as
    each epoch's validation does with the one before. AUTOTUNE then stands
    for TensorFlow's default number of threads.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return (
        keys.map(fetch, tf.data.AUTOTUNE, deterministic=True)
        .prefetch(_AHEAD)
        .with_options(options)
    )


def _bytes(example: Batch) -> tf.Tensor:
    """Returns the size of a raw example in memory, int64."""
    size = tf.zeros([], tf.int64)
    for value in tf.nest.flatten(example):
        size += tf.size(value, tf.int64) * value.dtype.size
        if value.dtype == tf.string:
            length = tf.strings.length(value)
            size += tf.cast(tf.reduce_sum(length), tf.int64)
    return size


def _nothing(name: str) -> str:
    return (
        f"there are no {name} examples; prepare the dataset again, or give it "
        "more (of stories, more with enough frames)"
    )
