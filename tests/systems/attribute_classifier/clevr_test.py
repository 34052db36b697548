"""The classifier of CLEVR-SV's scenes: more attributes, no square grid."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.attribute_classifier import tiny
from tfstory.datasets.clevr_sv import labels
from tfstory.errors import UserError
from tfstory.metrics import ratio
from tfstory.systems.attribute_classifier import stages
from tfstory.systems.attribute_classifier.system import AttributeClassifier


@pytest.fixture(scope="module")
def system():
    return tiny.system("clevr_sv")


def test_a_cells_logits_come_from_its_column_and_row(system):
    blank = np.full([1, 64, 64, 3], 0.5, np.float32)
    marked = blank.copy()
    # Column 2 of 8 and row 4 of 6.
    marked[:, 42:54, 16:24] = 0.0
    before, after = (system.classifier(tf.constant(x)) for x in (blank, marked))
    assert {name: part.shape[1:] for name, part in before.items()} == {
        "shape": [48, 4],
        "colour": [48, 9],
        "material": [48, 3],
        "size": [48, 3],
    }
    changed = np.abs(after["shape"] - before["shape"])[0].max(axis=-1)
    changed = np.reshape(changed > 1e-6, [6, 8])
    assert changed[4, 2]
    rows, columns = np.nonzero(changed)
    # Nothing is seen from further away than 14 pixels.
    assert set(rows) <= {3, 4, 5} and set(columns) <= {0, 1, 2, 3, 4}


def test_it_learns_a_storys_scenes_by_heart():
    """A network that mixed rows and columns would know no places."""
    config = tiny.config("clevr_sv")
    config.stages.classification.learning_rate = 0.01
    keras.utils.set_random_seed(0)
    system = AttributeClassifier(config, "")
    stage = system.stages()[0].build(250)
    batch = system.prepare(tiny.raw_clevr_batch())
    assert batch["pictures"].shape == [4, 64, 64, 3]
    step = tf.function(stage.train_step)
    for _ in range(250):
        step(batch)
    logits = system.classifier(tf.cast(batch["pictures"], tf.float32) / 255)
    assert float(stages.cross_entropy(logits, batch["labels"]).share) < 0.1
    sums = system.evaluate(batch)
    np.testing.assert_array_equal(sums["material_right"], sums["objects"])


def test_metrics_are_those_of_its_attributes(system):
    batch = system.prepare(tiny.raw_clevr_batch())
    system.adapt([batch])
    sums = system.evaluate(batch)
    totals = {name: float(tf.reduce_sum(part)) for name, part in sums.items()}
    assert totals["objects"] == 1 + 2 + 3 + 4
    assert "material_accuracy" in ratio.aggregate(system.ratios, totals)
    assert system.ratios == AttributeClassifier.ratios_of(system.config)
    assert "material_accuracy" not in tiny.system().ratios


@pytest.mark.parametrize("name", ["shapes", "clevr_sv"])
def test_gates_are_metrics(name):
    config = tiny.config(name)
    ratios = AttributeClassifier.ratios_of(config)
    gates = config.pipeline
    assert {*gates.gates, *gates.better_than_baselines} <= set(ratios)


def test_raw_examples_have_its_labels(system):
    spec = system.example_format(system.config).spec["labels"]
    assert tuple(spec.shape) == (48, 4)


def test_served_answers_have_its_attributes(system):
    raw = tiny.raw_clevr_batch()
    served = system.signatures()["classify"](raw["image"])
    logits = system.classifier(
        tf.cast(system.prepare(raw)["pictures"], tf.float32) / 255
    )
    assert list(served) == ["shape", "colour", "material", "size"]
    for name, values in labels.LABELS.attributes.items():
        seen = np.argmax(logits[name], axis=-1)
        named = [["", *values][i].encode() for i in seen[1]]
        assert served[name].numpy()[1].tolist() == named


def test_the_sheet_shows_truth_and_what_is_seen(system):
    sheet = system.sample_sheet(system.prepare(tiny.raw_clevr_batch()))
    assert sheet.dtype == np.uint8 and sheet.ndim == 3


def test_pictures_without_labels_are_refused():
    config = tiny.config()
    config.data.dataset = "faces"
    with pytest.raises(UserError, match="'faces' has no labelled scenes"):
        AttributeClassifier.check(config)
