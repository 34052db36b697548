"""Sums and seeds on one device and on two."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems import replicas


def _shares(strategy, shards):
    """Gradient and loss shares of `global_mean`, summed over replicas."""
    place = strategy.experimental_distribute_values_from_function
    values, weights = (
        place(
            lambda context, kind=kind: tf.constant(
                shards[context.replica_id_in_sync_group][kind], tf.float32
            )
        )
        for kind in (0, 1)
    )

    def share(values, weights):
        scale = tf.constant(2.0)
        with tf.GradientTape() as tape:
            tape.watch(scale)
            loss = replicas.global_mean(values * scale, weights)
        return loss, tape.gradient(loss, scale)

    results = tf.function(lambda: strategy.run(share, (values, weights)))()
    return [
        float(strategy.reduce(tf.distribute.ReduceOp.SUM, result, axis=None))
        for result in results
    ]


def test_mean_on_one_device():
    values = tf.constant([1.0, 2.0, 6.0])
    assert float(replicas.global_mean(values)) == 3
    assert float(replicas.global_mean(values, tf.constant([1.0, 1, 0]))) == 1.5


def test_mean_of_no_weight_is_zero():
    assert float(replicas.global_mean(tf.ones([3]), tf.zeros([3]))) == 0
    assert float(replicas.global_mean(tf.zeros([0]))) == 0


def test_half_precision_is_summed_in_float32():
    # The sum, 120,000, and the count leave float16's range.
    values = tf.fill([80_000], tf.constant(1.5, tf.float16))
    mean = replicas.weighted_mean(values, tf.ones_like(values))
    assert mean.share.dtype == tf.float32
    assert (float(mean.share), float(mean.weight)) == (1.5, 80_000)


@pytest.mark.parametrize(
    "shards",
    [
        # Unequal shards.
        [([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), ([9], [1])],
        # Unequal padding.
        [([1, 2, 3], [1, 1, 1]), ([9, 7, 7], [1, 0, 0])],
        # Nothing that counts on one replica, and nothing at all there.
        [([1, 2, 3], [1, 1, 0]), ([9, 7], [0, 0])],
        [([1, 2, 3], [1, 1, 0]), ([], [])],
    ],
)
def test_shares_of_two_replicas_add_up_to_the_mean(two_replicas, shards):
    values = np.concatenate([shard[0] for shard in shards])
    weights = np.concatenate([shard[1] for shard in shards])
    mean = (values * weights).sum() / weights.sum()
    loss, gradient = _shares(two_replicas, shards)
    # The values are scaled by 2, so that the gradient is the mean itself.
    np.testing.assert_allclose([loss, gradient], [2 * mean, mean], rtol=1e-6)


def test_global_sum_is_over_all_replicas(two_replicas):
    def total():
        context = tf.distribute.get_replica_context()
        replica = tf.cast(context.replica_id_in_sync_group, tf.float32)
        return replicas.global_sum(replica + 1)

    result = tf.function(lambda: two_replicas.run(total))()
    sums = [float(x) for x in two_replicas.experimental_local_results(result)]
    assert sums == [3, 3]
    assert float(replicas.global_sum(tf.constant(5.0))) == 5


def _seeds(strategy, seed, stream, step):
    result = tf.function(
        lambda: strategy.run(
            lambda: replicas.replica_seed(seed, stream, tf.constant(step))
        )
    )()
    return [
        tuple(local.numpy())
        for local in strategy.experimental_local_results(result)
    ]


@pytest.mark.parametrize(
    ("limit", "factor"), [(10.0, 1.0), (5.0, 1.0), (1.0, 0.2)]
)
def test_gradients_are_clipped_by_the_norm_of_their_sum(
    two_replicas, limit, factor
):
    """Replicas' own norms are 5 and 0, and 3 and 4 in the other case."""
    for shards in ([[3.0, 4.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 4.0]]):

        def clip(shards=shards):
            replica = (
                tf.distribute.get_replica_context().replica_id_in_sync_group
            )
            gradients = tf.unstack(tf.gather(tf.constant(shards), replica))
            return replicas.clip_by_global_norm(gradients, limit)

        results = tf.function(lambda clip=clip: two_replicas.run(clip))()
        sums = [
            two_replicas.reduce(tf.distribute.ReduceOp.SUM, result, axis=None)
            for result in results
        ]
        np.testing.assert_allclose(sums, [3 * factor, 4 * factor], rtol=1e-6)


def test_rows_that_repeat_count_together_when_clipped():
    row = tf.IndexedSlices(tf.constant([[3.0], [4.0]]), [0, 0], [2, 1])
    (clipped,) = replicas.clip_by_global_norm([row], 1.0)
    np.testing.assert_allclose(clipped, [[1.0], [0.0]])


