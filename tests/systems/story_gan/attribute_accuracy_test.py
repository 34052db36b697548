"""Generated stories are judged by a classifier of real scenes."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.attribute_classifier import tiny as attribute_classifier
from tfstory import pictures, stories
from tfstory.datasets.clevr_sv import labels as clevr_labels
from tfstory.datasets.clevr_sv import telling
from tfstory.datasets.shape_stories import generate_story, labels
from tfstory.errors import UserError
from tfstory.export import saved_model
from tfstory.systems.story_gan import attribute_accuracy, judges


def _classify(images, kind=labels.LABELS):
    """Sees the labels that a test has painted into the pictures' corner."""
    shown = tf.map_fn(
        lambda image: tf.io.decode_png(image, channels=3),
        images,
        fn_output_signature=tf.uint8,
    )
    seen = shown.numpy()[:, : kind.cells, : len(kind.attributes), 0]
    return {
        name: np.array([b"", *(v.encode() for v in values)], object)[
            seen[..., index]
        ]
        for index, (name, values) in enumerate(kind.attributes.items())
    }


def _raw(*ids, frames=3, source="shape_stories"):
    return {
        stories.STORY_ID: tf.constant(ids),
        stories.SOURCE: tf.fill([len(ids)], source),
        stories.SENTENCES: tf.fill([len(ids), frames], "a"),
    }


def _painted(story_ids, frames, wrong=lambda label: label):
    """Returns pictures with the labels of the stories in their corner."""
    rows = []
    for split, index, first in story_ids:
        story = generate_story(2, split, index, 32)
        for scene in story.scenes[first : first + frames]:
            rows.append(_picture(wrong(labels.label(scene))))
    return np.reshape(rows, [len(story_ids), frames, 64, 64, 3])


def _picture(label):
    """Returns a picture with labels in its corner."""
    picture = np.zeros([64, 64, 3], np.uint8)
    picture[: label.shape[0], : label.shape[1], 0] = label
    return picture


def _no_colours(label):
    return label * [1, 0, 1]


def test_each_frame_is_judged_by_its_own_scene():
    told = [("test", 3, 0), ("train", 5, 2)]
    raw = _raw("shapes-test-2-0000003#0", "shapes-train-2-0000005#2")
    real = tf.constant(_painted(told, 3))
    drawn = tf.constant(_painted(told, 3, _no_colours))
    found = attribute_accuracy.attribute_accuracy(
        [raw],
        lambda _: {stories.IMAGES: real},
        lambda _: pictures.to_unit(drawn),
        _classify,
    )
    for name in ("place", "shape", "colour", "size"):
        assert found[f"{name}_accuracy_real"] == 1.0
        assert found[f"{name}_accuracy"] == float(name != "colour")
    assert found["false_alarms"] == found["false_alarms_real"] == 0.0
    assert found["colour_share"] == found["attribute_share_least"] == 0.0
    assert found["attribute_share"] == 0.75


def test_a_story_that_stands_still_is_found_out():
    told = [("test", index, 0) for index in range(6)]
    raw = _raw(*(f"shapes-test-2-{i:07d}#0" for i in range(6)), frames=5)
    real = _painted(told, 5)
    still = np.repeat(real[:, :1], 5, axis=1)
    found = attribute_accuracy.attribute_accuracy(
        [raw],
        lambda _: {stories.IMAGES: tf.constant(real)},
        lambda _: pictures.to_unit(tf.constant(still)),
        _classify,
    )
    assert found["changed_accuracy"] == found["changed_accuracy_first_scene"]
    assert found["changed_accuracy"] == 0.0
    assert found["changed_accuracy_real"] == 1.0
    for name in ("place_accuracy", "false_alarms"):
        assert found[name] == found[f"{name}_first_scene"] > 0.0
    assert found["place_accuracy"] < 1.0


def test_as_many_windows_are_judged_whatever_the_batches(monkeypatch):
    monkeypatch.setattr(judges, "WINDOWS", 3)
    told = [("test", index, 0) for index in range(4)]
    raw = _raw(*(f"shapes-test-2-{i:07d}#0" for i in range(4)))
    real = _painted(told, 3)

    def judged(size):
        batches = [
            {k: v[i : i + size] for k, v in raw.items()}
            for i in range(0, 4, size)
        ]
        shown = iter([real[i : i + size] for i in range(0, 4, size)])

        def prepare(batch):
            return {
                stories.IMAGES: tf.constant(
                    next(shown)[: len(batch["sentences"])]
                )
            }

        return attribute_accuracy.attribute_accuracy(
            batches,
            prepare,
            lambda b: pictures.to_unit(b[stories.IMAGES]),
            _classify,
        )

    assert judged(1) == judged(2) == judged(4)


def test_other_stories_are_refused():
    with pytest.raises(UserError, match="'val_1#0' is none"):
        attribute_accuracy.attribute_accuracy(
            [_raw("val_1#0", source="val")],
            lambda _: {},
            lambda _: None,
            _classify,
        )


