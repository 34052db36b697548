"""Tests the batches that stages are fed with."""

import numpy as np
import pytest
import tensorflow as tf

from tests.training import toy
from tfstory.errors import UserError
from tfstory.training import epochs

COUNT, BATCH = 10, 4
STEPS = 3


def raw(count=COUNT):
    return tf.data.Dataset.range(count).map(lambda i: {"id": i})


def prepare(batch):
    return {"id": batch["id"], "text": tf.strings.as_string(batch["id"])}


def cached():
    return epochs.CachedExamples(raw(), prepare, "training")


def streamed():
    return epochs.StreamedExamples(raw(), prepare, 100, 2**20, "training")


def ids(examples, number, strategy=None, **where):
    """Returns the ids of the first `number` batches."""
    strategy = strategy or tf.distribute.get_strategy()
    feed = epochs.batches(examples, BATCH, strategy, **where)
    found = []
    for _, batch in zip(range(number), feed, strict=False):
        parts = strategy.experimental_local_results(batch["id"])
        found.append([part.numpy().tolist() for part in parts])
    return found


def flat(batches):
    return [i for batch in batches for part in batch for i in part]


@pytest.mark.parametrize("make", [cached, streamed])
def test_an_epoch_holds_every_example_once_in_an_order_of_its_own(make):
    batches = ids(make(), 2 * STEPS, seed=(1, 0))
    assert [len(flat([b])) for b in batches] == [4, 4, 2, 4, 4, 2]
    first, second = flat(batches[:STEPS]), flat(batches[STEPS:])
    assert sorted(first) == sorted(second) == list(range(COUNT))
    assert first != second
    assert first != list(range(COUNT))


@pytest.mark.parametrize("make", [cached, streamed])
def test_order_repeats_with_the_seed_alone(make):
    orders = [
        ids(make(), STEPS, seed=seed) for seed in [(1, 0), (2, 0), (1, 1)]
    ]
    assert ids(make(), STEPS, seed=(1, 0)) == orders[0]
    assert orders[0] != orders[1]
    assert orders[0] != orders[2]


@pytest.mark.parametrize("make", [cached, streamed])
def test_the_global_seed_does_not_touch_the_order(make):
    orders = []
    for global_seed in (0, 5):
        tf.random.set_seed(global_seed)
        orders.append(ids(make(), STEPS, seed=(1, 0)))
    assert orders[0] == orders[1]


@pytest.mark.parametrize("make", [cached, streamed])
def test_goes_on_from_any_step_as_an_unbroken_run(make):
    unbroken = ids(make(), 3 * STEPS, seed=(3, 1))
    for epoch, step in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 1)]:
        done = epoch * STEPS + step
        resumed = ids(
            make(),
            3 * STEPS - done,
            seed=(3, 1),
            first_step=done,
        )
        assert resumed == unbroken[done:]


def test_without_a_seed_the_order_is_the_data_set_s():
    assert flat(ids(cached(), 2 * STEPS)) == 2 * list(range(COUNT))


@pytest.mark.parametrize("make", [cached, streamed])
def test_replicas_share_each_global_batch(two_replicas, make):
    alone = ids(make(), 2 * STEPS, seed=(1, 0))
    shared = ids(make(), 2 * STEPS, two_replicas, seed=(1, 0))
    assert [flat([b]) for b in shared] == [flat([b]) for b in alone]
    assert [[len(part) for part in b] for b in shared[:STEPS]] == [
        [2, 2],
        [2, 2],
        [1, 1],
    ]


def test_a_batch_smaller_than_the_replicas_leaves_one_empty(two_replicas):
    examples = epochs.CachedExamples(raw(5), prepare, "training")
    assert ids(examples, 2, two_replicas)[1] == [[], [4]]


def test_the_cache_prepares_each_example_once():
    seen = []

    def counting(batch):
        tf.py_function(lambda i: seen.extend(i.numpy()), [batch["id"]], [])
        return batch

    examples = epochs.CachedExamples(raw(), counting, "training")
    ids(examples, 3 * STEPS, seed=(1, 0))
    ids(examples, 3 * STEPS, seed=(2, 0))
    assert sorted(seen) == list(range(COUNT))