def test_seeds_differ_by_seed_stream_step_and_replica(two_replicas):
    places = [
        (seed, stream, step)
        for seed in (0, 1)
        for stream in (0, 1, 2)
        for step in (0, 1, 100)
    ]
    seeds = [one for p in places for one in _seeds(two_replicas, *p)]
    assert len(set(seeds)) == 2 * len(places)
    draws = [float(tf.random.stateless_uniform([], seed=one)) for one in seeds]
    assert len(set(draws)) == 2 * len(places)


def test_seeds_repeat_and_the_first_replica_is_the_one_device(two_replicas):
    first = _seeds(two_replicas, 3, 1, 7)
    assert first == _seeds(two_replicas, 3, 1, 7)
    one_device = replicas.replica_seed(3, 1, tf.constant(7, tf.int64))
    assert tuple(one_device.numpy()) == first[0]
    assert one_device.dtype == tf.int32


@pytest.mark.parametrize("shards", [[[1, 2], [3]], [[1], [2, 3]], [[1, 2], []]])
def test_next_rows_go_round_the_whole_batch(two_replicas, shards):
    def rows(values):
        return tf.reshape(tf.constant(values, tf.int32), [-1, 1])

    whole = sum(shards, [])
    found = replicas.next_rows(rows(whole))
    assert found[:, 0].numpy().tolist() == [*whole[1:], whole[0]]
    values = two_replicas.experimental_distribute_values_from_function(
        lambda context: rows(shards[context.replica_id_in_sync_group])
    )
    results = tf.function(
        lambda: two_replicas.run(replicas.next_rows, (values,))
    )()
    local = two_replicas.experimental_local_results(results)
    assert tf.concat(local, axis=0).numpy().tolist() == found.numpy().tolist()


def test_update_reaches_every_replica(two_replicas):
    def step(average, value):
        replicas.update([average], lambda a, v: 0.5 * (a + v), [value])

    with two_replicas.scope():
        average, value = tf.Variable(1.0), tf.Variable(3.0)
    tf.function(lambda: two_replicas.run(step, (average, value)))()
    for local in two_replicas.experimental_local_results(average):
        assert float(local) == 2.0
    average, value = tf.Variable(1.0), tf.Variable(3.0)
    step(average, value)
    assert float(average) == 2.0


def _on_two(two_replicas, function, parts):
    """Calls a function on each replica with its part of some numbers."""
    values = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(
            parts[context.replica_id_in_sync_group], tf.float32
        )
    )
    results = tf.function(lambda: two_replicas.run(function, (values,)))()
    return [
        two_replicas.experimental_local_results(result)
        for result in tf.nest.flatten(results)
    ]


PARTS = [[1.0, 2.0, 3.0], [4.0]]


def test_shards_lie_one_after_the_other(two_replicas):
    first, total = _on_two(
        two_replicas, lambda x: tuple(replicas.shard(tf.shape(x)[0])), PARTS
    )
    assert [int(x) for x in first] == [0, 3]
    assert [int(x) for x in total] == [4, 4]
    assert [int(x) for x in replicas.shard(tf.constant(4))] == [0, 4]


def test_gather_gives_all_and_sends_gradients_back(two_replicas):
    def weighed(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            everything = replicas.gather(x)
            # This replica's part of a loss over all.
            loss = tf.reduce_sum(x) * tf.reduce_sum(everything**2)
        return everything, tape.gradient(loss, x)

    everything, gradients = _on_two(two_replicas, weighed, PARTS)
    for found in everything:
        assert found.numpy().tolist() == [1, 2, 3, 4]
    # The loss is sum(x) * sum(x^2) = 10 * 30 over all replicas.
    for part, found in zip(PARTS, gradients, strict=True):
        np.testing.assert_allclose(
            found, [30 + 10 * 2 * x for x in part], rtol=1e-6
        )


def test_step_seeds_differ_by_step_and_stream_and_by_nothing_else(two_replicas):
    def seed(x):
        return replicas.step_seed(3, 1, tf.constant(5))

    one, two = _on_two(two_replicas, seed, PARTS)[0]
    alone = replicas.step_seed(3, 1, tf.constant(5))
    assert one.numpy().tolist() == two.numpy().tolist()
    assert one.numpy().tolist() == alone.numpy().tolist()
    others = [replicas.step_seed(3, 2, tf.constant(5))]
    others += [replicas.step_seed(3, 1, tf.constant(6))]
    assert all(one.numpy().tolist() != o.numpy().tolist() for o in others)