_CLEVR_STORY = [
    "there is a small blue rubber cylinder at column 12 and row 9",
    "a large purple metal cube at column 3 and row 5 is behind the small blue "
    "rubber cylinder",
]


def _same(label):
    return label


def _clevr(wrong=_same, classify=None, told=_CLEVR_STORY, seen_of_real=_same):
    """Judges a generator that paints the labels of the story wrongly."""
    truth = telling.labels_of(_CLEVR_STORY)
    real, drawn = (
        tf.constant(np.array([[_picture(change(label)) for label in truth]]))
        for change in (seen_of_real, wrong)
    )
    raw = {
        stories.STORY_ID: tf.constant(["CLEVR_new_000101#0"]),
        stories.SOURCE: tf.constant(["clevr_sv"]),
        stories.SENTENCES: tf.constant([told]),
    }
    return attribute_accuracy.attribute_accuracy(
        [raw],
        lambda _: {stories.IMAGES: real},
        lambda _: pictures.to_unit(drawn),
        classify or (lambda images: _classify(images, clevr_labels.LABELS)),
    )


def test_clevr_stories_are_judged_by_their_sentences():
    # The first object's material is wrong, in both of the frames.
    found = _clevr(lambda label: label - (label == [3, 3, 1, 2]) * [0, 0, 1, 0])
    for name in ("place", "shape", "colour", "material", "size"):
        expected = 1 / 3 if name == "material" else 1.0
        assert found[f"{name}_accuracy"] == pytest.approx(expected)
        assert found[f"{name}_accuracy_real"] == 1.0
        # The second object is not in the first scene.
        assert found[f"{name}_accuracy_first_scene"] == pytest.approx(2 / 3)
    assert found["changed_accuracy"] == found["changed_accuracy_real"] == 1.0
    assert found["changed_accuracy_first_scene"] == 0.0
    assert found["attribute_share"] == pytest.approx((4 + 1 / 3) / 5)
    assert found["attribute_share_least"] == found["material_share"]
    assert found["material_share"] == pytest.approx(1 / 3)


def test_no_attribute_pays_for_another():
    """Sizes are seen better than in real pictures, materials worse."""
    found = _clevr(
        lambda label: label - (label == [3, 3, 1, 2]) * [0, 0, 1, 0],
        seen_of_real=lambda label: (
            label - (label == [3, 3, 1, 2]) * [0, 0, 0, 1]
        ),
    )
    assert found["size_accuracy"] == 1.0
    assert found["size_accuracy_real"] == pytest.approx(1 / 3)
    assert found["size_share"] == 1.0
    assert found["attribute_share"] == pytest.approx((4 + 1 / 3) / 5)
    assert found["attribute_share_least"] == pytest.approx(1 / 3)


def test_a_judge_that_never_sees_an_attribute_says_nothing_of_it():
    found = _clevr(seen_of_real=lambda label: label * [1, 1, 0, 1])
    assert found["material_accuracy_real"] == 0.0
    assert "material_share" not in found
    assert found["attribute_share"] == found["attribute_share_least"] == 1.0
    found = _clevr(seen_of_real=lambda label: label * 0)
    assert not [name for name in found if "share" in name]


def test_clevr_stories_must_tell_places():
    told = ["there is a small blue rubber cylinder", _CLEVR_STORY[1]]
    with pytest.raises(UserError, match="described=True"):
        _clevr(told=told)


def test_a_judge_of_other_scenes_is_refused():
    with pytest.raises(
        UserError,
        match="names colour, shape, size in 49 places, and these stories "
        "tell colour, material, shape, size in 48 places; export one",
    ):
        _clevr(classify=_classify)


def test_an_exported_classifier_judges(tmp_path):
    judge = saved_model.export(attribute_classifier.system(), str(tmp_path))
    real = tf.constant(_painted([("test", 3, 0)], 3))
    found = attribute_accuracy.attribute_accuracy(
        [_raw("shapes-test-2-0000003#0")],
        lambda _: {stories.IMAGES: real},
        lambda _: pictures.to_unit(real),
        attribute_accuracy.load(judge),
    )
    for name in ("place", "shape", "colour", "size"):
        real_accuracy = found[f"{name}_accuracy_real"]
        assert found[f"{name}_accuracy"] == real_accuracy
    assert found["false_alarms"] == found["false_alarms_real"]


def test_a_judge_must_be_an_exported_classifier(tmp_path):
    with pytest.raises(UserError, match="gone holds no SavedModel; export"):
        attribute_accuracy.load(str(tmp_path / "gone"))
    tf.saved_model.save(tf.Module(), str(tmp_path / "other"))
    with pytest.raises(UserError, match="has no signature 'classify'"):
        attribute_accuracy.load(str(tmp_path / "other"))