def test_cached_features_belong_together():
    feed = epochs.batches(
        cached(), BATCH, tf.distribute.get_strategy(), seed=(5, 0)
    )
    batch = next(iter(feed))
    assert np.array_equal(
        batch["text"].numpy().astype(int), batch["id"].numpy()
    )


def test_one_pass_ends():
    sizes = [len(b["id"]) for b in epochs.one_pass(streamed(), BATCH)]
    assert sizes == [4, 4, 2]
    assert epochs.steps_per_pass(streamed(), BATCH) == STEPS


@pytest.mark.parametrize("make", [cached, streamed])
def test_batches_are_not_tuned(make):
    # Now and then, an iterator that is tuned takes up to a minute to end.
    feed = epochs.batches(make(), BATCH, tf.distribute.get_strategy())
    assert feed.options().autotune.enabled is False
    once = epochs.one_pass(make(), BATCH)
    assert once.options().autotune.enabled is False


def test_counts_what_does_not_say_its_size():
    unknown = raw().filter(lambda example: example["id"] < 7)
    examples = epochs.StreamedExamples(unknown, prepare, 10, 2**20, "training")
    assert examples.count == 7


def test_no_examples_is_an_error_in_words():
    with pytest.raises(UserError, match="no validation examples"):
        epochs.CachedExamples(raw().take(0), prepare, "validation")
    with pytest.raises(UserError, match="no training examples"):
        epochs.StreamedExamples(raw().take(0), prepare, 10, 2**20, "training")


def with_pictures(bytes_of_last):
    """Raw examples, 9 of a kilobyte and one of another size."""
    pictures = [[b"p" * 1024]] * (COUNT - 1) + [[b"p" * bytes_of_last]]
    return tf.data.Dataset.from_tensor_slices(
        {"id": tf.range(COUNT, dtype=tf.int64), "pictures": pictures}
    )


@pytest.mark.parametrize(
    ("bytes_of_last", "limit", "shuffled"),
    [
        (1024, 100 * 1024, 7),
        # The mean counts.
        (11 * 1024, 10 * 1024, 4),
        (1024, 4 * 1024, 3),
        (1024, 10, 1),
    ],
)
def test_what_waits_to_be_shuffled_keeps_within_its_memory(
    bytes_of_last, limit, shuffled
):
    examples = epochs.StreamedExamples(
        with_pictures(bytes_of_last), lambda batch: batch, 7, limit, "training"
    )
    assert examples.shuffled == shuffled
    order = flat(ids(examples, STEPS, seed=(1, 0)))
    assert sorted(order) == list(range(COUNT))
    # What is at place i was in the buffer: not further behind than its size.
    assert all(i - place < shuffled for place, i in enumerate(order))


def test_the_config_says_whether_examples_are_held_or_streamed():
    config = toy.config(cache=False).training
    streaming = epochs.examples_of(
        with_pictures(1024), lambda batch: batch, config, "training"
    )
    assert streaming.shuffled == config.shuffle_buffer
    config = toy.config(cache=False, shuffle_memory_mib=0).training
    streaming = epochs.examples_of(raw(), prepare, config, "training")
    assert streaming.shuffled == 1
    held = epochs.examples_of(raw(), prepare, toy.config().training, "training")
    assert isinstance(held, epochs.CachedExamples)


@pytest.mark.parametrize(
    ("most", "lengths", "at_once"),
    [
        (50, (225, 0, 25), 25),
        (50, (100, 0, 100), 50),
        (50, (7, 0, 7), 7),
        (5, (7, 0, 7), 1),
        (1, (100,), 1),
        # What is left of a broken epoch ends with a call too.
        (50, (100, 30, 100), 10),
    ],
)
def test_steps_at_once_divide_all_lengths(most, lengths, at_once):
    assert epochs.steps_at_once(most, *lengths) == at_once
