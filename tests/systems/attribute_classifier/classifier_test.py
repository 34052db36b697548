"""The classifier's losses, figures and answers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.attribute_classifier import tiny
from tfstory.datasets.shape_stories import labels
from tfstory.errors import UserError
from tfstory.systems import replicas
from tfstory.systems.attribute_classifier import evaluation, stages
from tfstory.systems.attribute_classifier.system import AttributeClassifier

SIZE = tiny.SIZE


@pytest.fixture(scope="module")
def system():
    return tiny.system()


def test_a_cells_logits_come_from_its_place(system):
    """What happens in one corner cannot be seen in the other."""
    blank = np.full([1, SIZE, SIZE, 3], 0.5, np.float32)
    marked = blank.copy()
    # The end of the first row, not of the first column.
    marked[:, :16, -16:] = 0.0
    before, after = (system.classifier(tf.constant(x)) for x in (blank, marked))
    assert before["shape"].shape == [1, 49, 11]
    assert before["colour"].shape == [1, 49, 10]
    assert before["size"].shape == [1, 49, 4]
    changed = np.abs(after["shape"] - before["shape"])[0].max(axis=-1)
    assert changed[6] > 1e-6 > changed[42]


@pytest.mark.parametrize("size", [64, 128])
@pytest.mark.parametrize(
    ("name", "columns", "rows"), [("shapes", 7, 7), ("clevr_sv", 8, 6)]
)
def test_each_cell_has_a_place_of_its_own(name, columns, rows, size):
    config = tiny.config(name)
    config.data.image_size = size
    classifier = AttributeClassifier(config, "").classifier
    for at, count in (
        (classifier._columns.numpy(), columns),
        (classifier._rows.numpy(), rows),
    ):
        assert len(set(at)) == count and sorted(at) == list(at)


def test_cross_entropy_sums_attributes_and_averages_cells():
    logits = {
        "shape": tf.constant([[[0.0, 1.0], [2.0, 0.0]]]),
        "size": tf.constant([[[0.0, 0.0, 0.0], [0.0, 0.0, 3.0]]]),
    }
    truth = tf.constant([[[1, 2], [0, 0]]], tf.int64)
    loss = stages.cross_entropy(logits, truth)
    first = np.log(1 + np.exp(-1)) + np.log(3)
    second = np.log(1 + np.exp(-2)) + np.log(2 + np.exp(3))
    assert isinstance(loss, replicas.GlobalMean)
    assert float(loss.share) == pytest.approx((first + second) / 2, rel=1e-5)


def test_sums_count_what_is_seen():
    truth = tf.constant([[[1, 2], [2, 1], [0, 0], [0, 0]]], tf.int64)
    logits = {
        # Right; nothing seen; a false alarm; rightly nothing.
        "shape": tf.one_hot([[1, 0, 2, 0]], 3),
        "size": tf.one_hot([[1, 1, 0, 0]], 3),
    }
    sums = {k: float(v[0]) for k, v in evaluation.sums(logits, truth).items()}
    assert sums == {
        "objects": 2,
        "empty_cells": 2,
        "place_right": 1,
        "false_alarms": 1,
        "shape_right": 1,
        "size_right": 1,
    }


def test_the_baseline_names_the_most_frequent_value(system):
    batch = system.prepare(tiny.raw_batch(12))
    system.adapt([batch])
    truth = batch["labels"].numpy()
    colours = truth[..., 1][truth[..., 1] > 0]
    expected = np.bincount(colours).max()
    sums = system.evaluate(batch)
    assert float(tf.reduce_sum(sums["colour_most_frequent_right"])) == expected
    assert float(tf.reduce_sum(sums["objects"])) == len(colours)


def test_it_learns_a_few_scenes_by_heart():
    """A network that did not look at the pictures would stay at 1.1 nats."""
    config = tiny.config()
    config.stages.classification.learning_rate = 0.01
    keras.utils.set_random_seed(0)
    system = AttributeClassifier(config, "")
    (plan,) = system.stages()
    stage = plan.build(300)
    batch = system.prepare(tiny.raw_batch(4))
    step = tf.function(stage.train_step)
    for _ in range(300):
        step(batch)
    logits = system.classifier(tf.cast(batch["pictures"], tf.float32) / 255)
    loss = float(stages.cross_entropy(logits, batch["labels"]).share)
    assert loss < 0.1
    sums = system.evaluate(batch)
    np.testing.assert_array_equal(sums["shape_right"], sums["objects"])


def _made(strategy):
    """Returns a stage that learns by SGD, and its weights."""
    with strategy.scope():
        keras.utils.set_random_seed(0)
        system = tiny.system()
        stage = system.stages()[0].build(10)
        stage.compile(optimizer=keras.optimizers.SGD(0.05))
        stage.optimizer.build(system.classifier.trainable_variables)
    return stage, system.classifier.weights


def test_two_replicas_equal_one_device(system, two_replicas):
    """Shards of 2 and 1 pictures."""
    prepared = system.prepare(tiny.raw_batch(3))

    def trained(strategy):
        stage, weights = _made(strategy)
        batches_lib.fit(stage, strategy, [(prepared, 2)] * 2)
        return [weight.numpy() for weight in weights]

    one = trained(tf.distribute.get_strategy())
    for mine, theirs in zip(one, trained(two_replicas), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=3e-5)


def test_a_replica_may_have_no_picture(system, two_replicas):
    """As in a last batch smaller than the replicas."""
    batches_lib.check_a_replica_of_none(
        _made, two_replicas, system.prepare(tiny.raw_batch(1))
    )


def test_served_answers_are_names(system):
    raw = tiny.raw_batch(2)
    served = system.signatures()["classify"](raw["image"])
    logits = system.classifier(
        tf.cast(system.prepare(raw)["pictures"], tf.float32) / 255
    )
    for name, values in labels.LABELS.attributes.items():
        seen = np.argmax(logits[name], axis=-1)
        named = [["", *values][i].encode() for i in seen[1]]
        assert served[name].numpy()[1].tolist() == named


def test_the_sheet_shows_truth_and_what_is_seen(system):
    sheet = system.sample_sheet(system.prepare(tiny.raw_batch(2)))
    assert sheet.dtype == np.uint8 and sheet.ndim == 3


def test_a_size_it_cannot_shrink_is_refused():
    config = tiny.config()
    config.data.image_size = 32
    with pytest.raises(UserError, match="choose one of 64, 128"):
        AttributeClassifier.check(config)


@pytest.mark.parametrize("widths", [(8, 16), (8, 16, 16, 16), (8, 0, 16)])
def test_widths_are_three(widths):
    config = tiny.config()
    config.model.widths = widths
    with pytest.raises(UserError, match="must be three numbers of channels"):
        AttributeClassifier.check(config)
